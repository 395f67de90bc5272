import { BLOCKS } from "./html-rules.ts";
import type { HtmlElement, HtmlNode, HtmlParent } from "./html-tree.ts";
import { attribute, isElement, isText } from "./html-tree.ts";

const CELLS: ReadonlySet<string> = new Set(["td", "th"]);
/** Marks of the page rather than words of the author. */
const FURNITURE = new Set(["footnote-ref", "footnote-backref", "sr-only", "alert-title"]);

/**
 * The words of a tree for search, excerpts and descriptions: blocks on lines of their own, code as it is, images as
 * their descriptions, without the marks that footnotes add.
 */
export function textOf(root: HtmlParent): string {
  const pieces: string[] = [];
  for (const child of root.childNodes) collect(child, pieces, false);
  return withoutEmptyLines(pieces.join(""));
}

/** Whether there is anything to read, see or hear in the element. */
export function hasContent(element: HtmlElement): boolean {
  return element.childNodes.some((child) => {
    if (isText(child)) return child.value.trim() !== "";
    return isElement(child) && (/^(?:img|video|audio|input|hr)$/.test(child.tagName) || hasContent(child));
  });
}

function collect(node: HtmlNode, pieces: string[], isCode: boolean): void {
  if (isText(node)) push(pieces, isCode ? node.value : node.value.replace(/[\t\n\f\r ]+/g, " "), isCode);
  else if (isElement(node) && !FURNITURE.has(attribute(node, "class") ?? "")) collectElement(node, pieces, isCode);
}

function collectElement(element: HtmlElement, pieces: string[], isCode: boolean): void {
  if (element.tagName === "img") push(pieces, attribute(element, "alt") ?? "", false);
  const around = edge(element.tagName);
  push(pieces, around, isCode);
  for (const child of element.childNodes) collect(child, pieces, isCode || element.tagName === "pre");
  push(pieces, around, isCode);
}

function edge(tagName: string): string {
  if (CELLS.has(tagName)) return " ";
  return tagName === "br" || BLOCKS.has(tagName) ? "\n" : "";
}

/** Adds a piece; outside code, space after space is one space. */
function push(pieces: string[], text: string, isCode: boolean): void {
  const isAfterSpace = !isCode && /\s$/.test(pieces.at(-1) ?? " ");
  const piece = isAfterSpace ? text.replace(/^ /, "") : text;
  if (piece !== "") pieces.push(piece);
}

function withoutEmptyLines(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines.filter((line) => line !== "").join("\n");
}
