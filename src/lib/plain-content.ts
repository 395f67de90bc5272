import { hashtagAt, hashtagLink, MAX_HASHTAG_LENGTH } from "./hashtags.ts";
import { escapeHtml } from "./html.ts";

/** A web address in running text, or the sign that may begin a hashtag. */
const LINKABLE = /https?:\/\/[^\s<>"]+|#/giu;

/** What ends a sentence rather than an address. */
const TRAILING = /[.,:;!?'*_~]$/;

/** Plain text as HTML: escaped, empty lines between paragraphs, line breaks kept, addresses and hashtags linked. */
export function renderPlainText(text: string): string {
  const paragraphs = text.split(/\n[\t ]*(?:\n[\t ]*)+/).filter((paragraph) => paragraph.trim() !== "");
  return paragraphs.map((paragraph) => `<p>${linkText(paragraph.trim()).replaceAll("\n", "<br>\n")}</p>\n`).join("");
}

function linkText(text: string): string {
  let html = "";
  let end = 0;
  for (const { 0: match, index } of text.matchAll(LINKABLE)) {
    if (index < end) continue;
    const link = match === "#" ? tagAt(text, index) : addressAt(match);
    if (link === undefined) continue;
    html += escapeHtml(text.slice(end, index)) + link.html;
    end = index + link.length;
  }
  return html + escapeHtml(text.slice(end));
}

type Link = { readonly html: string; readonly length: number };

/** The label of the hashtag that begins at a `#` of a text; undefined where that begins none. */
export function hashtagIn(text: string, index: number): string | undefined {
  return hashtagAt(text.slice(index, index + 2 * MAX_HASHTAG_LENGTH), text.slice(Math.max(0, index - 2), index));
}

function tagAt(text: string, index: number): Link | undefined {
  const label = hashtagIn(text, index);
  return label === undefined ? undefined : { html: hashtagLink(label), length: label.length + 1 };
}

function addressAt(match: string): Link {
  const url = escapeHtml(withoutTrailing(match));
  return { html: `<a href="${url}">${url}</a>`, length: withoutTrailing(match).length };
}

function withoutTrailing(url: string): string {
  let end = url.length;
  while (TRAILING.test(url.charAt(end - 1)) || isUnpairedBracket(url, end)) end--;
  return url.slice(0, end);
}

/** `(see https://a.example/b)` ends before the bracket, `https://a.example/b_(c)` after it. */
function isUnpairedBracket(url: string, end: number): boolean {
  return url.charAt(end - 1) === ")" && !url.slice(0, end).includes("(");
}
