import type { Context } from "../context/context.ts";
import { listCitedAuthors, listLinkingTexts } from "./people-store.ts";

/** Somebody whom the author linked to or answered: what she is called, without `@`, and where she is. */
export type Person = { readonly name: string; readonly url: string };

/** Notes that are looked through for people, the ones written last. */
export const MAX_NOTES_FOR_PEOPLE = 500;

/** Most people that are found. */
export const MAX_PEOPLE = 200;

/** Most words that a name has; what is longer is a sentence about a site. */
export const MAX_NAME_WORDS = 4;

/** A link in Markdown, and no image: its text and its address. */
const LINK = /(?<!!)\[([^[\]\n]{1,80})\]\((https?:\/\/[^\s()<>]{1,500})\)/gu;

/** Where people live: the root of a site, or what networks give them below it (`/@ada`, `/~ada`). */
const HOME = /^https?:\/\/[^/]+(?:\/(?:[@~][^/]+\/?)?)?$/u;

/**
 * The people whom the author's newest notes link to (see `findPeople`), or whose pages they answer, like, share or mark:
 * the most often met first.
 */
export function listPeople(ctx: Pick<Context, "db">): Person[] {
  const people = new Map<string, { person: Person; count: number }>();
  const linked = listLinkingTexts(ctx.db, MAX_NOTES_FOR_PEOPLE).flatMap(findPeople);
  const cited = listCitedAuthors(ctx.db, MAX_NOTES_FOR_PEOPLE).filter(isWritable);
  for (const person of [...linked, ...cited]) {
    const key = keyOf(person.url);
    // What the author wrote comes before what pages say, the newest first: that name and address hold.
    const known = people.get(key) ?? { person, count: 0 };
    people.set(key, { ...known, count: known.count + 1 });
  }
  return [...people.values()]
    .sort((one, other) => other.count - one.count)
    .slice(0, MAX_PEOPLE)
    .map(({ person }) => person);
}

/**
 * The people whom a text links to: links that begin with `@`, and those that lead to a home page under a name of at most
 * four words.
 */
export function findPeople(text: string): Person[] {
  return [...text.matchAll(LINK)].flatMap(([, label = "", url = ""]) => {
    const name = label.replace(/^@/u, "").trim();
    const isName = label.startsWith("@") || (HOME.test(url) && isShort(name));
    return name !== "" && isName ? [{ name, url }] : [];
  });
}

/** Whether a name and an address that came from elsewhere can stand in a link of Markdown as they are. */
function isWritable({ name, url }: Person): boolean {
  return isShort(name) && /^[^[\]\n]{1,80}$/u.test(name) && /^https?:\/\/[^\s()<>]{1,500}$/u.test(url);
}

function isShort(name: string): boolean {
  return name.split(/\s+/u).length <= MAX_NAME_WORDS && !/[/`*_]/u.test(name);
}

function keyOf(url: string): string {
  return url
    .replace(/^https?:\/\/(?:www\.)?/u, "")
    .replace(/\/$/u, "")
    .toLowerCase();
}
