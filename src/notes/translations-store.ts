import type { Database } from "../db/database.ts";
import type { LinkedNote } from "./neighbours-store.ts";
import type { Note, NoteKind, NoteStatus, Visibility } from "./note.ts";
import { readProperties } from "./note-citations.ts";
import { MAX_TRANSLATIONS } from "./translations.ts";

/** A note as its translations know it. */
export type TranslatedNote = LinkedNote & Pick<Note, "status" | "visibility" | "language">;

type TranslatedRow = {
  id: number;
  slug: string;
  kind: NoteKind;
  status: NoteStatus;
  visibility: Visibility;
  title: string | null;
  properties: string;
  language: string | null;
  content_text: string;
};

/** The notes with a key that are neither trashed nor erased, the first first; at most MAX_TRANSLATIONS. */
export function listTranslatedNotes(db: Database, key: string): TranslatedNote[] {
  return db
    .all<TranslatedRow>(
      `SELECT notes.id, slug, kind, status, visibility, title, properties, language,
              iif(title IS NULL, substr(content_text, 1, 200), '') AS content_text
         FROM note_translations JOIN notes ON notes.id = note_translations.note_id
        WHERE translation_key = :key AND status NOT IN ('trashed', 'erased')
        ORDER BY notes.id
        LIMIT :limit`,
      { key, limit: MAX_TRANSLATIONS },
    )
    .map(({ content_text: contentText, ...row }) => ({
      ...row,
      title: row.title ?? undefined,
      language: row.language ?? undefined,
      properties: readProperties(row.properties),
      contentText,
    }));
}

/** Languages that any note of a group says, in their order. */
export function listTranslatedLanguages(db: Database): string[] {
  return db
    .all<{ language: string }>(
      `SELECT DISTINCT language
         FROM note_translations JOIN notes ON notes.id = note_translations.note_id
        WHERE language IS NOT NULL
        ORDER BY language`,
    )
    .map(({ language }) => language);
}

/** Keeps what a note has in common with its translations. Runs inside a write; what is so already is not written. */
export function keepTranslationKey(db: Database, noteId: number, key: string | undefined): void {
  if (key === undefined) {
    db.run("DELETE FROM note_translations WHERE note_id = :noteId", { noteId });
    return;
  }
  db.run(
    `INSERT INTO note_translations (note_id, translation_key)
     VALUES (:noteId, :key)
         ON CONFLICT (note_id) DO UPDATE SET translation_key = excluded.translation_key
      WHERE translation_key <> excluded.translation_key`,
    { noteId, key },
  );
}
