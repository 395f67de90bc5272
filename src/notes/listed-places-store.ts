import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "./cursor.ts";
import { earlier, later } from "./cursor.ts";

/** A span of time, `from` included and `to` not. */
export type Span = { readonly from: Timestamp; readonly to: Timestamp };

/** One page of a list, newest first, with where the pages beside it begin. */
export type ListPage<Listed> = {
  readonly notes: readonly Listed[];
  /** Older notes lie past it; undefined at the end. */
  readonly older: Cursor | undefined;
  /** Newer notes lie before it; undefined at the beginning. */
  readonly newer: Cursor | undefined;
};

/** Which page: after nothing the newest; `before` goes on to older notes, `after` back to newer ones and outranks it. */
export type PageRequest = {
  readonly limit: number;
  readonly before?: Cursor | undefined;
  readonly after?: Cursor | undefined;
};

/** Every time there can be: an empty text sorts before all of them, "~" after. */
export const ALL_TIME: Span = { from: "" as Timestamp, to: "~" as Timestamp };

const END_OF_TIME: Cursor = { publishedAt: ALL_TIME.to, id: 0 };

/** A page of the listed notes, of all or of a span of time: where they stand, and nothing else of them. */
export function listListedPlaces(db: Reader, page: PageRequest, span: Span = ALL_TIME): ListPage<Cursor> {
  return readPage(
    {
      older: (place, limit) =>
        listOlder(db, { ...earlier(place, { publishedAt: span.to, id: 0 }), from: span.from, limit }),
      newer: (place, limit) =>
        listNewer(db, { ...later(place, { publishedAt: span.from, id: 0 }), to: span.to, limit }),
    },
    page,
  );
}

/** The same of the listed notes with a tag. */
export function listTaggedPlaces(db: Reader, tag: string, page: PageRequest): ListPage<Cursor> {
  return readPage(
    {
      older: (place, limit) => listOlderTagged(db, { ...place, tag, limit }),
      newer: (place, limit) => listNewerTagged(db, { ...place, tag, limit }),
    },
    page,
  );
}

/** The places of listed notes past one, newest first, at most `limit`: of all, or of those with a tag; past none all of them. */
export function listPlacesPast(
  db: Reader,
  { tag, before = END_OF_TIME, limit }: { tag?: string | undefined; before?: Cursor | undefined; limit: number },
): Cursor[] {
  if (tag === undefined) return listOlder(db, { ...before, from: ALL_TIME.from, limit });
  return listOlderTagged(db, { ...before, tag, limit });
}

type List = {
  readonly older: (place: Cursor, limit: number) => Cursor[];
  readonly newer: (place: Cursor, limit: number) => Cursor[];
};

/** One more than a page shows says whether the list goes on. */
function readPage(list: List, { limit, before, after }: PageRequest): ListPage<Cursor> {
  if (after !== undefined) {
    const rows = list.newer(after, limit + 1);
    const notes = rows.slice(0, limit).reverse();
    const older = notes.at(-1);
    return { notes, newer: rows.length > limit ? notes[0] : undefined, older: older && goesOn(older, list.older) };
  }
  const rows = list.older(before ?? END_OF_TIME, limit + 1);
  const notes = rows.slice(0, limit);
  const newer = before === undefined ? undefined : notes[0];
  return { notes, newer: newer && goesOn(newer, list.newer), older: rows.length > limit ? notes.at(-1) : undefined };
}

function goesOn(place: Cursor, list: List["older"]): Cursor | undefined {
  return list(place, 1).length > 0 ? place : undefined;
}

// One upper bound and one lower: of two on the same side SQLite takes the first, and reads from there to the other.
function listOlder(db: Reader, place: Cursor & { from: Timestamp; limit: number }): Cursor[] {
  return db.all<Cursor>(
    `SELECT published_at AS publishedAt, id
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        AND published_at >= :from AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    place,
  );
}

function listNewer(db: Reader, place: Cursor & { to: Timestamp; limit: number }): Cursor[] {
  return db.all<Cursor>(
    `SELECT published_at AS publishedAt, id
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        AND published_at < :to AND (published_at, id) > (:publishedAt, :id)
      ORDER BY published_at, id
      LIMIT :limit`,
    place,
  );
}

function listOlderTagged(db: Reader, place: Cursor & { tag: string; limit: number }): Cursor[] {
  return db.all<Cursor>(
    `SELECT listed_at AS publishedAt, note_id AS id
       FROM note_tags
      WHERE tag = :tag AND listed_at IS NOT NULL AND (listed_at, note_id) < (:publishedAt, :id)
      ORDER BY listed_at DESC, note_id DESC
      LIMIT :limit`,
    place,
  );
}

function listNewerTagged(db: Reader, place: Cursor & { tag: string; limit: number }): Cursor[] {
  return db.all<Cursor>(
    `SELECT listed_at AS publishedAt, note_id AS id
       FROM note_tags
      WHERE tag = :tag AND listed_at IS NOT NULL AND (listed_at, note_id) > (:publishedAt, :id)
      ORDER BY listed_at, note_id
      LIMIT :limit`,
    place,
  );
}
