import { escapeHtml } from "./html.ts";
import type { HtmlParent } from "./html-tree.ts";
import { attribute, elementsIn } from "./html-tree.ts";
import { textOf } from "./plain-text.ts";
import { tagName } from "./tag-name.ts";
import { paths } from "./urls.ts";

/** Longest hashtag, in UTF-16 units; a longer run of letters is no tag. */
export const MAX_HASHTAG_LENGTH = 80;

/** Letters, digits, marks, `_` and joiners of any script with a letter among them, and such words after hyphens. */
const HASHTAG = /^#((?=[\p{N}\p{M}_]*\p{L})[\p{L}\p{N}\p{M}_\u200c]+(?:-[\p{L}\p{N}\p{M}_\u200c]+)*)/u;

/** What may not stand right before one: the inside of a word, an address, a character reference, another `#`. */
const NOT_BEFORE = /[\p{L}\p{N}\p{M}_&/#=?%@.+\\$~]$/u;

/**
 * The label of the hashtag that `text` begins with (`#web-dev` → `web-dev`), or undefined. `before` is what stands in
 * front of it, at least two UTF-16 units where there are so many. `#123` is a number, not a tag.
 */
export function hashtagAt(text: string, before: string): string | undefined {
  if (!text.startsWith("#") || NOT_BEFORE.test(before)) return undefined;
  const label = HASHTAG.exec(text.slice(0, MAX_HASHTAG_LENGTH + 2))?.[1];
  return label === undefined || label.length > MAX_HASHTAG_LENGTH ? undefined : label;
}

/** The link that a hashtag becomes. `label` is without its sign. */
export function hashtagLink(label: string): string {
  return `<a class="hashtag" href="${paths.tag({ name: tagName(label) })}">#${escapeHtml(label)}</a>`;
}

/** Labels of the hashtags in a rendered note, each tag once, in order of appearance. */
export function findHashtags(root: HtmlParent): string[] {
  const labels = new Map<string, string>();
  for (const element of elementsIn(root)) {
    if (attribute(element, "class") !== "hashtag") continue;
    const label = textOf(element).replace(/^#/, "");
    const name = tagName(label);
    if (name !== "" && !labels.has(name)) labels.set(name, label);
  }
  return [...labels.values()];
}
