import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import type { Figures } from "./figures.ts";

/** A listed note as it is counted. */
export type CountedNote = { readonly id: number; readonly publishedAt: Timestamp; readonly words: number };

/** Listed notes before a place, newest first, with how many words each has; 0 while nobody has counted them. */
export function listCountedNotes(db: Reader, place: Cursor & { readonly limit: number }): CountedNote[] {
  return db.all<CountedNote>(
    `SELECT id, published_at AS publishedAt, coalesce(words, 0) AS words
       FROM notes INDEXED BY notes_listed LEFT JOIN note_digests ON note_id = id
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    place,
  );
}

/** The numbers of the site as they were last counted; undefined before the first time. */
export function findFigures(db: Reader): Figures | undefined {
  const row = db.get<{ figures: string }>("SELECT figures FROM site_figures");
  return row && JSON.parse(row.figures);
}

/** Stores the numbers of the site; the same again changes nothing. Only inside a write. */
export function saveFigures(db: Database, figures: Figures, now: Timestamp): void {
  db.run(
    `INSERT INTO site_figures (id, figures, counted_at)
     VALUES (1, :figures, :now)
         ON CONFLICT (id) DO UPDATE
        SET figures = excluded.figures, counted_at = excluded.counted_at
      WHERE figures <> excluded.figures`,
    { figures: JSON.stringify(figures), now },
  );
}
