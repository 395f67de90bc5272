import { hashtagAt, MAX_HASHTAG_LENGTH } from "./hashtags.ts";
import { tagName } from "./tag-name.ts";

/** What stands for a hashtag from now on, without its sign; empty: the word stays and loses its sign. */
export type HashtagChange = { readonly names: ReadonlySet<string>; readonly word: string };

/** The label of a tag as a hashtag, without its sign: as it is, else as its address has it; empty where neither is one. */
export function hashtagOf(label: string): string {
  return [label, tagName(label)].find(isHashtag) ?? "";
}

/** Whether a label can stand behind a `#` as it is. */
export function isHashtag(label: string): boolean {
  return label !== "" && hashtagAt(`#${label}`, "") === label;
}

/**
 * Replaces the hashtags of some tags in Markdown. Code, the addresses of links and what HTML has in quotes stay as they
 * are; lines that may be code by their indent too.
 */
export function replaceMarkdownHashtags(text: string, change: HashtagChange): string {
  let fence = "";
  let isIndented = false;
  let isAfterBlank = true;
  const lines = text.split("\n").map((line) => {
    const mark = FENCE.exec(line)?.[1] ?? "";
    const wasInside = fence !== "";
    if (wasInside && isEndOf(fence, line, mark)) fence = "";
    else if (!wasInside) fence = mark;
    const isBlank = line.trim() === "";
    isIndented = !isBlank && /^(?: {4}|\t)/u.test(line) && (isAfterBlank || isIndented);
    isAfterBlank = isBlank;
    return wasInside || mark !== "" || isIndented || DEFINITION.test(line) ? line : replaceOutsideCode(line, change);
  });
  return lines.join("\n");
}

/** The same in plain text, where there is no code. */
export function replaceTextHashtags(text: string, { names, word }: HashtagChange): string {
  let replaced = "";
  let from = 0;
  for (let sign = text.indexOf("#"); sign >= 0; sign = text.indexOf("#", sign + 1)) {
    const before = text.slice(Math.max(0, sign - 2), sign);
    const label = hashtagAt(text.slice(sign, sign + 2 * MAX_HASHTAG_LENGTH), before);
    if (label === undefined || !names.has(tagName(label)) || NOT_BEFORE.test(before)) continue;
    replaced += text.slice(from, sign) + (word === "" ? label : `#${word}`);
    from = sign + 1 + label.length;
  }
  return replaced + text.slice(from);
}

/** The beginning or the end of a block of code, also in a list or a quotation. */
const FENCE = /^[\s>]*(`{3,}|~{3,})/u;
/** Where a link leads that is named elsewhere in the text. */
const DEFINITION = /^ {0,3}\[[^\]]+\]:/u;
/** A piece of code within a line. */
const CODE = /(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/gu;
/** Before an address in the page (`[up](#top)`), or in HTML (`href="#top"`). */
const NOT_BEFORE = /(?:\]\(|=["'])$/u;

function isEndOf(fence: string, line: string, mark: string): boolean {
  return mark.length >= fence.length && mark[0] === fence[0] && line.trimEnd().endsWith(mark);
}

function replaceOutsideCode(line: string, change: HashtagChange): string {
  if (!line.includes("#")) return line;
  let replaced = "";
  let from = 0;
  for (const { 0: code, index } of line.matchAll(CODE)) {
    replaced += replaceTextHashtags(line.slice(from, index), change) + code;
    from = index + code.length;
  }
  return replaced + replaceTextHashtags(line.slice(from), change);
}
