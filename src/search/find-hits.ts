import type { Reader } from "../db/connection.ts";
import { formatCursor } from "../notes/cursor.ts";
import type { NoteStatus } from "../notes/note.ts";
import { toHitFilters } from "./hit-filters.ts";
import type { HitList, HitPage, HitRequest } from "./hit-page.ts";
import { END, findHitPage } from "./hit-page.ts";
import { scanNotes } from "./scan.ts";
import { readListedRows, readWrittenRows } from "./scan-store.ts";
import { searchOrScan } from "./search-index.ts";
import type { SearchQuery } from "./search-query.ts";
import { hasFilters, limitQuery, parseSearchQuery } from "./search-query.ts";
import {
  filterHits,
  findNewestHits,
  isListedWindowWhole,
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

/** A search, with all that it depends on besides the database: it can be handed to another process as it is. */
export type Search = HitRequest & {
  readonly text: string;
  /** The author's: a year is one of that calendar. */
  readonly timeZone: string;
  /** Of the author's notes those with this status, or any but erased ones; undefined: of the listed notes. */
  readonly status?: NoteStatus | "all" | undefined;
};

/** Which notes a search has found, one page of them, and where the pages beside it begin. */
export type FoundIds = HitPage & {
  /** What may have been meant, where nothing was found. */
  readonly suggestion: string | undefined;
  /** The index could not be read: only so many of the newest notes were looked through, see SCANNED_NOTES. */
  readonly isScanned: boolean;
};

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
 * Finds one page of notes, newest first or best first. Of listed notes those with the whole words, if they fill a page;
 * else words count that begin with the last one, too. Whatever is typed, it never fails; what asks for nothing finds
 * nothing. Where the index cannot be read, the newest notes are looked through.
 */
export function findHits(db: Reader, search: Search): FoundIds {
  const query = parseSearchQuery(search.text);
  if (isEmptyQuery(query))
    return { ids: [], newer: undefined, older: undefined, suggestion: undefined, isScanned: false };
  return searchOrScan<FoundIds>(db, query.match, {
    search() {
      const page = search.status === undefined ? findListed(db, query, search) : findWritten(db, query, search);
      return { ...page, isScanned: false, suggestion: suggest(db, search.text, page) };
    },
    scan: () => ({ ...scan(db, query, search), isScanned: true, suggestion: undefined }),
  });
}

/** Whether a query asks for nothing. */
export function isEmptyQuery({ match, filters }: SearchQuery): boolean {
  return match === "" && !hasFilters(filters);
}

/** Words alone, and the first page of them: what nearly everybody asks for. */
export function isPlainSearch({ filters }: SearchQuery, { order, before, after }: HitRequest): boolean {
  return (
    order !== "relevance" &&
    (before ?? after) === undefined &&
    Object.values(filters).every((list) => list.length === 0)
  );
}

function suggest(db: Reader, text: string, { ids }: HitPage): string | undefined {
  return ids.length > 0 ? undefined : suggestQuery(db, limitQuery(text), parseSearchQuery(text));
}

function findListed(db: Reader, query: SearchQuery, search: Search): HitPage {
  return (isPlainSearch(query, search) ? findFirst(db, query) : undefined) ?? findPage(db, query, search);
}

function findFirst(db: Reader, { match, wholeWords }: SearchQuery): HitPage | undefined {
  const whole = findNewestHits(db, wholeWords);
  if (whole === undefined) return undefined;
  const found = match === wholeWords || whole.length >= MAX_HITS ? whole : findNewestHits(db, match);
  if (found === undefined) return undefined;
  const page = found.slice(0, MAX_HITS);
  const last = page.at(-1);
  const older = found.length > MAX_HITS && last ? formatCursor(last) : undefined;
  return { ids: page.map(({ id }) => id), newer: undefined, older };
}

function findPage(db: Reader, query: SearchQuery, { timeZone, ...request }: Search): HitPage {
  const find = (match: string, wanted: HitRequest) =>
    findHitPage(db, LISTED, {
      filters: toHitFilters({ ...query, match }, timeZone),
      ranked: query.ranked,
      limit: MAX_HITS,
      request: wanted,
    });
  const { match, wholeWords } = query;
  if (match === wholeWords) return find(match, request);
  const whole = find(wholeWords, { order: request.order });
  if (whole.ids.length < MAX_HITS) return find(match, request);
  return (request.before ?? request.after) === undefined ? whole : find(wholeWords, request);
}

function findWritten(db: Reader, query: SearchQuery, { timeZone, status = "all", ...request }: Search): HitPage {
  const filters = { ...toHitFilters(query, timeZone), status };
  return findHitPage(db, WRITTEN, { filters, ranked: query.ranked, limit: MAX_WRITTEN_HITS, request });
}

function scan(db: Reader, query: SearchQuery, { timeZone, status, ...request }: Search): HitPage {
  const limit = status === undefined ? MAX_HITS : MAX_WRITTEN_HITS;
  const filters = toHitFilters(query, timeZone);
  return scanNotes({
    ...{ query, filters, limit, request },
    read: (page) => (status === undefined ? readListedRows(db, page) : readWrittenRows(db, { ...page, status })),
  });
}
