import type { Database } from "../db/database.ts";

/** Where rendered HTML names a media file: as a source, or as what a link leads to. */
const NAMED = /="\/media\/([\w-]{22}\.[a-z0-9]+)"/gu;

/** Whether rendered HTML names any media file. */
export function namesMedia(contentHtml: string): boolean {
  return contentHtml.includes('="/media/');
}

/**
 * Remembers which media files the HTML of a note names, and forgets those of before; the pictures of pages that it is about
 * are remembered by triggers.
 */
export function replaceNoteMedia(db: Database, noteId: number, contentHtml: string): void {
  const names = JSON.stringify([...contentHtml.matchAll(NAMED)].map(([, name]) => name));
  db.run(
    `DELETE FROM note_media
      WHERE note_id = :noteId AND media_name NOT IN (SELECT value FROM json_each(:names))
        AND NOT EXISTS (SELECT 1 FROM note_citations JOIN citations USING (url)
                         WHERE note_citations.note_id = :noteId
                           AND note_media.media_name IN (citations.author_photo, citations.image))`,
    { noteId, names },
  );
  if (names === "[]") return;
  db.run(
    `INSERT INTO note_media (media_name, note_id)
     SELECT value, :noteId FROM json_each(:names) WHERE true
         ON CONFLICT DO NOTHING`,
    { noteId, names },
  );
}

/** Notes whose HTML names the file, by row id. */
export function listNotesWithMedia(db: Database, mediaName: string): number[] {
  return db
    .all<{ note_id: number }>("SELECT note_id FROM note_media WHERE media_name = :mediaName ORDER BY note_id", {
      mediaName,
    })
    .map((row) => row.note_id);
}
