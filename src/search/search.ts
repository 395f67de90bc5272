import { isIndexFailure } from "../db/damage.ts";
import type { Database } from "../db/database.ts";
import { formatCursor } from "../notes/cursor.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { markedExcerptHtml, markedHtml } from "./excerpt.ts";
import type { FoundIds, Search } from "./find-hits.ts";
import { findHits, isEmptyQuery, isPlainSearch } from "./find-hits.ts";
import type { HitRequest } from "./hit-page.ts";
import { createKeptHits } from "./kept-hits.ts";
import { isIndexMarked } from "./search-index-store.ts";
import type { SearchQuery } from "./search-query.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { FoundNote } from "./search-store.ts";
import { findNewestHits, listFoundNotes, MAX_HITS } from "./search-store.ts";

/** Most words that are looked for in this process, where the newest hits with them fill a page; see `findAtOnce`. */
export const MAX_WORDS_AT_ONCE = 3;

/** A note that was found, with what to show of it: escaped text with `<mark>` around the hits. */
export type Hit = { readonly note: FoundNote; readonly titleHtml: string; readonly excerptHtml: string };

/** One page of what a search has found, and where the pages beside it begin. */
export type Found<T> = Omit<FoundIds, "ids"> & { readonly hits: readonly T[] };

/** What the author looks for: a search like those of readers, in notes of a status or of any but erased ones. */
export type WrittenRequest = HitRequest & { readonly status?: NoteStatus | "all" };

/** Finds listed notes that the index has, all in this process; see `findHits`. */
export function searchListedNotes(db: Database, text: string, request: HitRequest = {}): Found<Hit> {
  const query = parseSearchQuery(text);
  return findAtOnce(db, query, request) ?? toListed(db, query, findHits(db, toSearch(db, text, request)));
}

/** The search for listed notes that somebody asks for. */
export function toSearch(db: Database, text: string, { order, before, after }: HitRequest): Search {
  return { text, timeZone: readSettings(db).timeZone, order, before, after };
}

/** The search for the author's notes that the author asks for. */
export function toWrittenSearch(db: Database, text: string, { status = "all", ...request }: WrittenRequest): Search {
  return { ...toSearch(db, text, request), status };
}

/**
 * The newest notes with a few whole words, if they fill a page: FTS5 gives those without a look at the others, so that it
 * takes no longer however many notes there are. Undefined for any other search.
 */
export function findAtOnce(db: Database, query: SearchQuery, request: HitRequest): Found<Hit> | undefined {
  const isFew = query.isWordsAlone && query.terms.length <= MAX_WORDS_AT_ONCE;
  if (isEmptyQuery(query) || !isFew || !isPlainSearch(query, request)) return undefined;
  const found = findNewestOrNot(db, query);
  if (found === undefined || found.length < MAX_HITS) return undefined;
  const notes = found.slice(0, MAX_HITS);
  const last = notes.at(-1);
  const older = found.length > MAX_HITS && last ? formatCursor(last) : undefined;
  return { hits: notes.map(hitViewer(query)), newer: undefined, older, suggestion: undefined, isScanned: false };
}

/** The notes that were found, as readers see them. */
export function toListed(db: Database, query: SearchQuery, { ids, ...beside }: FoundIds): Found<Hit> {
  return { ...beside, hits: listFoundNotes(db, ids).map(hitViewer(query)) };
}

/** The notes that were found, for their author. */
export function toWritten(db: Database, { ids, ...beside }: FoundIds): Found<Note> {
  return { ...beside, hits: listNotesById(db, ids) };
}

/** Undefined too where the index cannot be read: `findHits` then says so. */
function findNewestOrNot(db: Database, { wholeWords }: SearchQuery): FoundNote[] | undefined {
  if (isIndexMarked(db)) return undefined;
  try {
    return findNewestHits(db, wholeWords, db.remember(createKeptHits));
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    return undefined;
  }
}

function hitViewer({ terms }: SearchQuery): (note: FoundNote) => Hit {
  return (note) => ({
    note,
    titleHtml: markedHtml(note.title ?? "", terms),
    excerptHtml: markedExcerptHtml(note.contentText, terms),
  });
}
