import { BLOCKS } from "./html-rules.ts";
import type { HtmlNode, HtmlParent } from "./html-tree.ts";
import { createElement, elementsIn, isElement, isText } from "./html-tree.ts";

/** Puts text and images that stand between paragraphs into paragraphs, so that the page gives them the same room. */
export function wrapLooseText(root: HtmlParent): void {
  const wrapped: HtmlNode[] = [];
  let loose: HtmlNode[] = [];
  const endParagraph = (): void => {
    wrapped.push(...(loose.some(isVisible) ? [paragraph(loose, root)] : loose));
    loose = [];
  };
  for (const node of root.childNodes) {
    if (isInline(node)) {
      loose.push(node);
      continue;
    }
    endParagraph();
    wrapped.push(node);
  }
  endParagraph();
  root.childNodes = wrapped;
}

function isInline(node: HtmlNode): boolean {
  return !isElement(node) || ![node, ...elementsIn(node)].some((element) => BLOCKS.has(element.tagName));
}

function isVisible(node: HtmlNode): boolean {
  return isText(node) ? node.value.trim() !== "" : isElement(node) && node.tagName !== "br";
}

function paragraph(nodes: HtmlNode[], parent: HtmlParent): HtmlNode {
  const element = createElement("p");
  element.parentNode = parent;
  element.childNodes = nodes;
  for (const node of nodes) node.parentNode = element;
  const first = nodes[0];
  if (first !== undefined && isText(first)) first.value = first.value.trimStart();
  return element;
}
