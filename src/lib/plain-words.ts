import type { RenderedContent } from "./rendered-content.ts";

/** What more than words may be: markup, an address, a hashtag, or white space that a parser of HTML makes another of. */
const MORE_THAN_WORDS = /[<>&#\t\u00a0]|:\/\//;

/**
 * Renders plain text that is words alone, such as most short notes are: to the same as `renderNow`, which would build a tree
 * of it and write that out again. Undefined where there may be more in it. The text is clean (see `cleanText`).
 */
export function renderPlainWords(content: string): RenderedContent | undefined {
  if (MORE_THAN_WORDS.test(content)) return undefined;
  const paragraphs = content
    .split(/\n *(?:\n *)+/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== "");
  return {
    html: paragraphs.map((paragraph) => `<p>${paragraph.replaceAll("\n", "<br>\n")}</p>\n`).join(""),
    text: paragraphs.flatMap(toLines).join("\n"),
    hashtags: [],
    images: [],
  };
}

/** As `textOf` has them: spaces joined, none at the beginning and no white space at the end, no empty ones. */
function toLines(paragraph: string): string[] {
  return paragraph
    .split("\n")
    .map((line) => line.replace(/ +/g, " ").replace(/^ /, "").trimEnd())
    .filter((line) => line !== "");
}
