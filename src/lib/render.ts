import { Marked } from "marked";
import markedFootnote from "marked-footnote";
import { findHashtags } from "./hashtags.ts";
import { highlightCode } from "./highlight-code.ts";
import { attribute, elementsIn, parseHtml, serializeHtml } from "./html-tree.ts";
import { alerts, fencedCode, footnoteHtml, hashtags, headings, taskLists } from "./markdown-extensions.ts";
import { rawHtml } from "./markdown-raw-html.ts";
import { renderPlainText } from "./plain-content.ts";
import { textOf } from "./plain-text.ts";
import type { RenderedContent, RenderRequest } from "./rendered-content.ts";
import { sanitise } from "./sanitise.ts";

/**
 * Renders content at once, however long that takes: for short texts and inside the worker. Everything heavy hangs on
 * this module, so it is imported only when something is written.
 */
export function renderNow({ content, format, anchor }: RenderRequest): RenderedContent {
  const root = parseHtml(sanitise(toHtml(content, format, anchor), anchor));
  highlightCode(root);
  const images = elementsIn(root).filter((element) => element.tagName === "img");
  const sources = images.map((image) => attribute(image, "src") ?? "");
  const text = textOf(root);
  return { html: serializeHtml(root), text, hashtags: findHashtags(root), images: [...new Set(sources)] };
}

function toHtml(content: string, format: RenderRequest["format"], anchor: string): string {
  if (format === "html") return content;
  if (format === "text") return renderPlainText(content);
  return markdown(anchor).parse(content, { async: false });
}

/** A parser for one text. Never shared: footnotes, heading ids and shares of highlighting belong to one note. */
function markdown(anchor: string): Marked {
  const marked = new Marked({ gfm: true }, markedFootnote(), footnoteHtml(anchor), headings(anchor));
  return marked.use(alerts(), fencedCode(), taskLists(), rawHtml(), hashtags());
}
