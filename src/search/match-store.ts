import type { Reader } from "../db/connection.ts";

/** Row ids of the notes that match, the largest first, at most `limit` of those below an id; whoever may see them. */
export function listMatchingIds(
  db: Reader,
  match: string,
  { limit, below = Number.MAX_SAFE_INTEGER }: { readonly limit: number; readonly below?: number },
): number[] {
  return db
    .all<{ id: number }>(
      `SELECT rowid AS id
         FROM note_search
        WHERE note_search MATCH :match AND rowid < :below
        ORDER BY rowid DESC
        LIMIT :limit`,
      { match, limit, below },
    )
    .map(({ id }) => id);
}

/**
 * How well notes match, by bm25 with titles and tags weighing more than text; larger is better. Only of those with the
 * given ids, which lie between the two.
 */
export function rankMatches(
  db: Reader,
  match: string,
  wanted: { readonly ids: readonly number[]; readonly least: number; readonly most: number },
): ReadonlyMap<number, number> {
  const rows = db.all<{ id: number; score: number }>(
    // The plus keeps FTS5 from looking up each id by itself, and counting the words anew each time.
    `SELECT rowid AS id, -bm25(note_search, 4, 1, 3, 1) AS score
       FROM note_search
      WHERE note_search MATCH :match AND rowid >= :least AND rowid <= :most
        AND +rowid IN (SELECT value FROM json_each(:ids))`,
    { match, least: wanted.least, most: wanted.most, ids: JSON.stringify(wanted.ids) },
  );
  return new Map(rows.map(({ id, score }) => [id, score]));
}
