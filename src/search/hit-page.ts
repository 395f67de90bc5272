import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import { earlier, formatCursor, readCursor } from "../notes/cursor.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import type { HitFilters } from "./hit-filters.ts";
import { listMatchingIds, rankMatches } from "./match-store.ts";
import type { IdWindow, PlaceRow } from "./search-store.ts";

/** Most hits that are sorted by themselves; of more, the list that they stand in is walked until a page is full. */
export const FEW_HITS = 500;

/** Newest hits that are ranked, where the best are asked for first. */
export const RANKED_HITS = 1_000;

/** Pages' worth of hits that are read for one page: some may be seen by nobody, or pass no filter. */
const WINDOW_PAGES = 4;

/** Any note of a list. */
const NO_FILTERS = {
  ...{ match: "", excluded: "", kinds: "[]", notKinds: "[]", tags: "[]", notTags: "[]", spans: "[]", notSpans: "[]" },
  ...ALL_TIME,
};

/** In which order hits come. */
export type HitOrder = "newest" | "relevance";

/** Which page of hits: after nothing the first; `before` goes on, `after` back and outranks it. What is no place is none. */
export type HitRequest = {
  readonly order?: HitOrder | undefined;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
};

/** A list in which hits stand, by time. */
export type HitList<F extends HitFilters> = {
  readonly before: (db: Reader, filters: F, page: Cursor & { limit: number }) => PlaceRow[];
  readonly after: (db: Reader, filters: F, page: Cursor & { limit: number }) => PlaceRow[];
  readonly of: (db: Reader, ids: readonly number[], filters: F) => PlaceRow[];
  /** Past the first hit that the filters allow. */
  readonly end: (filters: F) => Cursor;
  readonly isWhole: (db: Reader, window: IdWindow) => boolean;
};

/** One page of hits, and where the pages beside it begin; undefined where there is none. */
export type HitPage = {
  readonly ids: readonly number[];
  readonly newer: string | undefined;
  readonly older: string | undefined;
};

type Wanted<F extends HitFilters> = {
  readonly filters: F;
  /** For MATCH: what hits are ranked by. */
  readonly ranked: string;
  readonly limit: number;
  readonly request: HitRequest;
};

/** Past every note. */
export const END: Cursor = { publishedAt: ALL_TIME.to, id: 0 };

/** Besides, the ids of its first hits. */
type Walked<F extends HitFilters> = Wanted<F> & { readonly top: readonly number[] };

/** Digits of a score before and behind its point, in places: it then sorts as text. */
const [SCORE_DIGITS, SCORE_DECIMALS] = [16, 6];

/** Finds one page of hits. */
export function findHitPage<F extends HitFilters>(db: Reader, list: HitList<F>, wanted: Wanted<F>): HitPage {
  const { filters, ranked, request } = wanted;
  const isRanked = request.order === "relevance" && ranked !== "";
  const top = filters.match === "" ? [] : listMatchingIds(db, filters.match, { limit: FEW_HITS + 1 });
  const isFew = filters.match !== "" && top.length <= FEW_HITS;
  const few = isFew ? list.of(db, top, filters).sort(descending) : undefined;
  if (isRanked) return pageAmong(rankRows(db, ranked, few ?? listNewestHits(db, list, filters)), wanted, SCORES);
  return few === undefined ? walkPage(db, list, { ...wanted, top }) : pageAmong(few, wanted, TIMES);
}

/** The hits that are ranked. Those of words alone are newest by their ids; what a filter leaves may lie further back. */
function listNewestHits<F extends HitFilters>(db: Reader, list: HitList<F>, filters: F): PlaceRow[] {
  const ids = listMatchingIds(db, filters.match, { limit: RANKED_HITS });
  const rows = list.of(db, ids, filters);
  return rows.length >= RANKED_HITS / 2 ? rows : list.before(db, filters, { ...list.end(filters), limit: RANKED_HITS });
}

/** The rows with their scores as places, the best first. */
function rankRows(db: Reader, ranked: string, rows: readonly PlaceRow[]): PlaceRow[] {
  const ids = rows.map(({ id }) => id);
  const scores = rankMatches(db, ranked, { ids, least: Math.min(...ids), most: Math.max(...ids) });
  return ids.map((id) => ({ id, at: scoreText(scores.get(id) ?? 0) })).sort(descending);
}

function scoreText(score: number): Timestamp {
  const text = Math.round(Math.max(0, score) * 10 ** SCORE_DECIMALS).toString();
  return text.padStart(SCORE_DIGITS, "0") as Timestamp;
}

/** How places are written in addresses. */
type PlaceForm = { readonly read: (text: string) => PlaceRow | undefined; readonly format: (row: PlaceRow) => string };

const TIMES: PlaceForm = {
  read(text) {
    const cursor = readCursor(text);
    return cursor && { at: cursor.publishedAt, id: cursor.id };
  },
  format: ({ at, id }) => formatCursor({ publishedAt: at, id }),
};

const SCORES: PlaceForm = {
  read(text) {
    const [, at, id] = /^(\d{16})-(\d{1,15})$/u.exec(text) ?? [];
    return at === undefined ? undefined : { at: at as Timestamp, id: Number(id) };
  },
  format: ({ at, id }) => `${at}-${id}`,
};

/** A page of rows that are all there, in the order of the list. */
function pageAmong(
  rows: readonly PlaceRow[],
  { limit, request }: { limit: number; request: HitRequest },
  form: PlaceForm,
): HitPage {
  const start = startAmong(rows, { limit, request }, form);
  const page = rows.slice(start, start + limit);
  const [first, last] = [page[0], page.at(-1)];
  return {
    ids: page.map(({ id }) => id),
    newer: start > 0 && first ? form.format(first) : undefined,
    older: start + limit < rows.length && last ? form.format(last) : undefined,
  };
}

/** Where the page begins. Before the first place and after the last the nearest page is given: no address is an error. */
function startAmong(
  rows: readonly PlaceRow[],
  { limit, request }: { limit: number; request: HitRequest },
  form: PlaceForm,
): number {
  const after = form.read(request.after ?? "");
  if (after !== undefined) {
    const end = rows.findIndex((row) => descending(row, after) >= 0);
    return Math.max(0, (end === -1 ? rows.length : end) - limit);
  }
  const before = form.read(request.before ?? "");
  if (before === undefined) return 0;
  const start = rows.findIndex((row) => descending(row, before) > 0);
  return start === -1 ? 0 : start;
}

function walkPage<F extends HitFilters>(db: Reader, list: HitList<F>, wanted: Walked<F>): HitPage {
  return walkBack(db, list, wanted) ?? walkOn(db, list, wanted);
}

/** Undefined where fewer than a page of hits lie in front: then the first page is meant. */
function walkBack<F extends HitFilters>(db: Reader, list: HitList<F>, wanted: Wanted<F>): HitPage | undefined {
  const after = readCursor(wanted.request.after ?? "");
  if (after === undefined) return undefined;
  const rows = list.after(db, wanted.filters, { ...after, limit: wanted.limit + 1 });
  if (rows.length < wanted.limit) return undefined;
  const page = rows.slice(0, wanted.limit).reverse();
  const [first, last] = [page[0], page.at(-1)];
  return {
    ids: page.map(({ id }) => id),
    newer: rows.length > wanted.limit && first ? TIMES.format(first) : undefined,
    older: last && TIMES.format(last),
  };
}

function walkOn<F extends HitFilters>(db: Reader, list: HitList<F>, wanted: Walked<F>): HitPage {
  const { filters, limit, request } = wanted;
  const before = request.after === undefined ? readCursor(request.before ?? "") : undefined;
  const place = { ...earlier(before ?? END, list.end(filters)), limit: limit + 1 };
  const rows = readWindow(db, list, { ...wanted, place }) ?? list.before(db, filters, place);
  const page = rows.slice(0, limit);
  const [first, last] = [page[0], page.at(-1)];
  return {
    ids: page.map(({ id }) => id),
    newer: before && first && TIMES.format(first),
    older: rows.length > limit && last ? TIMES.format(last) : undefined,
  };
}

/**
 * Hits before a place, taken from those with the next smaller ids, which FTS5 gives without a look at the others; as many
 * as are asked for, else undefined. Undefined too where notes with other ids lie between.
 */
function readWindow<F extends HitFilters>(
  db: Reader,
  list: HitList<F>,
  { filters, top, place }: Walked<F> & { place: Cursor & { limit: number } },
): PlaceRow[] | undefined {
  if (filters.match === "") return undefined;
  const [newest] = list.before(db, { ...filters, ...NO_FILTERS }, { ...place, limit: 1 });
  if (newest === undefined) return [];
  const below = newest.id + 1;
  const limit = WINDOW_PAGES * place.limit;
  const isAtTop = (top[0] ?? below) < below;
  const ids = isAtTop ? top.slice(0, limit) : listMatchingIds(db, filters.match, { limit, below });
  const rows = list.of(db, ids, filters).filter((row) => descending(row, { at: place.publishedAt, id: place.id }) > 0);
  const page = rows.sort(descending).slice(0, place.limit);
  const last = page[place.limit - 1];
  if (last === undefined) return undefined;
  const window = {
    from: last.at,
    before: { publishedAt: place.publishedAt, id: place.id },
    least: Math.min(...ids),
    below,
  };
  return list.isWhole(db, window) ? page : undefined;
}

/** The newest, or the best, first; of equal ones the later note. */
function descending(one: PlaceRow, other: PlaceRow): number {
  if (one.at === other.at) return other.id - one.id;
  return one.at < other.at ? 1 : -1;
}
