import type { Reader } from "../db/connection.ts";

/** The first word of the index from `from` on, in the order of its bytes; undefined past the last one. */
export function findWordFrom(db: Reader, from: string): string | undefined {
  // Each search begins anew, so that no more than one place of a word is read, however often it is used.
  return db.get<{ term: string }>("SELECT term FROM note_search_words WHERE term >= :from LIMIT 1", { from })?.term;
}

/** How many listed notes have all that `match` asks for, counted up to `limit`. */
export function countListedMatches(db: Reader, match: string, limit: number): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count
       FROM (SELECT 1
               FROM (SELECT rowid AS id FROM note_search WHERE note_search MATCH :match ORDER BY rowid DESC LIMIT :read) AS hit
               JOIN notes ON notes.id = hit.id
              WHERE status = 'published' AND visibility = 'public'
              LIMIT :limit)`,
    { match, limit, read: 4 * limit },
  );
  return row?.count ?? 0;
}
