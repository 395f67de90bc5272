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

/** Authors of the pages that the notes written last are about, newest note first; `limit` notes are looked at. */
export function listCitedAuthors(db: Database, limit: number): { name: string; url: string }[] {
  return db.all(
    `SELECT citations.author_name AS name, citations.author_url AS url
       FROM (SELECT id, changed_at
               FROM notes INDEXED BY notes_by_change
              WHERE status <> 'erased' AND status <> 'trashed'
              ORDER BY changed_at DESC, id DESC
              LIMIT :limit) AS newest
       JOIN note_citations ON note_citations.note_id = newest.id
       JOIN citations ON citations.url = note_citations.url
      WHERE citations.author_name IS NOT NULL AND citations.author_url IS NOT NULL
      ORDER BY newest.changed_at DESC, newest.id DESC`,
    { limit },
  );
}
