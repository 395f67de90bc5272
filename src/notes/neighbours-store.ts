import type { Database } from "../db/database.ts";
import type { Citation } from "./citation-store.ts";
import type { Cursor } from "./cursor.ts";
import type { Note, NoteKind } from "./note.ts";
import { citationsOf, NO_PROPERTIES, readProperties } from "./note-citations.ts";

/** What a link to a note needs of it. Text and properties are empty where the title says it all. */
export type LinkedNote = Pick<Note, "id" | "slug" | "kind" | "title" | "contentText" | "properties"> & {
  /** What is known of the pages that it is about, by URL. */
  readonly citations?: ReadonlyMap<string, Citation>;
};

/** The columns of it. */
export type LinkedRow = {
  id: number;
  slug: string;
  kind: NoteKind;
  title: string | null;
  content_text: string;
  properties: string;
};

/** The listed notes right before and after a place, for the links below a permalink. */
export function findNeighbours(
  db: Database,
  place: Cursor,
): { newer: LinkedNote | undefined; older: LinkedNote | undefined } {
  const newer = db.get<LinkedRow>(
    `SELECT id, slug, kind, title, iif(title IS NULL, content_text, '') AS content_text,
            iif(title IS NULL AND content_text = '', properties, '{}') AS properties
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) > (:publishedAt, :id)
      ORDER BY published_at, id
      LIMIT 1`,
    place,
  );
  const older = db.get<LinkedRow>(
    `SELECT id, slug, kind, title, iif(title IS NULL, content_text, '') AS content_text,
            iif(title IS NULL AND content_text = '', properties, '{}') AS properties
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT 1`,
    place,
  );
  return { newer: newer && toLinkedNote(db, newer), older: older && toLinkedNote(db, older) };
}

/** Row ids of the listed notes right before and after the place that a note has, or had; none where it has no time. */
export function findNeighbourIds(db: Database, noteId: number): number[] {
  return db
    .all<{ id: number | null }>(
      `SELECT (SELECT id
                 FROM notes AS newer
                WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
                  AND (newer.published_at, newer.id) > (note.published_at, note.id)
                ORDER BY published_at, id
                LIMIT 1) AS id
         FROM notes AS note
        WHERE note.id = :noteId
        UNION ALL
       SELECT (SELECT id
                 FROM notes AS older
                WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
                  AND (older.published_at, older.id) < (note.published_at, note.id)
                ORDER BY published_at DESC, id DESC
                LIMIT 1)
         FROM notes AS note
        WHERE note.id = :noteId`,
      { noteId },
    )
    .flatMap(({ id }) => id ?? []);
}

/** Reads such a row, with what is known of the pages that the note is about. */
export function toLinkedNote(db: Database, row: LinkedRow): LinkedNote {
  const { id, slug, kind, title, content_text: contentText } = row;
  const properties = readProperties(row.properties);
  const note = { id, slug, kind, title: title ?? undefined, contentText, properties };
  return properties === NO_PROPERTIES ? note : { ...note, citations: citationsOf(db, [note]) };
}
