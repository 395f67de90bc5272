import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import type { NoteKind } from "../notes/note.ts";
import { MAX_EXCERPT_DEPTH } from "./excerpt.ts";
import type { HitFilters } from "./hit-filters.ts";
import type { FoundRow, KeptHits } from "./kept-hits.ts";
import { createKeptHits } from "./kept-hits.ts";

/** Hits on one page of readers: as many as the home page has notes. */
export const MAX_HITS = 20;

/** Hits that are read at first: some more than are shown, for those that nobody may see or that were moved in time. */
export const HITS_READ = 30;

/** What a list of hits shows of a note. */
export type FoundNote = {
  readonly id: number;
  readonly slug: string;
  readonly kind: NoteKind;
  readonly title: string | undefined;
  readonly publishedAt: Timestamp;
  readonly publishedOffset: number | undefined;
  readonly language: string | undefined;
  /** Its beginning, a little more than an excerpt looks at. */
  readonly contentText: string;
};

/** Where a hit stands in the order of time. */
export type PlaceRow = { readonly id: number; readonly at: Timestamp };

/** A stretch of a list, and the ids that its notes are thought to have. */
export type IdWindow = {
  readonly from: Timestamp;
  readonly before: Cursor;
  readonly least: number;
  readonly below: number;
};

/**
 * The newest listed hits of words alone, one more than a page has where there are more: taken from those with the largest
 * ids, which FTS5 gives without a look at the others. Undefined when an older id may belong to a newer note: whoever moves
 * notes in time, or imports them later, has some.
 */
export function findNewestHits(db: Reader, match: string, kept: KeptHits = createKeptHits()): FoundNote[] | undefined {
  const rows = readRows(db, listNewestIds(db, match), kept);
  const newest = rows
    .filter((row) => row.is_listed === 1)
    .sort(byTime)
    .slice(0, MAX_HITS + 1);
  if (rows.length < HITS_READ) return newest.map(toFoundNote);

  const last = newest[MAX_HITS];
  const leastId = Math.min(...rows.map((row) => row.id));
  return last === undefined || isAnyNewer(db, last, leastId) ? undefined : newest.map(toFoundNote);
}

function listNewestIds(db: Reader, match: string): number[] {
  return db
    .all<{ id: number }>(
      "SELECT rowid AS id FROM note_search WHERE note_search MATCH :match ORDER BY rowid DESC LIMIT :limit",
      { match, limit: HITS_READ },
    )
    .map(({ id }) => id);
}

function readRows(db: Reader, ids: readonly number[], kept: KeptHits): FoundRow[] {
  const known = ids.map((id) => kept.get(id)).filter((row) => row !== undefined);
  if (known.length === ids.length) return known;
  const missing = ids.filter((id) => kept.get(id) === undefined);
  const rows = db.all<FoundRow>(
    // `substr` is dear, and hardly any text is that long.
    `SELECT notes.id, slug, kind, title, published_at, published_offset, language,
            status = 'published' AND visibility = 'public' AS is_listed,
            CASE WHEN octet_length(content_text) > :depth THEN substr(content_text, 1, :depth) ELSE content_text END
              AS content_text
       FROM json_each(:ids) AS hit JOIN notes ON notes.id = hit.value`,
    { ids: JSON.stringify(missing), depth: MAX_EXCERPT_DEPTH + 1 },
  );
  for (const row of rows) kept.add(row);
  return [...known, ...rows];
}

/** Newest first, as the lists are. Timestamps compare as text. */
function byTime(one: FoundRow, other: FoundRow): number {
  if (one.published_at === other.published_at) return other.id - one.id;
  return one.published_at < other.published_at ? 1 : -1;
}

/** Whether a listed note with an id below `leastId` is newer than another one. */
function isAnyNewer(db: Reader, { published_at }: FoundRow, leastId: number): boolean {
  const row = db.get(
    `SELECT 1 FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public' AND published_at > :published_at AND id < :leastId
      LIMIT 1`,
    { published_at, leastId },
  );
  return row !== undefined;
}

/**
 * Listed notes before a place that match, newest first. Walks an index in the order of the answer and stops at the limit:
 * to sort the hits of a common word would mean to read the row of each. SQLite would choose otherwise, hence INDEXED BY.
 */
export function listHitsBefore(db: Reader, filters: HitFilters, page: Cursor & { readonly limit: number }): PlaceRow[] {
  return db.all<PlaceRow>(
    `SELECT id, published_at AS at
       FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public'
        AND published_at >= :from AND (published_at, id) < (:publishedAt, :id)
        AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
        AND (:notKinds = '[]' OR kind NOT IN (SELECT value FROM json_each(:notKinds)))
        AND (:spans = '[]' OR EXISTS (SELECT 1 FROM json_each(:spans)
              WHERE published_at >= value ->> 'from' AND published_at < value ->> 'to'))
        AND (:notSpans = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notSpans)
              WHERE published_at >= value ->> 'from' AND published_at < value ->> 'to'))
        AND (:tags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:tags) AS wanted
              WHERE NOT EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = wanted.value)))
        AND (:notTags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notTags) AS unwanted
              WHERE EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = unwanted.value)))
        AND (:match = '' OR id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match))
        AND (:excluded = '' OR id NOT IN (SELECT rowid FROM note_search WHERE note_search MATCH :excluded))
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    { ...filters, ...page },
  );
}

/**
 * Whether every listed note between two places, the earlier one included, has one of the ids from `least` on and below
 * `below`: then no hit between them is missing among hits with such ids.
 */
export function isListedWindowWhole(db: Reader, { from, before, least, below }: IdWindow): boolean {
  const row = db.get(
    `SELECT 1 FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public'
        AND published_at >= :from AND (published_at, id) < (:publishedAt, :id) AND (id < :least OR id >= :below)
      LIMIT 1`,
    { from, ...before, least, below },
  );
  return row === undefined;
}

/** The same after a place, oldest first. */
export function listHitsAfter(db: Reader, filters: HitFilters, page: Cursor & { readonly limit: number }): PlaceRow[] {
  return db.all<PlaceRow>(
    `SELECT id, published_at AS at
       FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public'
        AND published_at < :to AND (published_at, id) > (:publishedAt, :id)
        AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
        AND (:notKinds = '[]' OR kind NOT IN (SELECT value FROM json_each(:notKinds)))
        AND (:spans = '[]' OR EXISTS (SELECT 1 FROM json_each(:spans)
              WHERE published_at >= value ->> 'from' AND published_at < value ->> 'to'))
        AND (:notSpans = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notSpans)
              WHERE published_at >= value ->> 'from' AND published_at < value ->> 'to'))
        AND (:tags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:tags) AS wanted
              WHERE NOT EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = wanted.value)))
        AND (:notTags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notTags) AS unwanted
              WHERE EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = unwanted.value)))
        AND (:match = '' OR id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match))
        AND (:excluded = '' OR id NOT IN (SELECT rowid FROM note_search WHERE note_search MATCH :excluded))
      ORDER BY published_at, id
      LIMIT :limit`,
    { ...filters, ...page },
  );
}

/** Of notes with these ids the listed ones that pass the filters, in no order: for hits that are few enough to read. */
export function filterHits(db: Reader, ids: readonly number[], filters: HitFilters): PlaceRow[] {
  return db.all<PlaceRow>(
    `SELECT notes.id, published_at AS at
       FROM json_each(:ids) AS hit JOIN notes ON notes.id = hit.value
      WHERE status = 'published' AND visibility = 'public' AND published_at >= :from AND published_at < :to
        AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
        AND (:notKinds = '[]' OR kind NOT IN (SELECT value FROM json_each(:notKinds)))
        AND (:spans = '[]' OR EXISTS (SELECT 1 FROM json_each(:spans)
              WHERE published_at >= value ->> 'from' AND published_at < value ->> 'to'))
        AND (:notSpans = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notSpans)
              WHERE published_at >= value ->> 'from' AND published_at < value ->> 'to'))
        AND (:tags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:tags) AS wanted
              WHERE NOT EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = wanted.value)))
        AND (:notTags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notTags) AS unwanted
              WHERE EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = unwanted.value)))`,
    { ids: JSON.stringify(ids), ...filters },
  );
}

/** Those of the notes with these ids that are listed, in the order given. */
export function listFoundNotes(db: Reader, ids: readonly number[]): FoundNote[] {
  return db
    .all<Omit<FoundRow, "is_listed">>(
      `SELECT id, slug, kind, title, published_at, published_offset, language,
              CASE WHEN octet_length(content_text) > :depth THEN substr(content_text, 1, :depth) ELSE content_text END
                AS content_text
         FROM (SELECT key AS place, value AS wanted FROM json_each(:ids)) JOIN notes ON notes.id = wanted
        WHERE status = 'published' AND visibility = 'public'
        ORDER BY place`,
      { ids: JSON.stringify(ids), depth: MAX_EXCERPT_DEPTH + 1 },
    )
    .map(toFoundNote);
}

function toFoundNote(row: Omit<FoundRow, "is_listed">): FoundNote {
  return {
    id: row.id,
    slug: row.slug,
    kind: row.kind,
    title: row.title ?? undefined,
    publishedAt: row.published_at,
    publishedOffset: row.published_offset ?? undefined,
    language: row.language ?? undefined,
    contentText: row.content_text,
  };
}
