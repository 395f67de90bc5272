import type { Reader } from "../db/connection.ts";
import type { Cursor } from "../notes/cursor.ts";
import type { NoteStatus } from "../notes/note.ts";
import type { HitFilters } from "./hit-filters.ts";
import type { IdWindow, PlaceRow } from "./search-store.ts";

/** Hits on one page of the author. */
export const MAX_WRITTEN_HITS = 50;

/** What the author looks for, in notes of a status or of any but erased ones. */
export type WrittenFilters = HitFilters & { readonly status: NoteStatus | "all" };

/**
 * The author's notes that match before a place, last changed first. Walks an index in the order of the answer, which has
 * all that is asked for; see `listHitsBefore`. The year of what has no time of publication is that of its last change.
 */
export function listWrittenHitsBefore(
  db: Reader,
  filters: WrittenFilters,
  page: Cursor & { readonly limit: number },
): PlaceRow[] {
  return db.all<PlaceRow>(
    `SELECT id, changed_at AS at
       FROM notes INDEXED BY notes_by_change
      WHERE status <> 'erased' AND (:status = 'all' OR status = :status) AND (changed_at, id) < (:publishedAt, :id)
        AND coalesce(published_at, changed_at) >= :from AND coalesce(published_at, changed_at) < :to
        AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
        AND (:notKinds = '[]' OR kind NOT IN (SELECT value FROM json_each(:notKinds)))
        AND (:spans = '[]' OR EXISTS (SELECT 1 FROM json_each(:spans)
              WHERE coalesce(published_at, changed_at) >= value ->> 'from'
                AND coalesce(published_at, changed_at) < value ->> 'to'))
        AND (:notSpans = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notSpans)
              WHERE coalesce(published_at, changed_at) >= value ->> 'from'
                AND coalesce(published_at, changed_at) < value ->> 'to'))
        AND (:tags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:tags) AS wanted
              WHERE NOT EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = wanted.value)))
        AND (:notTags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notTags) AS unwanted
              WHERE EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = unwanted.value)))
        AND (:match = '' OR id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match))
        AND (:excluded = '' OR id NOT IN (SELECT rowid FROM note_search WHERE note_search MATCH :excluded))
      ORDER BY changed_at DESC, id DESC
      LIMIT :limit`,
    { ...filters, ...page },
  );
}

/** See `isListedWindowWhole`. */
export function isWrittenWindowWhole(db: Reader, { from, before, least, below }: IdWindow): boolean {
  const row = db.get(
    `SELECT 1 FROM notes INDEXED BY notes_by_change
      WHERE changed_at >= :from AND (changed_at, id) < (:publishedAt, :id) AND (id < :least OR id >= :below)
      LIMIT 1`,
    { from, ...before, least, below },
  );
  return row === undefined;
}

/** The same after a place, the one that was changed first at the beginning. */
export function listWrittenHitsAfter(
  db: Reader,
  filters: WrittenFilters,
  page: Cursor & { readonly limit: number },
): PlaceRow[] {
  return db.all<PlaceRow>(
    `SELECT id, changed_at AS at
       FROM notes INDEXED BY notes_by_change
      WHERE status <> 'erased' AND (:status = 'all' OR status = :status) AND (changed_at, id) > (:publishedAt, :id)
        AND coalesce(published_at, changed_at) >= :from AND coalesce(published_at, changed_at) < :to
        AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
        AND (:notKinds = '[]' OR kind NOT IN (SELECT value FROM json_each(:notKinds)))
        AND (:spans = '[]' OR EXISTS (SELECT 1 FROM json_each(:spans)
              WHERE coalesce(published_at, changed_at) >= value ->> 'from'
                AND coalesce(published_at, changed_at) < value ->> 'to'))
        AND (:notSpans = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notSpans)
              WHERE coalesce(published_at, changed_at) >= value ->> 'from'
                AND coalesce(published_at, changed_at) < value ->> 'to'))
        AND (:tags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:tags) AS wanted
              WHERE NOT EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = wanted.value)))
        AND (:notTags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notTags) AS unwanted
              WHERE EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = unwanted.value)))
        AND (:match = '' OR id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match))
        AND (:excluded = '' OR id NOT IN (SELECT rowid FROM note_search WHERE note_search MATCH :excluded))
      ORDER BY changed_at, id
      LIMIT :limit`,
    { ...filters, ...page },
  );
}

/** Of notes with these ids those that pass the filters, in no order. */
export function filterWrittenHits(db: Reader, ids: readonly number[], filters: WrittenFilters): PlaceRow[] {
  return db.all<PlaceRow>(
    `SELECT notes.id, changed_at AS at
       FROM json_each(:ids) AS hit JOIN notes ON notes.id = hit.value
      WHERE status <> 'erased' AND (:status = 'all' OR status = :status)
        AND coalesce(published_at, changed_at) >= :from AND coalesce(published_at, changed_at) < :to
        AND (:kinds = '[]' OR kind IN (SELECT value FROM json_each(:kinds)))
        AND (:notKinds = '[]' OR kind NOT IN (SELECT value FROM json_each(:notKinds)))
        AND (:spans = '[]' OR EXISTS (SELECT 1 FROM json_each(:spans)
              WHERE coalesce(published_at, changed_at) >= value ->> 'from'
                AND coalesce(published_at, changed_at) < value ->> 'to'))
        AND (:notSpans = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notSpans)
              WHERE coalesce(published_at, changed_at) >= value ->> 'from'
                AND coalesce(published_at, changed_at) < value ->> 'to'))
        AND (:tags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:tags) AS wanted
              WHERE NOT EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = wanted.value)))
        AND (:notTags = '[]' OR NOT EXISTS (SELECT 1 FROM json_each(:notTags) AS unwanted
              WHERE EXISTS (SELECT 1 FROM note_tags WHERE note_id = notes.id AND tag = unwanted.value)))`,
    { ids: JSON.stringify(ids), ...filters },
  );
}
