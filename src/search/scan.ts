import type { Cursor } from "../notes/cursor.ts";
import { formatCursor, readCursor } from "../notes/cursor.ts";
import type { Span } from "../notes/listed-places-store.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import { createTermFinder } from "./excerpt.ts";
import type { HitFilters } from "./hit-filters.ts";
import type { HitPage, HitRequest } from "./hit-page.ts";
import type { ScannedRow } from "./scan-store.ts";
import type { SearchQuery } from "./search-query.ts";

/** Notes that a search without an index looks at for one page, at most. */
export const SCANNED_NOTES = 1_000;

/** Characters that such a search reads for one page; it stops at the note that goes past it. */
export const SCANNED_CHARACTERS = 1_000_000;

/** Notes that are read at once. */
const PIECE = 50;

/** What is looked for, and the list in which it is. */
export type Scan = {
  readonly query: SearchQuery;
  readonly filters: Pick<HitFilters, "from" | "to" | "spans" | "notSpans">;
  readonly limit: number;
  readonly request: HitRequest;
  readonly read: (page: Cursor & { limit: number }) => ScannedRow[];
};

/**
 * Finds one page of hits without the index, by reading the notes one by one, newest first: all words, each the beginning
 * of a word. Past its bounds it ends, and the next page goes on from there. It knows no way back and no other order.
 */
export function scanNotes({ query, filters, limit, request, read }: Scan): HitPage {
  const isHit = createMatcher(query, filters);
  const ids: number[] = [];
  for (const { row, isLast } of walk(readCursor(request.before ?? ""), read)) {
    if (isHit(row)) ids.push(row.id);
    if (isLast || ids.length === limit) return { ids, newer: undefined, older: placeOf(row) };
  }
  return { ids, newer: undefined, older: undefined };
}

/** Rows from a place on; the last one that the bounds allow says so, unless the list ends before. */
function* walk(start: Cursor | undefined, read: Scan["read"]): Generator<{ row: ScannedRow; isLast: boolean }> {
  let place = start ?? { publishedAt: ALL_TIME.to, id: 0 };
  let characters = 0;
  for (let count = 0; count < SCANNED_NOTES; ) {
    const rows = read({ ...place, limit: PIECE });
    for (const row of rows) {
      count += 1;
      characters += row.text.length;
      yield { row, isLast: count === SCANNED_NOTES || characters > SCANNED_CHARACTERS };
      place = { publishedAt: row.at, id: row.id };
    }
    if (rows.length < PIECE) return;
  }
}

function placeOf(row: ScannedRow): string {
  return formatCursor({ publishedAt: row.at, id: row.id });
}

function createMatcher(query: SearchQuery, filters: Scan["filters"]): (row: ScannedRow) => boolean {
  const { kinds, notKinds, tags, notTags } = query.filters;
  const isInTime = createTimeTest(filters);
  return ({ kind, tags: json, time, text }) => {
    const names: readonly string[] = JSON.parse(json);
    if ((kinds.length > 0 && !kinds.includes(kind)) || notKinds.includes(kind) || !isInTime(time)) return false;
    if (!tags.every((tag) => names.includes(tag)) || notTags.some((tag) => names.includes(tag))) return false;
    const has = createTermFinder(text);
    return query.terms.every(has) && !query.excludedTerms.some(has);
  };
}

function createTimeTest({ from, to, spans, notSpans }: Scan["filters"]): (time: string) => boolean {
  const [wanted, unwanted] = [parseSpans(spans), parseSpans(notSpans)];
  return (time) => {
    const isIn = (span: Span) => time >= span.from && time < span.to;
    return isIn({ from, to }) && (wanted.length === 0 || wanted.some(isIn)) && !unwanted.some(isIn);
  };
}

function parseSpans(json: string): Span[] {
  return JSON.parse(json);
}
