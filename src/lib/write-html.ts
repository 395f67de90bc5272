import { VOID } from "./html-rules.ts";
import type { HtmlElement, HtmlNode, HtmlParent } from "./html-tree.ts";
import { isElement, isText } from "./html-tree.ts";

/**
 * Writes a tree of allowed elements as HTML that parses to the same tree. Stricter than the standard's algorithm: `<`
 * and `>` are escaped in attributes, too, so that no tag can be found where none is. Comments are left out.
 */
export function serializeHtml(root: HtmlParent): string {
  return root.childNodes.map(writeNode).join("");
}

function writeNode(node: HtmlNode): string {
  if (isText(node)) return escapeText(node.value);
  return isElement(node) ? writeElement(node) : "";
}

function writeElement(element: HtmlElement): string {
  const { tagName } = element;
  const attributes = element.attrs.map(({ name, value }) => ` ${name}="${escapeValue(value)}"`).join("");
  const start = `<${tagName}${attributes}>`;
  if (VOID.includes(tagName)) return start;
  const content = serializeHtml(element);
  // A parser drops the first line break in <pre>: where there is one, it needs another in front.
  const guard = tagName === "pre" && content.startsWith("\n") ? "\n" : "";
  return `${start}${guard}${content}</${tagName}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\u00a0": "&nbsp;",
};

function escapeText(text: string): string {
  return text.replace(/[&<>\u00a0]/g, escapeCharacter);
}

function escapeValue(text: string): string {
  return text.replace(/[&<>"\u00a0]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return ESCAPES[character] ?? character;
}
