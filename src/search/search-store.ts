import type { Database } from "../db/database.ts";
import type { SearchQuery } from "./search-query.ts";

/** Most hits that one search gives. */
export const MAX_HITS = 50;

/**
 * Row ids of listed notes that the query finds, newest first, at most MAX_HITS.
 * A query with neither words nor parts finds nothing.
 */
export function findListedNoteIds(db: Database, query: SearchQuery): number[] {
  if (query.match === "" && query.parts.length === 0) return [];
  const parameters = { match: query.match, parts: JSON.stringify(query.parts), limit: MAX_HITS };
  const rows =
    query.match === ""
      ? db.all<{ id: number }>(
          `SELECT id FROM notes
            WHERE status = 'published' AND visibility = 'public'
              AND NOT EXISTS (SELECT 1 FROM json_each(:parts) AS part
                               WHERE instr(coalesce(title, '') || ' ' || content_text || ' ' || tags, part.value) = 0)
            ORDER BY published_at DESC, id DESC
            LIMIT :limit`,
          parameters,
        )
      : db.all<{ id: number }>(
          `SELECT notes.id FROM note_search JOIN notes ON notes.id = note_search.rowid
            WHERE note_search MATCH :match AND notes.status = 'published' AND notes.visibility = 'public'
              AND NOT EXISTS (SELECT 1 FROM json_each(:parts) AS part
                               WHERE instr(coalesce(notes.title, '') || ' ' || notes.content_text || ' ' || notes.tags, part.value) = 0)
            ORDER BY notes.published_at DESC, notes.id DESC
            LIMIT :limit`,
          parameters,
        );
  return rows.map((row) => row.id);
}

/** Row ids of the author's notes, whatever their status but erased, that the query finds; last changed first. */
export function findWrittenNoteIds(db: Database, query: SearchQuery): number[] {
  if (query.match === "" && query.parts.length === 0) return [];
  return db
    .all<{ id: number }>(
      `SELECT id FROM notes
        WHERE status <> 'erased'
          AND (:match = '' OR id IN (SELECT rowid FROM note_search(:anything)))
          AND NOT EXISTS (SELECT 1 FROM json_each(:parts) AS part
                           WHERE instr(coalesce(title, '') || ' ' || content_text || ' ' || tags, part.value) = 0)
        ORDER BY changed_at DESC, id DESC
        LIMIT :limit`,
      {
        match: query.match,
        // FTS5 refuses an empty MATCH even where its result is not asked for.
        anything: query.match || '""',
        parts: JSON.stringify(query.parts),
        limit: MAX_HITS,
      },
    )
    .map((row) => row.id);
}
