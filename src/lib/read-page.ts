import { createRequire } from "node:module";
import type { HtmlElement, HtmlParent } from "./html-tree.ts";
import { attribute, elementsIn } from "./html-tree.ts";
import { isUrl } from "./is-url.ts";
import type { Microformats } from "./microformats.ts";
import { parseMicroformats } from "./microformats.ts";
import { textOf } from "./plain-text.ts";
import { urlKind } from "./safe-url.ts";
import { cleanText, excerpt } from "./text.ts";

/** Longest title that is taken from a page, in characters. */
export const MAX_PAGE_TITLE_LENGTH = 200;
/** Longest name of an author that is taken from a page, in characters. */
export const MAX_PAGE_AUTHOR_LENGTH = 100;
/** Longest beginning of a text that is taken from a page, in characters. */
export const MAX_PAGE_EXCERPT_LENGTH = 300;
/** Longest address that is taken from a page, in characters. */
const MAX_PAGE_URL_LENGTH = 2_048;

/** What a page says of itself, as plain text and addresses on the web; undefined: nothing. */
export type PageFacts = {
  readonly title: string | undefined;
  readonly authorName: string | undefined;
  readonly authorUrl: string | undefined;
  readonly authorPhotoUrl: string | undefined;
  readonly excerpt: string | undefined;
  readonly imageUrl: string | undefined;
  /** BCP 47. */
  readonly language: string | undefined;
};

type Root = Microformats["items"][number];
type Value = Root["properties"][string][number];
type Source = {
  readonly title: string;
  readonly excerpt: string;
  readonly imageUrl: string;
  readonly language: string;
};

/** Types that are somebody's post. */
const POSTS = new Set(["h-entry", "h-event", "h-review", "h-recipe"]);

const require = createRequire(import.meta.url);

/**
 * Reads what a page says of its post: microformats first, then Open Graph, the description and the title. `url` is where
 * it came from. Whatever the page is, nothing of it is HTML afterwards. How long it takes is the page's doing: call it by
 * `readPage` of read-page-safely.ts.
 */
export function readPageNow(html: string, url: string): PageFacts {
  // With the first page that is fetched: most starts never fetch one.
  const { parse }: typeof import("parse5") = require("parse5");
  const root: HtmlParent = parse(html);
  const post = findPost(html, url);
  const author = post && authorOf(post.root, post.page);
  const head = readHead(root, url);
  const entry = post === undefined ? undefined : readPost(post.root);
  // A post without a name has none: what the page is called was made for windows.
  return clean({
    title: entry === undefined ? head.title : entry.title,
    authorName: author?.name ?? head.authorName,
    authorUrl: author?.url,
    authorPhotoUrl: author?.photo,
    excerpt: entry?.excerpt || head.excerpt,
    imageUrl: entry?.imageUrl || head.imageUrl,
    language: entry?.language || head.language,
  });
}

function clean(raw: { readonly [Name in keyof PageFacts]: string | undefined }): PageFacts {
  return {
    title: line(raw.title, MAX_PAGE_TITLE_LENGTH),
    authorName: line(raw.authorName, MAX_PAGE_AUTHOR_LENGTH),
    authorUrl: webUrl(raw.authorUrl),
    authorPhotoUrl: webUrl(raw.authorPhotoUrl),
    excerpt: line(raw.excerpt, MAX_PAGE_EXCERPT_LENGTH),
    imageUrl: webUrl(raw.imageUrl),
    language: languageTag(raw.language),
  };
}

function line(text: string | undefined, maxLength: number): string | undefined {
  return excerpt(cleanText(text ?? ""), maxLength) || undefined;
}

function webUrl(url: string | undefined): string | undefined {
  return url !== undefined && url.length <= MAX_PAGE_URL_LENGTH && urlKind(url) === "web" ? url : undefined;
}

function languageTag(tag: string | undefined): string | undefined {
  try {
    return tag === undefined || tag.length > 35 ? undefined : Intl.getCanonicalLocales(tag.trim())[0];
  } catch {
    return undefined; // Intl says only by throwing that a text is no language tag.
  }
}

/** The one post of the page: of several, such as on a home page, the one that says it is at `url`. */
function findPost(html: string, url: string): { root: Root; page: Microformats } | undefined {
  const page = parseMicroformats(html, url);
  const posts = page.items.filter((item) => item.type?.some((type) => POSTS.has(type)));
  const root = posts.find((item) => urlsOf(item).includes(url)) ?? (posts.length === 1 ? posts[0] : undefined);
  return root && { root, page };
}

function readPost(post: Root): Source {
  const name = textIn(post, "name");
  const content = textIn(post, "content");
  const isNamed = name !== "" && !inOneLine(content).startsWith(inOneLine(name));
  return {
    title: isNamed ? name : "",
    excerpt: textIn(post, "summary") || content,
    imageUrl: textIn(post, "photo") || textIn(post, "featured"),
    language: post.lang ?? "",
  };
}

/** The author that the post names, by a card or by a text; else the only card of the page. */
function authorOf(post: Root, page: Microformats): { name: string; url?: string; photo?: string } | undefined {
  const [author] = post.properties.author ?? [];
  const cards = page.items.filter((item) => item.type?.includes("h-card"));
  const card = isRoot(author) ? author : cards.length === 1 ? cards[0] : undefined;
  if (typeof author === "string" && !/^https?:/iu.test(author)) return { name: author };
  if (card === undefined || textIn(card, "name") === "") return undefined;
  return { name: textIn(card, "name"), url: textIn(card, "url"), photo: textIn(card, "photo") };
}

function urlsOf(item: Root): readonly unknown[] {
  return [...(item.properties.url ?? []), ...(item.properties.uid ?? [])];
}

function textIn(item: Root, property: string): string {
  const [value] = item.properties[property] ?? [];
  return value === undefined ? "" : plain(value);
}

function plain(value: Value): string {
  if (typeof value === "string") return value;
  return typeof value.value === "string" ? value.value : "";
}

function isRoot(value: Value | undefined): value is Root {
  return typeof value === "object" && "properties" in value;
}

function readHead(root: HtmlParent, url: string): Source & { authorName: string } {
  const elements = elementsIn(root);
  const meta = (...names: string[]) => names.map((name) => metaContent(elements, name)).find((text) => text) ?? "";
  const title = elements.find(({ tagName }) => tagName === "title");
  const image = meta("og:image", "twitter:image");
  return {
    title: meta("og:title", "twitter:title") || (title === undefined ? "" : textOf(title)),
    authorName: meta("author"),
    excerpt: meta("og:description", "description", "twitter:description"),
    imageUrl: image !== "" && isUrl(image, url) ? new URL(image, url).href : "",
    language: attribute(elements.find(({ tagName }) => tagName === "html") as HtmlElement, "lang") ?? "",
  };
}

function metaContent(elements: readonly HtmlElement[], name: string): string | undefined {
  const found = elements.find(
    (element) =>
      element.tagName === "meta" &&
      (attribute(element, "property") ?? attribute(element, "name"))?.toLowerCase() === name,
  );
  return found && attribute(found, "content")?.trim();
}

function inOneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
