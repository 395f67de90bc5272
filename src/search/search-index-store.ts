import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";

/** Empties the search index, also a damaged one; all notes wait for it then. Only inside a write. */
export function emptySearchIndex(db: Database): void {
  db.run("INSERT INTO note_search (note_search) VALUES ('delete-all')");
  db.run("DELETE FROM search_index_damage");
  db.run("UPDATE search_index_place SET note_id = 0");
}

/** Whether a write has met damage in the search index since it was last made anew: then notes may be missing in it. */
export function isIndexMarked(db: Reader): boolean {
  return db.get("SELECT 1 FROM search_index_damage LIMIT 1") !== undefined;
}

/** The last note that the index has, if it has to; those with a larger id wait for it. */
export function findIndexPlace(db: Reader): number {
  return db.get<{ place: number }>("SELECT note_id AS place FROM search_index_place")?.place ?? 0;
}

/** How many notes wait for the index, counted up to `limit`; none while it is marked, see `isIndexMarked`. */
export function countWaitingNotes(db: Reader, limit: number): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count
       FROM (SELECT 1 FROM notes
              WHERE id > (SELECT note_id FROM search_index_place)
                AND NOT EXISTS (SELECT 1 FROM search_index_damage)
              LIMIT :limit)`,
    { limit },
  );
  return row?.count ?? 0;
}

/** Puts notes that wait into the index, at most `limit`, the oldest first; none while it is marked. Only inside a write. */
export function indexWaitingNotes(db: Database, limit: number): void {
  // Asked in the transaction itself: a write that meets damage marks the index, and runs a second time.
  if (isIndexMarked(db)) return;
  const last = db.get<{ id: number | null }>(
    `SELECT max(id) AS id
       FROM (SELECT id FROM notes WHERE id > (SELECT note_id FROM search_index_place) ORDER BY id LIMIT :limit)`,
    { limit },
  )?.id;
  if (typeof last !== "number") return;
  db.run(
    `INSERT INTO note_search (rowid, title, text, tags, characters)
     SELECT id, coalesce(title, ''), content_text,
            (SELECT coalesce(group_concat(value ->> 'label', ' '), '') FROM json_each(notes.tags)),
            coalesce(unspaced_text, '')
       FROM notes
      WHERE id > (SELECT note_id FROM search_index_place) AND id <= :last AND status <> 'erased'`,
    { last },
  );
  db.run("UPDATE search_index_place SET note_id = :last", { last });
}

/** How many notes the index should have, and how many it has. */
export function countIndexed(db: Reader): { notes: number; indexed: number } {
  const row = db.get<{ notes: number; indexed: number }>(
    `SELECT (SELECT count(*) FROM notes
              WHERE status <> 'erased' AND id <= (SELECT note_id FROM search_index_place)) AS notes,
            (SELECT count(*) FROM note_search_docsize) AS indexed`,
  );
  return row ?? { notes: 0, indexed: 0 };
}
