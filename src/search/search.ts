import type { Database } from "../db/database.ts";
import type { Cursor } from "../notes/cursor.ts";
import { formatCursor } from "../notes/cursor.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import { markedExcerptHtml, markedHtml } from "./excerpt.ts";
import { toHitFilters } from "./hit-filters.ts";
import type { HitList, HitPage, HitRequest } from "./hit-page.ts";
import { END, findHitPage } from "./hit-page.ts";
import { scanNotes } from "./scan.ts";
import { readListedRows, readWrittenRows } from "./scan-store.ts";
import { searchOrScan } from "./search-index.ts";
import type { SearchQuery } from "./search-query.ts";
import { hasFilters, limitQuery, parseSearchQuery } from "./search-query.ts";
import type { FoundNote } from "./search-store.ts";
import {
  filterHits,
  findNewestHits,
  isListedWindowWhole,
  listFoundNotes,
  listHitsAfter,
  listHitsBefore,
  MAX_HITS,
} from "./search-store.ts";
import { suggestQuery } from "./suggest.ts";
import type { WrittenFilters } from "./written-hits-store.ts";
import {
  filterWrittenHits,
  isWrittenWindowWhole,
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
  /** The index could not be read: only so many of the newest notes were looked through, see SCANNED_NOTES. */
  readonly isScanned: boolean;
};

const NOTHING: Found<never> = { hits: [], newer: undefined, older: undefined, suggestion: undefined, isScanned: false };

type FoundNotes = Omit<HitPage, "ids"> & { readonly notes: readonly FoundNote[] };

const LISTED: HitList<ReturnType<typeof toHitFilters>> = {
  before: listHitsBefore,
  after: listHitsAfter,
  of: filterHits,
  end: ({ to }) => ({ publishedAt: to, id: 0 }),
  isWhole: isListedWindowWhole,
};

const WRITTEN: HitList<WrittenFilters> = {
  before: listWrittenHitsBefore,
  after: listWrittenHitsAfter,
  of: filterWrittenHits,
  // The year of a note is not the place where it stands.
  end: () => END,
  isWhole: isWrittenWindowWhole,
};

/**
 * Finds listed notes, newest first or best first. Notes with the whole words, if they fill a page; else words count that
 * begin with the last one, too. Whatever is typed, it never fails; what asks for nothing finds nothing. Where the index
 * cannot be read, the newest notes are looked through.
 */
export function searchListedNotes(db: Database, text: string, request: HitRequest = {}): Found<Hit> {
  const query = parseSearchQuery(text);
  if (isEmpty(query)) return NOTHING;
  const toHit = (note: FoundNote) => ({
    note,
    titleHtml: markedHtml(note.title ?? "", query.terms),
    excerptHtml: markedExcerptHtml(note.contentText, query.terms),
  });
  return searchOrScan(db, query.match, {
    search() {
      const { notes, newer, older } = findListed(db, query, request);
      return { hits: notes.map(toHit), newer, older, isScanned: false, suggestion: suggest(db, text, notes) };
    },
    scan() {
      const read = (page: Cursor & { limit: number }) => readListedRows(db, page);
      const page = scanNotes({ query, filters: toHitFilters(db, query), limit: MAX_HITS, request, read });
      return { ...scanned(page), hits: listFoundNotes(db, page.ids).map(toHit) };
    },
  });
}

/** Finds the author's notes of a status, or any but erased ones, last changed first or best first. */
export function searchWrittenNotes(
  db: Database,
  text: string,
  { status = "all", ...request }: HitRequest & { readonly status?: NoteStatus | "all" } = {},
): Found<Note> {
  const query = parseSearchQuery(text);
  if (isEmpty(query)) return NOTHING;
  const filters = { ...toHitFilters(db, query), status };
  const limit = MAX_WRITTEN_HITS;
  return searchOrScan(db, query.match, {
    search() {
      const { ids, ...beside } = findHitPage(db, WRITTEN, { filters, ranked: query.ranked, limit, request });
      return { ...beside, hits: listNotesById(db, ids), isScanned: false, suggestion: suggest(db, text, ids) };
    },
    scan() {
      const read = (page: Cursor & { limit: number }) => readWrittenRows(db, { ...page, status });
      const page = scanNotes({ query, filters, limit, request, read });
      return { ...scanned(page), hits: listNotesById(db, page.ids) };
    },
  });
}

function suggest(db: Database, text: string, found: readonly unknown[]): string | undefined {
  return found.length > 0 ? undefined : suggestQuery(db, limitQuery(text), parseSearchQuery(text));
}

function scanned({ newer, older }: HitPage): Omit<Found<never>, "hits"> {
  return { newer, older, suggestion: undefined, isScanned: true };
}

function isEmpty({ match, filters }: SearchQuery): boolean {
  return match === "" && !hasFilters(filters);
}

function findListed(db: Database, query: SearchQuery, request: HitRequest): FoundNotes {
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
  const { ids, newer, older } = match === wholeWords ? find(match, request) : findWholeFirst();
  return { notes: listFoundNotes(db, ids), newer, older };

  function findWholeFirst(): HitPage {
    const whole = find(wholeWords, { order: request.order });
    if (whole.ids.length < MAX_HITS) return find(match, request);
    return (request.before ?? request.after) === undefined ? whole : find(wholeWords, request);
  }
}
