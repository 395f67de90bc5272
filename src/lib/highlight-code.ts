import { highlight } from "./highlight.ts";
import { allowedClasses } from "./html-rules.ts";
import type { HtmlElement, HtmlNode, HtmlParent } from "./html-tree.ts";
import { attribute, elementsIn, isElement, isText, parseHtml, setAttribute } from "./html-tree.ts";

/** Most code that is highlighted in one note, in characters; a block that no longer fits stays plain. */
export const MAX_HIGHLIGHTED_CHARACTERS = 64 * 1024;

/**
 * Highlights the code blocks of a sanitised note whose class names a known language. After the sanitiser, since colour
 * makes most of the tags of a note; what is added here is `span` with a class, and nothing else.
 */
export function highlightCode(root: HtmlParent): void {
  let left = MAX_HIGHLIGHTED_CHARACTERS;
  for (const code of elementsIn(root)) {
    const language = blockLanguage(code);
    if (language === undefined) continue;
    const text = textIn(code);
    if (text.length > left) continue;
    left -= text.length;
    if (code.childNodes.every(isText)) colour(code, text, language);
  }
}

function blockLanguage(code: HtmlElement): string | undefined {
  const isBlock = code.tagName === "code" && isElement(code.parentNode) && code.parentNode.tagName === "pre";
  return isBlock ? /(?:^| )language-(\S+)/.exec(attribute(code, "class") ?? "")?.[1] : undefined;
}

function textIn(parent: HtmlParent): string {
  return parent.childNodes
    .map((child) => (isText(child) ? child.value : isElement(child) ? textIn(child) : ""))
    .join("");
}

function colour(code: HtmlElement, text: string, language: string): void {
  const html = highlight(text, language);
  if (html === undefined) return;
  setAttribute(code, "class", `hljs language-${language}`);
  code.childNodes = spans(parseHtml(html), code);
}

/** Only text and spans with highlighting classes, whatever the highlighter came up with. */
function spans(from: HtmlParent, parent: HtmlElement): HtmlNode[] {
  const kept = from.childNodes.filter((node) => isText(node) || (isElement(node) && node.tagName === "span"));
  for (const node of kept) {
    node.parentNode = parent;
    if (!isElement(node)) continue;
    const value = allowedClasses("span", attribute(node, "class") ?? "");
    node.attrs = value === "" ? [] : [{ name: "class", value }];
    node.childNodes = spans(node, node);
  }
  return kept;
}
