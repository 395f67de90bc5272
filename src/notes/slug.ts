import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { tagName } from "../lib/tag-name.ts";
import { toLocal } from "../lib/time-zone.ts";
import { said } from "../lib/words.ts";

/** Longest slug, in characters as people count them. */
export const MAX_SLUG_LENGTH = 80;
/** Longest slug that is made from the text of an untitled note: its first words are enough. */
export const MAX_TEXT_SLUG_LENGTH = 50;

/** Words that stand for routes, so no note is called so: it may become a page one day. */
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
  "preview",
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

/** The same, for pages alone: routes that came when there were notes of such names. A test compares both with the routes. */
export const RESERVED_PAGES: ReadonlySet<string> = new Set([
  ...RESERVED_SLUGS,
  "icons",
  "llms",
  "offline",
  "on-this-day",
  "random",
  "series",
  "share",
  "stats",
]);

/** Throws `invalid` for the slug of a page that is an address of the program: the page could not be reached. */
export function refuseReserved(slug: string): void {
  if (!RESERVED_PAGES.has(slug)) return;
  throw invalid(
    "slug",
    said`“/${slug}” is an address of the program itself, so no page can stand there. Choose another.`,
  );
}

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
  // A cut right after a hyphen must not double it: a slug is always what `slugify` makes of it.
  return (
    [...base]
      .slice(0, MAX_SLUG_LENGTH - suffix.length)
      .join("")
      .replace(/-$/u, "") + suffix
  );
}

/** Whether `slug` is one of the spellings of `base`. */
export function isSlugVariant(slug: string, base: string): boolean {
  const number = Number(/-(\d{1,9})$/u.exec(slug)?.[1] ?? 1);
  return [number, number - 1, 1].some((attempt) => attempt > 0 && slugVariant(base, attempt) === slug);
}

/** Up to this attempt each spelling is tried; further on the steps grow, so that the 10,000th namesake is found soon too. */
const ATTEMPTS_ONE_BY_ONE = 10;

/** The first spelling of `base` that `isFree` says is free; where many in a row are taken, the end of that row. */
export function findFreeVariant(base: string, isFree: (slug: string) => boolean): string {
  let taken = 0;
  let free = 1;
  while (!isFree(slugVariant(base, free))) {
    taken = free;
    free = free < ATTEMPTS_ONE_BY_ONE ? free + 1 : free * 2;
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2);
    if (isFree(slugVariant(base, middle))) free = middle;
    else taken = middle;
  }
  return slugVariant(base, free);
}
