import { createRequire } from "node:module";
import type { DefaultTreeAdapterTypes as Parse5 } from "parse5";

/** An element of a parsed page. */
export type HtmlElement = Parse5.Element;
/** Anything that can stand in another node: element, text, comment. */
export type HtmlNode = Parse5.ChildNode;
/** What can hold nodes: an element, or the root of a fragment. */
export type HtmlParent = Parse5.ParentNode;
/** Text between tags. */
export type HtmlText = Parse5.TextNode;

const require = createRequire(import.meta.url);

// Loaded with the first note that is written: readers never need the parser, and it costs memory and start time.
function parse5(): typeof import("parse5") {
  return require("parse5");
}

/** Parses HTML as a browser would inside the body of a page, and returns the root that holds its nodes. */
export function parseHtml(html: string): HtmlParent {
  const { parseFragment, defaultTreeAdapter, html: names } = parse5();
  const context = defaultTreeAdapter.createElement("div", names.NS.HTML, []);
  return parseFragment(context, html, {});
}

/** Whether the node is an element. */
export function isElement(node: HtmlNode | HtmlParent | null): node is HtmlElement {
  return node !== null && "tagName" in node;
}

/** Whether the node is text. */
export function isText(node: HtmlNode): node is HtmlText {
  return node.nodeName === "#text";
}

/** All elements below `root`, in document order. Elements that are taken out meanwhile may still come. */
export function elementsIn(root: HtmlParent): HtmlElement[] {
  const found: HtmlElement[] = [];
  const pending: HtmlNode[] = [...root.childNodes].reverse();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isElement(node)) continue;
    found.push(node);
    for (let i = node.childNodes.length - 1; i >= 0; i--) pending.push(node.childNodes[i] as HtmlNode);
  }
  return found;
}

/** The value of an attribute, or undefined where the element has none of that name. */
export function attribute(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

/** Sets an attribute as the last one, so that attributes made here always stand in the same order. */
export function setAttribute(element: HtmlElement, name: string, value: string): void {
  removeAttribute(element, name);
  element.attrs.push({ name, value });
}

/** Takes an attribute away, if it is there. */
export function removeAttribute(element: HtmlElement, name: string): void {
  element.attrs = element.attrs.filter((candidate) => candidate.name !== name);
}

/** Creates an element that stands nowhere yet. `attributes` maps names to values. */
export function createElement(tagName: string, attributes: Readonly<Record<string, string>> = {}): HtmlElement {
  const { defaultTreeAdapter, html: names } = parse5();
  const attrs = Object.entries(attributes).map(([name, value]) => ({ name, value }));
  return defaultTreeAdapter.createElement(tagName, names.NS.HTML, attrs);
}

/** Puts text into `parent` as its only child. */
export function setText(parent: HtmlElement, text: string): void {
  parent.childNodes = [];
  parse5().defaultTreeAdapter.insertText(parent, text);
}

/** Puts `nodes` where `node` stood; without any, it is just taken out. */
export function replaceNode(node: HtmlNode, ...nodes: HtmlNode[]): void {
  const parent = node.parentNode;
  if (parent === null) return;
  for (const replacement of nodes) replacement.parentNode = parent;
  parent.childNodes.splice(parent.childNodes.indexOf(node), 1, ...nodes);
  node.parentNode = null;
}

/** Puts the text in place of `node`. */
export function replaceWithText(node: HtmlNode, text: string): void {
  const holder = createElement("span");
  setText(holder, text);
  replaceNode(node, ...holder.childNodes);
}

/** Whether `element` stands inside an element of that name. */
export function isInside(element: HtmlElement, tagName: string): boolean {
  for (let parent = element.parentNode; isElement(parent); parent = parent.parentNode) {
    if (parent.tagName === tagName) return true;
  }
  return false;
}
