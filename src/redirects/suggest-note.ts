import type { Database } from "../db/database.ts";
import { slugify } from "../notes/slug.ts";
import { searchListedNotes } from "../search/search.ts";
import { awaitIndex } from "../search/search-index.ts";
import type { SuggestedNote } from "./suggestion-store.ts";
import { findNoteOfSlug, findNoteOfSlugBeginning } from "./suggestion-store.ts";

/** Fewest characters of a slug by whose beginning a note is looked for. */
const MIN_BEGINNING = 5;

/** The listed note or page whose slug is that of a path, or begins so, or begins as it does; two looks at an index. */
export function suggestBySlug(db: Database, path: string): SuggestedNote | undefined {
  const slug = slugOf(path);
  if (slug === "") return undefined;
  const exact = findNoteOfSlug(db, slug);
  if (exact !== undefined || slug.length < MIN_BEGINNING) return exact;
  return findNoteOfSlugBeginning(db, slug) ?? findByFewerWords(db, slug);
}

/** The same, else the note that a search for the words of the path finds best. */
export async function suggestNote(db: Database, path: string): Promise<SuggestedNote | undefined> {
  const words = slugOf(path).replaceAll("-", " ");
  const known = suggestBySlug(db, path);
  if (known !== undefined || words === "") return known;
  await awaitIndex(db);
  const found = searchListedNotes(db, words, { order: "relevance" }).hits[0]?.note;
  return found && { slug: found.slug, kind: found.kind, title: found.title, contentText: found.contentText };
}

/** The last part of a path as slugs are written, without its ending and a date before it. */
function slugOf(path: string): string {
  const last = path.split("/").findLast((segment) => segment !== "" && !/^index(?:\.\w+)?$/iu.test(segment)) ?? "";
  return slugify(last.replace(/\.\w{1,5}$/u, "").replace(/^\d{4}-\d\d-\d\d-/u, ""));
}

/** What has lost its end on the way: a slug that is the beginning of the path's. */
function findByFewerWords(db: Database, slug: string): SuggestedNote | undefined {
  const shorter = slug.slice(0, slug.lastIndexOf("-"));
  return slug.includes("-") && shorter.length >= MIN_BEGINNING ? findNoteOfSlugBeginning(db, shorter) : undefined;
}
