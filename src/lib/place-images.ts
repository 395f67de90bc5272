import type { HtmlElement } from "./html-tree.ts";
import {
  attribute,
  createElement,
  elementsIn,
  isInside,
  parseHtml,
  replaceNode,
  replaceWithText,
  setAttribute,
  setText,
} from "./html-tree.ts";
import type { GalleryOptions } from "./place-galleries.ts";
import { addClass, placeGalleries } from "./place-galleries.ts";
import { urlKind } from "./safe-url.ts";
import { serializeHtml } from "./write-html.ts";

/**
 * What becomes of one image: it is shown from `src`, or, where that is a film or a recording, played; or a link to `href`
 * stands in its place, `note` behind its words. Sizes are in pixels.
 */
export type ImageChoice =
  | {
      readonly show: "image";
      readonly src: string;
      readonly width?: number | undefined;
      readonly height?: number | undefined;
      /** What it shows, where the note does not say it. */
      readonly alt?: string | undefined;
      /** The same image in other sizes. */
      readonly variants?: ImageVariants | undefined;
    }
  | {
      readonly show: "video" | "audio";
      readonly src: string;
      readonly width?: number | undefined;
      readonly height?: number | undefined;
      readonly alt?: string | undefined;
    }
  | { readonly show: "link"; readonly href: string; readonly note?: string };

/** An image in other sizes, as candidates of a `srcset`. */
export type ImageVariants = {
  /** In lighter formats, lightest first. */
  readonly sources: readonly { readonly type: string; readonly srcset: string }[];
  /** In a format that every browser knows; empty: only as it is. */
  readonly srcset: string;
};

/** Width of the column that notes stand in, in CSS pixels: --measure of static/site.css. */
const COLUMN_PIXELS = 608;
const COLUMN_SIZES = "(max-width: 40rem) 100vw, 38rem";

const PLAYERS = ["video", "audio"];

/**
 * Decides for every image of rendered HTML where it comes from and what it is; photos that stand together become galleries.
 * A link says what the image's description says, or its address; inside a link that words stands alone. An address that may
 * not be linked leaves only the words. A player of HTML gets what is known of its film.
 */
export function placeImages(
  html: string,
  choose: (src: string) => ImageChoice,
  gallery: GalleryOptions = { isPhotoPost: false },
): string {
  if (!/<(?:img|video|audio)[ >]/u.test(html)) return html;
  const root = parseHtml(html);
  for (const element of elementsIn(root)) {
    const src = attribute(element, "src");
    if (src === undefined) continue;
    if (element.tagName === "img") place(element, choose(src));
    else if (PLAYERS.includes(element.tagName)) completePlayer(element, choose(src));
  }
  placeGalleries(root, gallery);
  return serializeHtml(root);
}

function place(image: HtmlElement, choice: ImageChoice): void {
  if (choice.show === "link") placeLink(image, choice);
  else if (choice.show === "image") placeImage(image, choice);
  else placePlayer(image, choice);
}

function placeImage(image: HtmlElement, choice: Extract<ImageChoice, { show: "image" }>): void {
  replaceValue(image, "src", () => choice.src);
  replaceValue(image, "alt", (alt) => (alt.trim() === "" ? (choice.alt ?? "") : alt));
  if (choice.width !== undefined && choice.height !== undefined) placeSize(image, choice.width, choice.height);
  if (choice.variants !== undefined) placeVariants(image, choice.variants);
}

function replaceValue(image: HtmlElement, name: string, change: (value: string) => string): void {
  for (const attr of image.attrs) if (attr.name === name) attr.value = change(attr.value);
}

/** A browser takes the first source whose format it knows, and of that the width that suits. */
function placeVariants(image: HtmlElement, { sources, srcset }: ImageVariants): void {
  const width = Number(attribute(image, "width"));
  const sizes = width > 0 && width < COLUMN_PIXELS ? `min(${width}px, 100vw)` : COLUMN_SIZES;
  if (srcset !== "") {
    setAttribute(image, "srcset", srcset);
    setAttribute(image, "sizes", sizes);
  }
  if (sources.length === 0) return;
  const picture = createElement("picture");
  replaceNode(image, picture);
  const first = sources.map((source) => createElement("source", { type: source.type, srcset: source.srcset, sizes }));
  picture.childNodes = [...first, image];
  for (const child of picture.childNodes) child.parentNode = picture;
}

/** A known size keeps the page from jumping while the image loads. Where the author gave one side, that one stands. */
function placeSize(image: HtmlElement, naturalWidth: number, naturalHeight: number): void {
  const width = Number(attribute(image, "width"));
  const height = Number(attribute(image, "height"));
  if (width > 0 && height > 0) return;
  let scale = 1;
  if (width > 0) scale = width / naturalWidth;
  else if (height > 0) scale = height / naturalHeight;
  setAttribute(image, "width", String(Math.round(naturalWidth * scale)));
  setAttribute(image, "height", String(Math.round(naturalHeight * scale)));
}

type Played = Extract<ImageChoice, { show: "video" | "audio" }>;

/** A player in place of an image: what the image shows is what it is called. It loads no more than it needs to look right. */
function placePlayer(image: HtmlElement, choice: Played): void {
  const player = createElement(choice.show, { class: `u-${choice.show}`, src: choice.src });
  const name = attribute(image, "alt")?.trim() || choice.alt || attribute(image, "title")?.trim();
  if (name) setAttribute(player, "aria-label", name);
  replaceNode(image, player);
  completePlayer(player, choice);
}

/** What the author wrote as a player; another file than one of ours stays as it is. */
function completePlayer(player: HtmlElement, choice: ImageChoice): void {
  if (choice.show !== "video" && choice.show !== "audio") return;
  addClass(player, `u-${player.tagName}`);
  setAttribute(player, "controls", "");
  setAttribute(player, "preload", "metadata");
  const { width, height } = choice;
  if (player.tagName === "video" && width !== undefined && height !== undefined) placeSize(player, width, height);
}

function placeLink(image: HtmlElement, { href, note = "" }: Extract<ImageChoice, { show: "link" }>): void {
  const words = (attribute(image, "alt")?.trim() || href) + note;
  if (isInside(image, "a") || !isLinkable(href)) {
    replaceWithText(image, words);
    return;
  }
  const link = createElement("a", { ...filmClass(image), href });
  setText(link, words);
  replaceNode(image, link);
}

/** What stands for a film or a recording is known as one to those who read microformats. */
function filmClass(image: HtmlElement): Readonly<Record<string, string>> {
  const name = attribute(image, "class") ?? "";
  return name === "u-video" || name === "u-audio" ? { class: name } : {};
}

function isLinkable(href: string): boolean {
  const kind = urlKind(href);
  return kind === "web" || kind === "root";
}
