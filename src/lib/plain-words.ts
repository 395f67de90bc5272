import { hashtagLink } from "./hashtags.ts";
import { hashtagIn } from "./plain-content.ts";
import type { RenderedContent } from "./rendered-content.ts";
import { tagName } from "./tag-name.ts";

/** What more than words may be: markup, an address, or white space that a parser of HTML makes another of. */
const MORE_THAN_WORDS = /[<>&\t\u00a0]|:\/\//;

/**
 * Renders plain text that is words and hashtags alone, such as most short notes are: to the same as `renderNow`, which would build a tree
 * of it and write that out again. Undefined where there may be more in it. The text is clean (see `cleanText`).
 */
export function renderPlainWords(content: string): RenderedContent | undefined {
  if (MORE_THAN_WORDS.test(content)) return undefined;
  const paragraphs = content
    .split(/\n *(?:\n *)+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
  const labels = new Map<string, string>();
  const linked = paragraphs.map((paragraph) => linkTags(paragraph, labels));
  return {
    html: linked.map((html) => `<p>${html.replaceAll("\n", "<br>\n")}</p>\n`).join(""),
    text: paragraphs.flatMap(toLines).join("\n"),
    hashtags: [...labels.values()],
    images: [],
  };
}

/** As `renderPlainText` links them; the first spelling of each is kept, by its name. */
function linkTags(text: string, labels: Map<string, string>): string {
  let html = "";
  let end = 0;
  for (let index = text.indexOf("#"); index !== -1; index = text.indexOf("#", index + 1)) {
    const label = hashtagIn(text, index);
    if (label === undefined) continue;
    const name = tagName(label);
    if (name !== "" && !labels.has(name)) labels.set(name, label);
    html += text.slice(end, index) + hashtagLink(label);
    end = index + 1 + label.length;
  }
  return html + text.slice(end);
}

/** As `textOf` has them: spaces joined, none at the beginning and no white space at the end, no empty ones. */
function toLines(paragraph: string): string[] {
  return paragraph
    .split("\n")
    .map((line) => line.replace(/ +/g, " ").replace(/^ /, "").trimEnd())
    .filter((line) => line !== "");
}
