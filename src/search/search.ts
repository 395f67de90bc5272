import type { Database } from "../db/database.ts";
import { formatCursor } from "../notes/cursor.ts";
import { ALL_TIME } from "../notes/listed-notes-store.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import { markedExcerptHtml, markedHtml } from "./excerpt.ts";
import { toHitFilters } from "./hit-filters.ts";
import type { HitList, HitPage, HitRequest } from "./hit-page.ts";
import { findHitPage } from "./hit-page.ts";
import type { SearchQuery } from "./search-query.ts";
import { hasFilters, limitQuery, parseSearchQuery } from "./search-query.ts";
import type { FoundNote } from "./search-store.ts";
import { filterHits, findNewestHits, listFoundNotes, listHitsAfter, listHitsBefore, MAX_HITS } from "./search-store.ts";
import { suggestQuery } from "./suggest.ts";
import type { WrittenFilters } from "./written-hits-store.ts";
import {
  filterWrittenHits,
  listWrittenHitsAfter,
  listWrittenHitsBefore,
  MAX_WRITTEN_HITS,
} from "./written-hits-store.ts";

/** A note that was found, with what to show of it: escaped text with `<mark>` around the hits. */
export type Hit = { readonly note: FoundNote; readonly titleHtml: string; readonly excerptHtml: string };

/** One page of what a search has found, and where the pages beside it begin. */
export type Found<T> = {
  readonly hits: readonly T[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
  /** What may have been meant, where nothing was found. */
  readonly suggestion: string | undefined;
};

type FoundNotes = Omit<HitPage, "ids"> & { readonly notes: readonly FoundNote[] };

const LISTED: HitList<ReturnType<typeof toHitFilters>> = {
  before: listHitsBefore,
  after: listHitsAfter,
  of: filterHits,
};

const WRITTEN: HitList<WrittenFilters> = {
  before: listWrittenHitsBefore,
  after: listWrittenHitsAfter,
  of: filterWrittenHits,
};

/**
 * Finds listed notes, newest first or best first. Notes with the whole words, if they fill a page; else words count that
 * begin with the last one, too. Whatever is typed, it never fails; what asks for nothing finds nothing.
 */
export function searchListedNotes(db: Database, text: string, request: HitRequest = {}): Found<Hit> {
  const query = parseSearchQuery(text);
  const { notes, newer, older } = findListed(db, query, request);
  const hits = notes.map((note) => ({
    note,
    titleHtml: markedHtml(note.title ?? "", query.terms),
    excerptHtml: markedExcerptHtml(note.contentText, query.terms),
  }));
  const suggestion = hits.length === 0 ? suggestQuery(db, limitQuery(text), query) : undefined;
  return { hits, newer, older, suggestion };
}

/** Finds the author's notes of a status, or any but erased ones, last changed first or best first. */
export function searchWrittenNotes(
  db: Database,
  text: string,
  { status = "all", ...request }: HitRequest & { readonly status?: NoteStatus | "all" } = {},
): Found<Note> {
  const query = parseSearchQuery(text);
  if (isEmpty(query)) return { hits: [], newer: undefined, older: undefined, suggestion: undefined };
  const filters = { ...toHitFilters(db, query), status };
  // Those walks know one bound, the place: a year is asked of each note.
  const wanted = { filters: { ...filters, to: ALL_TIME.to }, ranked: query.ranked, limit: MAX_WRITTEN_HITS, request };
  const { ids, newer, older } = findHitPage(db, WRITTEN, wanted);
  const suggestion = ids.length === 0 ? suggestQuery(db, limitQuery(text), query) : undefined;
  return { hits: listNotesById(db, ids), newer, older, suggestion };
}

function isEmpty({ match, filters }: SearchQuery): boolean {
  return match === "" && !hasFilters(filters);
}

function findListed(db: Database, query: SearchQuery, request: HitRequest): FoundNotes {
  if (isEmpty(query)) return { notes: [], newer: undefined, older: undefined };
  return (isPlain(query, request) ? findFirst(db, query) : undefined) ?? findPage(db, query, request);
}

/** Words alone, and the first page of them: what nearly everybody asks for. */
function isPlain({ filters }: SearchQuery, { order, before, after }: HitRequest): boolean {
  return (
    order !== "relevance" &&
    (before ?? after) === undefined &&
    Object.values(filters).every((list) => list.length === 0)
  );
}

function findFirst(db: Database, { match, wholeWords }: SearchQuery): FoundNotes | undefined {
  const whole = findNewestHits(db, wholeWords);
  if (whole === undefined) return undefined;
  const found = match === wholeWords || whole.length >= MAX_HITS ? whole : findNewestHits(db, match);
  if (found === undefined) return undefined;
  const notes = found.slice(0, MAX_HITS);
  const last = notes.at(-1);
  return { notes, newer: undefined, older: found.length > MAX_HITS && last ? formatCursor(last) : undefined };
}

function findPage(db: Database, query: SearchQuery, request: HitRequest): FoundNotes {
  const find = (match: string, wanted: HitRequest) =>
    findHitPage(db, LISTED, {
      filters: toHitFilters(db, { ...query, match }),
      ranked: query.ranked,
      limit: MAX_HITS,
      request: wanted,
    });
  const { match, wholeWords } = query;
  const isFilled = match === wholeWords || find(wholeWords, { order: request.order }).ids.length >= MAX_HITS;
  const { ids, newer, older } = find(isFilled ? wholeWords : match, request);
  return { notes: listFoundNotes(db, ids), newer, older };
}
