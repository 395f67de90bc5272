import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { NoteStatus } from "../notes/note.ts";
import { MAX_EXCERPT_DEPTH } from "./excerpt.ts";
import type { SearchQuery } from "./search-query.ts";

/** Most hits that a search of readers gives: as many as the home page has notes. */
export const MAX_HITS = 20;

/** Hits that are read at first: some more than are shown, for those that nobody may see or that were moved in time. */
export const HITS_READ = 30;

/** Most hits that a search of the author gives. */
export const MAX_WRITTEN_HITS = 50;

/** What a list of hits shows of a note. */
export type FoundNote = {
  readonly slug: string;
  readonly title: string | undefined;
  readonly publishedAt: Timestamp;
  readonly publishedOffset: number | undefined;
  readonly language: string | undefined;
  /** Its beginning, a little more than an excerpt looks at. */
  readonly contentText: string;
};

type FoundRow = {
  id: number;
  slug: string;
  title: string | null;
  published_at: Timestamp;
  published_offset: number | null;
  language: string | null;
  content_text: string;
};

/**
 * Listed notes that the query finds, newest first, at most MAX_HITS: those with the whole words, if they fill the page;
 * else words count that begin with the last one, too. An empty query finds nothing.
 */
export function findListedNotes(db: Database, { match, wholeWords }: SearchQuery): FoundNote[] {
  if (match === "") return [];
  const whole = findNewest(db, wholeWords);
  if (whole !== undefined && (whole.length === MAX_HITS || match === wholeWords)) return whole.map(toFoundNote);
  return (findNewest(db, match) ?? findAmongAll(db, match)).map(toFoundNote);
}

/** Row ids of the author's notes of a status, or of any but erased ones, that the query finds; last changed first. */
export function findWrittenNoteIds(db: Database, query: SearchQuery, status: NoteStatus | "all"): number[] {
  if (query.match === "") return [];
  return db
    .all<{ id: number }>(
      // Walks an index in the order of the answer and stops at the limit; see `findAmongAll`.
      `SELECT id FROM notes INDEXED BY notes_by_change
        WHERE status <> 'erased' AND (:status = 'all' OR status = :status)
          AND id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match)
        ORDER BY changed_at DESC, id DESC
        LIMIT :limit`,
      { match: query.match, status, limit: MAX_WRITTEN_HITS },
    )
    .map((row) => row.id);
}

/**
 * The newest hits, taken from those with the largest ids, which FTS5 gives without a look at the others. Undefined when
 * an older id may belong to a newer note: whoever moves notes in time, or imports them later, has some.
 */
function findNewest(db: Database, match: string): FoundRow[] | undefined {
  const rows = db.all<FoundRow & { is_listed: 0 | 1 }>(
    // `substr` is dear, and hardly any text is that long.
    `SELECT notes.id, slug, title, published_at, published_offset, language,
            status = 'published' AND visibility = 'public' AS is_listed,
            CASE WHEN octet_length(content_text) > :depth THEN substr(content_text, 1, :depth) ELSE content_text END
              AS content_text
       FROM (SELECT rowid FROM note_search WHERE note_search MATCH :match ORDER BY rowid DESC LIMIT :limit) AS hit
       JOIN notes ON notes.id = hit.rowid`,
    { match, depth: MAX_EXCERPT_DEPTH + 1, limit: HITS_READ },
  );
  const newest = rows
    .filter((row) => row.is_listed === 1)
    .sort(byTime)
    .slice(0, MAX_HITS);
  if (rows.length < HITS_READ) return newest;

  const last = newest[MAX_HITS - 1];
  const leastId = Math.min(...rows.map((row) => row.id));
  return last === undefined || isAnyNewer(db, last, leastId) ? undefined : newest;
}

/** Newest first, as the lists are. Timestamps compare as text. */
function byTime(one: FoundRow, other: FoundRow): number {
  if (one.published_at === other.published_at) return other.id - one.id;
  return one.published_at < other.published_at ? 1 : -1;
}

/** Whether a listed note with an id below `leastId` is newer than another one. */
function isAnyNewer(db: Database, { published_at }: FoundRow, leastId: number): boolean {
  const row = db.get(
    `SELECT 1 FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public' AND published_at > :published_at AND id < :leastId
      LIMIT 1`,
    { published_at, leastId },
  );
  return row !== undefined;
}

/**
 * Walks an index in the order of the answer and stops at the limit: to sort the hits of a common word would mean to read
 * the row of each. SQLite would choose otherwise, hence INDEXED BY.
 */
function findAmongAll(db: Database, match: string): FoundRow[] {
  return db.all<FoundRow>(
    `SELECT id, slug, title, published_at, published_offset, language,
            CASE WHEN octet_length(content_text) > :depth THEN substr(content_text, 1, :depth) ELSE content_text END
              AS content_text
       FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public'
        AND id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    { match, depth: MAX_EXCERPT_DEPTH + 1, limit: MAX_HITS },
  );
}

function toFoundNote(row: FoundRow): FoundNote {
  return {
    slug: row.slug,
    title: row.title ?? undefined,
    publishedAt: row.published_at,
    publishedOffset: row.published_offset ?? undefined,
    language: row.language ?? undefined,
    contentText: row.content_text,
  };
}
