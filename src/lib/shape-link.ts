import type { HtmlElement, HtmlNode, HtmlParent } from "./html-tree.ts";
import { attribute, elementsIn, removeAttribute, setAttribute } from "./html-tree.ts";
import { hasContent, textOf } from "./plain-text.ts";
import { tagName } from "./tag-name.ts";

/** What links must know of their note: what its ids begin with, and its headings as `findHeadings` lists them. */
export type LinkTargets = { readonly prefix: string; readonly headings: ReadonlyMap<string, string> };

/** Finds the headings that links of the note can name: the letters and digits of each → its id, the first one wins. */
export function findHeadings(root: HtmlParent, prefix: string): Map<string, string> {
  const headings = new Map<string, string>();
  for (const element of elementsIn(root)) {
    const id = attribute(element, "id");
    if (!/^h[2-6]$/.test(element.tagName) || !id?.startsWith(`${prefix}h-`)) continue;
    const key = headingKey(id.slice(prefix.length + 2));
    if (!headings.has(key)) headings.set(key, id);
  }
  return headings;
}

/** Sites differ in how they join the words of a heading to an id; the letters and digits are the same. */
function headingKey(fragment: string): string {
  return tagName(fragment).replaceAll("-", "");
}

/**
 * Gives a link its shape: without an address only its content is left, without content nothing. One to a heading of the
 * note leads there, and one that shows no words is read out as its address.
 */
export function shapeLink(link: HtmlElement, targets: LinkTargets): HtmlNode[] {
  const href = attribute(link, "href");
  if (href === undefined) return link.childNodes;
  if (!hasContent(link)) return [];
  if (href.startsWith("#")) setAttribute(link, "href", toHeading(href, targets));
  if (attribute(link, "class")?.includes("hashtag") && !href.startsWith("/tags/")) removeAttribute(link, "class");
  if (attribute(link, "class") !== "footnote-backref") nameLink(link, href);
  return [link];
}

function toHeading(href: string, targets: LinkTargets): string {
  if (href.startsWith(`#${targets.prefix}`)) return href;
  const heading = targets.headings.get(headingKey(decode(href.slice(1))));
  return heading === undefined ? href : `#${heading}`;
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment; // A lone % is legal in what people write.
  }
}

/** A link whose only content is an image without a description is read out as its address. */
function nameLink(link: HtmlElement, href: string): void {
  removeAttribute(link, "aria-label");
  if (textOf(link) === "") setAttribute(link, "aria-label", href);
}
