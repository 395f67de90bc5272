import type { Database } from "../db/database.ts";
import type { NoteStatus } from "../notes/note.ts";
import type { SearchQuery } from "./search-query.ts";

/** Most hits that one search gives. */
export const MAX_HITS = 50;

// Both walk an index in the order of the answer and stop at the limit: to sort the hits of a common word would mean to
// read the row of each. SQLite would choose otherwise, hence INDEXED BY.

/** Row ids of listed notes that the query finds, newest first, at most MAX_HITS. An empty query finds nothing. */
export function findListedNoteIds(db: Database, query: SearchQuery): number[] {
  if (query.match === "") return [];
  return db
    .all<{ id: number }>(
      `SELECT id FROM notes INDEXED BY notes_listed
        WHERE status = 'published' AND visibility = 'public'
          AND id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match)
        ORDER BY published_at DESC, id DESC
        LIMIT :limit`,
      { match: query.match, limit: MAX_HITS },
    )
    .map((row) => row.id);
}

/** Row ids of the author's notes of a status, or of any but erased ones, that the query finds; last changed first. */
export function findWrittenNoteIds(db: Database, query: SearchQuery, status: NoteStatus | "all"): number[] {
  if (query.match === "") return [];
  return db
    .all<{ id: number }>(
      `SELECT id FROM notes INDEXED BY notes_by_change
        WHERE status <> 'erased' AND (:status = 'all' OR status = :status)
          AND id IN (SELECT rowid FROM note_search WHERE note_search MATCH :match)
        ORDER BY changed_at DESC, id DESC
        LIMIT :limit`,
      { match: query.match, status, limit: MAX_HITS },
    )
    .map((row) => row.id);
}
