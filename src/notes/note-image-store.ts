import type { Database } from "../db/database.ts";

/** Notes that show the image at `url`, by row id. */
export function listNotesShowing(db: Database, url: string): number[] {
  return db
    .all<{ note_id: number }>("SELECT note_id FROM note_remote_images WHERE url = :url ORDER BY note_id", { url })
    .map((row) => row.note_id);
}

/** The next notes past row id `after` that show any image elsewhere, at most `limit`. */
export function listNotesWithRemoteImages(db: Database, after: number, limit: number): number[] {
  return db
    .all<{ note_id: number }>(
      "SELECT DISTINCT note_id FROM note_remote_images WHERE note_id > :after ORDER BY note_id LIMIT :limit",
      { after, limit },
    )
    .map((row) => row.note_id);
}

/** Remembers which images elsewhere a note shows, and forgets those of before. */
export function replaceNoteImages(db: Database, noteId: number, urls: readonly string[]): void {
  if (urls.length === 0) {
    db.run("DELETE FROM note_remote_images WHERE note_id = :noteId", { noteId });
    return;
  }
  db.run(
    `DELETE FROM note_remote_images
      WHERE note_id = :noteId AND url NOT IN (SELECT value FROM json_each(:urls))`,
    { noteId, urls: JSON.stringify(urls) },
  );
  db.run(
    `INSERT INTO note_remote_images (url, note_id)
     SELECT value, :noteId FROM json_each(:urls) WHERE true
         ON CONFLICT DO NOTHING`,
    { noteId, urls: JSON.stringify(urls) },
  );
}
