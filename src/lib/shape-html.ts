import { allowedClasses, ELEMENTS, isAllowedAttribute, VOID } from "./html-rules.ts";
import type { HtmlElement, HtmlNode, HtmlParent } from "./html-tree.ts";
import { attribute, createElement, isElement, isText, removeAttribute, setAttribute } from "./html-tree.ts";
import { wrapLooseText } from "./loose-text.ts";
import { hasContent } from "./plain-text.ts";
import type { LinkTargets } from "./shape-link.ts";
import { findHeadings, shapeLink } from "./shape-link.ts";
import { shapeImage, shapeMedia, shapeSource } from "./shape-media.ts";

/** Deepest nesting of elements that is kept; deeper ones lose their tags, not their text. Browsers stop at 512. */
export const MAX_NESTING = 100;

/** Table, body, row and cell. */
const TABLE_LEVELS = 4;

/** What one pass over a note's tree knows. */
type Page = LinkTargets & { readonly usedIds: Set<string> };

/**
 * Gives a tree the shape that the site serves: only allowed elements, attributes and values; ids only with the note's
 * `anchor`; images lazy, tables and code scrollable by keyboard, check boxes labelled, empty links gone, and links to a
 * heading of the note leading there. Changes the tree.
 */
export function shapeHtml(root: HtmlParent, anchor: string): void {
  const prefix = `${anchor}-`;
  shapeChildren(root, { prefix, usedIds: new Set(), headings: findHeadings(root, prefix) }, 1);
  wrapLooseText(root);
}

function shapeChildren(parent: HtmlParent, page: Page, depth: number): void {
  const shaped: HtmlNode[] = [];
  for (const child of parent.childNodes) {
    for (const node of shapeNode(child, page, depth)) {
      node.parentNode = parent;
      shaped.push(node);
    }
  }
  parent.childNodes = shaped;
}

function shapeNode(node: HtmlNode, page: Page, depth: number): HtmlNode[] {
  if (isText(node)) return [node];
  if (!isElement(node) || !isAllowedElement(node)) return [];
  const isCut = isTooDeep(node, depth);
  shapeChildren(node, page, isCut ? Number.POSITIVE_INFINITY : depth + (isTableScroll(node) ? 0 : 1));
  if (isCut) return node.childNodes;
  keepAllowedAttributes(node, page);
  const shape = SHAPES[node.tagName];
  return shape === undefined ? [node] : shape(node, page);
}

/** A table goes as a whole: rows and cells outside of one would be read as something else. */
function isTooDeep(element: HtmlElement, depth: number): boolean {
  const levels = element.tagName === "table" ? TABLE_LEVELS : 1;
  return depth + levels - 1 > MAX_NESTING && !VOID.includes(element.tagName);
}

function isAllowedElement(element: HtmlElement): boolean {
  return Object.hasOwn(ELEMENTS, element.tagName) && element.namespaceURI === "http://www.w3.org/1999/xhtml";
}

function keepAllowedAttributes(element: HtmlElement, page: Page): void {
  for (const attr of element.attrs) {
    if (attr.name === "class") attr.value = allowedClasses(element.tagName, attr.value);
    else if (attr.name !== "alt" && attr.name !== "title") attr.value = attr.value.trim();
  }
  element.attrs = element.attrs.filter((attr) => isKept(element.tagName, attr, page));
}

function isKept(tag: string, { name, value }: { name: string; value: string }, page: Page): boolean {
  if (name === "class") return value !== "";
  if (name === "id") return isOwnId(value, page);
  if (name === "aria-describedby") return tag === "a" && value.startsWith(page.prefix);
  return isAllowedAttribute(tag, name, value);
}

function isOwnId(id: string, page: Page): boolean {
  const isOwn = id.startsWith(page.prefix) && !/\s/.test(id) && !page.usedIds.has(id);
  page.usedIds.add(id);
  return isOwn;
}

const SHAPES: Readonly<Record<string, (element: HtmlElement, page: Page) => HtmlNode[]>> = {
  a: shapeLink,
  audio: shapeMedia,
  div: shapeBlock,
  h2: shapeHeading,
  img: shapeImage,
  input: shapeCheckBox,
  p: (element) => (hasContent(element) ? [element] : []),
  pre: shapeCode,
  section: shapeSection,
  source: shapeSource,
  summary: (element) => (hasContent(element) ? [element] : []),
  table: shapeTable,
  track: shapeSource,
  video: shapeMedia,
};

function shapeCheckBox(input: HtmlElement): HtmlNode[] {
  if (attribute(input, "type") !== "checkbox") return [];
  const isChecked = attribute(input, "checked") !== undefined;
  input.attrs = [{ name: "type", value: "checkbox" }];
  if (isChecked) setAttribute(input, "checked", "");
  setAttribute(input, "disabled", "");
  setAttribute(input, "aria-label", isChecked ? "Done" : "Not done");
  return [input];
}

function shapeCode(pre: HtmlElement): HtmlNode[] {
  setAttribute(pre, "tabindex", "0");
  return [pre];
}

const TABLE_SCROLL = { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" };

function shapeTable(table: HtmlElement): HtmlNode[] {
  if (isTableScroll(table.parentNode)) return [table];
  const scroll = createElement("div", TABLE_SCROLL);
  scroll.childNodes = [table];
  table.parentNode = scroll;
  return [scroll];
}

function isTableScroll(parent: HtmlParent | null): boolean {
  return isElement(parent) && parent.tagName === "div" && attribute(parent, "class") === TABLE_SCROLL.class;
}

function shapeBlock(block: HtmlElement): HtmlNode[] {
  const isScroll = isTableScroll(block) && block.childNodes.length === 1 && block.childNodes[0]?.nodeName === "table";
  for (const name of ["tabindex", "role", "aria-label"]) removeAttribute(block, name);
  if (isScroll) block.attrs = Object.entries(TABLE_SCROLL).map(([name, value]) => ({ name, value }));
  else if (isTableScroll(block)) removeAttribute(block, "class");
  return [block];
}

/** Only the heading of the footnotes is for screen readers alone. */
function shapeHeading(heading: HtmlElement): HtmlNode[] {
  const { parentNode } = heading;
  const isOfFootnotes = isElement(parentNode) && attribute(parentNode, "class") === "footnotes";
  if (!isOfFootnotes) removeAttribute(heading, "class");
  return [heading];
}

function shapeSection(section: HtmlElement): HtmlNode[] {
  if (attribute(section, "class") === "footnotes") return [section];
  const block = createElement("div");
  block.attrs = section.attrs;
  for (const child of section.childNodes) child.parentNode = block;
  block.childNodes = section.childNodes;
  return [block];
}
