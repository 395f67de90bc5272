import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import type { NoteStatus } from "../notes/note.ts";
import { MAX_EXCERPT_DEPTH } from "./excerpt.ts";

/** A note as a search without an index looks at it. */
export type ScannedRow = {
  readonly id: number;
  /** Its place in the list. */
  readonly at: Timestamp;
  readonly kind: string;
  /** When it was published, else when it was last changed. */
  readonly time: Timestamp;
  /** Names of its tags, as JSON. */
  readonly tags: string;
  /** Title, labels of tags and the beginning of the text, in lines. */
  readonly text: string;
};

/** Listed notes before a place, newest first. */
export function readListedRows(db: Reader, page: Cursor & { readonly limit: number }): ScannedRow[] {
  return db.all<ScannedRow>(
    `SELECT id, published_at AS at, kind, published_at AS time,
            (SELECT json_group_array(value ->> 'name') FROM json_each(notes.tags)) AS tags,
            coalesce(title, '') || char(10)
              || (SELECT coalesce(group_concat(value ->> 'label', char(10)), '') FROM json_each(notes.tags))
              || char(10) || substr(content_text, 1, :depth) AS text
       FROM notes INDEXED BY notes_listed
      WHERE status = 'published' AND visibility = 'public' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    { ...page, depth: MAX_EXCERPT_DEPTH },
  );
}

/** The author's notes of a status, or any but erased ones, before a place, last changed first. */
export function readWrittenRows(
  db: Reader,
  page: Cursor & { readonly limit: number; readonly status: NoteStatus | "all" },
): ScannedRow[] {
  return db.all<ScannedRow>(
    `SELECT id, changed_at AS at, kind, coalesce(published_at, changed_at) AS time,
            (SELECT json_group_array(value ->> 'name') FROM json_each(notes.tags)) AS tags,
            coalesce(title, '') || char(10)
              || (SELECT coalesce(group_concat(value ->> 'label', char(10)), '') FROM json_each(notes.tags))
              || char(10) || substr(content_text, 1, :depth) AS text
       FROM notes INDEXED BY notes_by_change
      WHERE status <> 'erased' AND (:status = 'all' OR status = :status) AND (changed_at, id) < (:publishedAt, :id)
      ORDER BY changed_at DESC, id DESC
      LIMIT :limit`,
    { ...page, depth: MAX_EXCERPT_DEPTH },
  );
}
