import type { Database } from "../db/database.ts";
import { AppError } from "../lib/errors.ts";
import { findLastNoteId } from "../notes/listed-notes-store.ts";
import type { Note } from "../notes/note.ts";
import type { FoundIds, Search } from "./find-hits.ts";
import { findHits, isEmptyQuery } from "./find-hits.ts";
import type { HitRequest } from "./hit-page.ts";
import type { Found, Hit, WrittenRequest } from "./search.ts";
import { findAtOnce, toListed, toSearch, toWritten, toWrittenSearch } from "./search.ts";
import { findHitsApart } from "./search-apart.ts";
import { awaitIndex, isIndexBehind, rememberFailure } from "./search-index.ts";
import { parseSearchQuery } from "./search-query.ts";

/** Notes up to which any search is soon done, so that none needs a process of its own. */
export const SMALL_SITE_NOTES = 5_000;

/**
 * Finds listed notes as `searchListedNotes` does, those that wait for the index included, and holds up nobody: what may take
 * long on a site with many notes is done by another process. Rejects with `unavailable` only where that has too much to do.
 */
export async function findListedNotes(db: Database, text: string, request: HitRequest = {}): Promise<Found<Hit>> {
  await awaitIndex(db);
  const query = parseSearchQuery(text);
  const found = findAtOnce(db, query, request);
  return found ?? toListed(db, query, await findAside(db, toSearch(db, text, request)));
}

/** The same where it is done at once: no note waits for the index, and nothing or little is to be looked through. */
export function findListedNow(db: Database, text: string, request: HitRequest = {}): Found<Hit> | undefined {
  const query = parseSearchQuery(text);
  if (isEmptyQuery(query)) return toListed(db, query, findHits(db, toSearch(db, text, request)));
  if (isIndexBehind(db)) return undefined;
  const found = findAtOnce(db, query, request);
  if (found !== undefined || !isSmallSite(db)) return found;
  return toListed(db, query, findHits(db, toSearch(db, text, request)));
}

/** The same for the author's notes. */
export async function findWrittenNotes(db: Database, text: string, request: WrittenRequest = {}): Promise<Found<Note>> {
  await awaitIndex(db);
  return toWritten(db, await findAside(db, toWrittenSearch(db, text, request)));
}

async function findAside(db: Database, search: Search): Promise<FoundIds> {
  if (isSmallSite(db)) return findHits(db, search);
  try {
    const found = await findHitsApart(db, search);
    if (found.isScanned) rememberFailure(db, parseSearchQuery(search.text).match);
    return found;
  } catch (error) {
    if (error instanceof AppError) throw error;
    // A machine without room for another process still answers; and what is wrong with the database is told here.
    return findHits(db, search);
  }
}

function isSmallSite(db: Database): boolean {
  return findLastNoteId(db) <= SMALL_SITE_NOTES;
}
