import type { Database } from "../db/database.ts";

/** Characters of a note that are looked at. */
export const MAX_LOOKED_AT_LENGTH = 20_000;

/** The beginnings of the notes that were written last and have links in Markdown, newest first; `limit` are looked at. */
export function listLinkingTexts(db: Database, limit: number): string[] {
  return db
    .all<{ content: string }>(
      `SELECT content
         FROM (SELECT substr(content, 1, :length) AS content
                 FROM notes INDEXED BY notes_by_change
                WHERE status <> 'erased' AND status <> 'trashed'
                ORDER BY changed_at DESC, id DESC
                LIMIT :limit)
        WHERE content LIKE '%](http%'`,
      { limit, length: MAX_LOOKED_AT_LENGTH },
    )
    .map((row) => row.content);
}
