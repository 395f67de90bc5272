import type { Timestamp } from "../lib/clock.ts";
import { tagName } from "../lib/tag-name.ts";
import { toLocal } from "../lib/time-zone.ts";

/** Longest slug, in characters as people count them. */
export const MAX_SLUG_LENGTH = 80;
/** Longest slug that is made from the text of an untitled note: its first words are enough. */
export const MAX_TEXT_SLUG_LENGTH = 50;

/** Words that stand for routes, so no note may be called so: a page may stand at the root one day. */
export const RESERVED_SLUGS: ReadonlySet<string> = new Set([
  "admin",
  "archive",
  "auth",
  "feed",
  "health",
  "introspect",
  "login",
  "logout",
  "media",
  "metrics",
  "micropub",
  "new",
  "notes",
  "revoke",
  "robots",
  "search",
  "setup",
  "sitemap",
  "static",
  "tags",
  "token",
  "userinfo",
  "webmention",
  "websub",
]);

/**
 * Makes a slug of any text: letters, digits and marks of every script in lower case, hyphens between words,
 * NFC, at most `maxLength` (up to MAX_SLUG_LENGTH) characters cut at a word. Returns an empty string where nothing is left.
 */
export function slugify(text: string, maxLength: number = MAX_SLUG_LENGTH): string {
  // An apostrophe is part of its word: "don't" reads better as dont than as don-t.
  const slug = tagName(text.replace(/(?<=\p{L})['’](?=\p{L})/gu, ""));
  const characters = [...slug];
  if (characters.length <= maxLength) return slug;
  const fitting = characters.slice(0, maxLength).join("");
  const hyphen = characters[maxLength] === "-" ? fitting.length : fitting.lastIndexOf("-");
  return hyphen > 0 ? fitting.slice(0, hyphen) : fitting;
}

/** The slug of a note that has no words: its time in the author's zone, `2026-11-21-143005`. */
export function timestampSlug(moment: Timestamp, offset: number): string {
  const { date, time } = toLocal(moment, offset);
  return `${date}-${time.replaceAll(":", "")}`;
}

/** The `attempt`-th spelling of a slug: itself, then with -2, -3 …, still within the limit. Reserved words begin at -2. */
export function slugVariant(base: string, attempt: number): string {
  const number = RESERVED_SLUGS.has(base) ? attempt + 1 : attempt;
  if (number === 1) return base;
  const suffix = `-${number}`;
  return `${[...base].slice(0, MAX_SLUG_LENGTH - suffix.length).join("")}${suffix}`;
}
