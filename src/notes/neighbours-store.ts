import type { Database } from "../db/database.ts";
import type { Cursor } from "./cursor.ts";
import type { Note } from "./note.ts";

/** What a link to a note needs of it. `contentText` is empty where the title says it all. */
export type LinkedNote = Pick<Note, "id" | "slug" | "title" | "contentText">;

type LinkedRow = { id: number; slug: string; title: string | null; content_text: string };

/** The listed notes right before and after a place, for the links below a permalink. */
export function findNeighbours(
  db: Database,
  place: Cursor,
): { newer: LinkedNote | undefined; older: LinkedNote | undefined } {
  const newer = db.get<LinkedRow>(
    `SELECT id, slug, title, iif(title IS NULL, content_text, '') AS content_text FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) > (:publishedAt, :id)
      ORDER BY published_at, id
      LIMIT 1`,
    place,
  );
  const older = db.get<LinkedRow>(
    `SELECT id, slug, title, iif(title IS NULL, content_text, '') AS content_text FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT 1`,
    place,
  );
  return { newer: newer && toLinkedNote(newer), older: older && toLinkedNote(older) };
}

function toLinkedNote({ content_text: contentText, title, ...row }: LinkedRow): LinkedNote {
  return { ...row, title: title ?? undefined, contentText };
}
