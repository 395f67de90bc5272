import { Marked } from "marked";
import markedFootnote from "marked-footnote";
import { findHashtags } from "./hashtags.ts";
import { highlightCode } from "./highlight-code.ts";
import type { HtmlParent } from "./html-tree.ts";
import { attribute, elementsIn } from "./html-tree.ts";
import {
  alerts,
  describedImages,
  fencedCode,
  footnoteHtml,
  hashtags,
  headings,
  taskLists,
} from "./markdown-extensions.ts";
import { rawHtml } from "./markdown-raw-html.ts";
import { renderPlainText } from "./plain-content.ts";
import { textOf } from "./plain-text.ts";
import type { RenderedContent, RenderRequest } from "./rendered-content.ts";
import { sanitise, shapeOwn } from "./sanitise.ts";
import { serializeHtml } from "./write-html.ts";

/**
 * Renders content at once, however long that takes: for short texts and inside the worker. Everything heavy hangs on
 * this module, so it is imported only when something is written.
 */
export function renderNow(request: RenderRequest): RenderedContent {
  const root = toTree(request);
  highlightCode(root);
  const text = textOf(root);
  return { html: serializeHtml(root), text, hashtags: findHashtags(root), images: [...new Set(listSources(root))] };
}

/** What images show, and players play that come from here. */
function listSources(root: HtmlParent): string[] {
  return elementsIn(root).flatMap((element) => {
    const src = attribute(element, "src") ?? "";
    const isPlayed = (element.tagName === "video" || element.tagName === "audio") && src.startsWith("/media/");
    return element.tagName === "img" || isPlayed ? [src] : [];
  });
}

function toTree({ content, format, anchor }: RenderRequest): HtmlParent {
  if (format === "html") return sanitise(content, anchor);
  if (format === "text") return shapeOwn(renderPlainText(content), anchor);
  let hasHtml = false;
  const html = markdown(anchor, () => {
    hasHtml = true;
  }).parse(content, { async: false });
  return hasHtml ? sanitise(html, anchor) : shapeOwn(html, anchor);
}

/** A parser for one text. Never shared: footnotes and heading ids belong to one note. */
function markdown(anchor: string, onHtml: () => void): Marked {
  const marked = new Marked({ gfm: true }, markedFootnote(), footnoteHtml(anchor), headings(anchor));
  return marked.use(alerts(), fencedCode(), taskLists(), describedImages(), rawHtml(onHtml), hashtags());
}
