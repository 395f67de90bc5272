import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";

/** Empties the search index, also a damaged one; what is written from then on stands in it. Only inside a write. */
export function emptySearchIndex(db: Database): void {
  db.run("INSERT INTO note_search (note_search) VALUES ('delete-all')");
  db.run("DELETE FROM search_index_damage");
}

/** Whether a write has met damage in the search index since it was last made anew: then notes may be missing in it. */
export function isIndexMarked(db: Reader): boolean {
  return db.get("SELECT 1 FROM search_index_damage LIMIT 1") !== undefined;
}

/**
 * Adds the notes after an id to the index, at most `limit`, but for those that a trigger has added meanwhile. Returns the
 * last id that was looked at; undefined when there is none. Only inside a write.
 */
export function indexNotesAfter(db: Database, after: number, limit: number): number | undefined {
  const last = db.get<{ id: number | null }>(
    "SELECT max(id) AS id FROM (SELECT id FROM notes WHERE id > :after ORDER BY id LIMIT :limit)",
    { after, limit },
  )?.id;
  if (typeof last !== "number") return undefined;
  db.run(
    `INSERT INTO note_search (rowid, title, text, tags, characters)
     SELECT id, coalesce(title, ''), content_text,
            (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(notes.tags)),
            coalesce(unspaced_text, '')
       FROM notes
      WHERE id > :after AND id <= :last AND status <> 'erased' AND id NOT IN (SELECT id FROM note_search_docsize)`,
    { after, last },
  );
  return last;
}

/** How many notes the index should have, and how many it has. */
export function countIndexed(db: Reader): { notes: number; indexed: number } {
  const row = db.get<{ notes: number; indexed: number }>(
    `SELECT (SELECT count(*) FROM notes WHERE status <> 'erased') AS notes,
            (SELECT count(*) FROM note_search_docsize) AS indexed`,
  );
  return row ?? { notes: 0, indexed: 0 };
}
