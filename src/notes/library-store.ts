import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { NoteStatus } from "./note.ts";

/** Which files the author's library shows: all, those of a type, those that nothing uses, images that nobody has described. */
export type LibraryFilter = "all" | "image" | "video" | "audio" | "application" | "unused" | "undescribed";

/** A file as the author's library shows it. */
export type LibraryFile = {
  readonly id: number;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Pixels; null for what is no image. */
  readonly width: number | null;
  readonly height: number | null;
  readonly originalName: string | null;
  readonly alt: string;
  readonly createdAt: Timestamp;
  /** A smaller version; null: there is none. */
  readonly thumbnail: string | null;
};

/** A note that names a file. */
export type NoteUsing = {
  readonly mediaName: string;
  readonly id: number;
  readonly slug: string;
  readonly status: NoteStatus;
  readonly title: string | null;
  readonly textStart: string;
};

/** A page of the library, newest upload first. */
export function listLibrary(
  db: Database,
  page: { readonly filter: LibraryFilter; readonly before: number; readonly limit: number },
): LibraryFile[] {
  return db.all<LibraryFile>(
    `SELECT id, name, media_type AS mediaType, size_bytes AS sizeBytes, width, height, original_name AS originalName, alt,
            created_at AS createdAt,
            (SELECT name FROM media_variants WHERE media_name = media.name AND media_type = 'image/webp'
              ORDER BY width LIMIT 1) AS thumbnail
       FROM media
      WHERE id < :before
        AND (:filter NOT IN ('image', 'video', 'audio', 'application') OR media_type LIKE :filter || '/%')
        AND (:filter <> 'undescribed' OR (alt = '' AND width IS NOT NULL))
        AND (:filter <> 'unused' OR (
              NOT EXISTS (SELECT 1 FROM note_media WHERE media_name = media.name)
              AND NOT EXISTS (SELECT 1 FROM sections WHERE instr(description_html, '"/media/' || media.name || '"') > 0)
              AND NOT EXISTS (SELECT 1 FROM settings WHERE instr(value, '"' || media.name || '"') > 0)))
      ORDER BY id DESC
      LIMIT :limit`,
    page,
  );
}

/** The file of that name. */
export function findLibraryFile(db: Database, name: string): LibraryFile | undefined {
  return db.get<LibraryFile>(
    `SELECT id, name, media_type AS mediaType, size_bytes AS sizeBytes, width, height, original_name AS originalName, alt,
            created_at AS createdAt,
            (SELECT name FROM media_variants WHERE media_name = media.name AND media_type = 'image/webp'
              ORDER BY width LIMIT 1) AS thumbnail
       FROM media
      WHERE name = :name`,
    { name },
  );
}

/** The tags whose descriptions name a file. */
export function listSectionsUsing(db: Database, name: string): string[] {
  return db
    .all<{ tag: string }>(
      `SELECT tag FROM sections WHERE instr(description_html, '"/media/' || :name || '"') > 0 ORDER BY tag`,
      { name },
    )
    .map(({ tag }) => tag);
}

/** The notes that name any of these files, by row id. */
export function listNotesUsing(db: Database, mediaNames: readonly string[]): NoteUsing[] {
  return db.all<NoteUsing>(
    `SELECT note_media.media_name AS mediaName, notes.id, slug, status, title, substr(content_text, 1, 80) AS textStart
       FROM note_media JOIN notes ON notes.id = note_media.note_id
      WHERE note_media.media_name IN (SELECT value FROM json_each(:names))
      ORDER BY notes.id`,
    { names: JSON.stringify(mediaNames) },
  );
}

/** Published notes below row id `before` that show an image without a description, newest first. */
export function listUndescribedNotes(
  db: Database,
  page: { readonly before: number; readonly limit: number },
): { id: number; html: string; title: string | null; slug: string; textStart: string }[] {
  return db.all(
    `SELECT id, content_html AS html, title, slug, substr(content_text, 1, 80) AS textStart
       FROM notes
      WHERE id < :before AND status = 'published' AND content_html LIKE '%<img % alt=""%'
        AND id IN (SELECT note_id FROM note_media)
      ORDER BY id DESC
      LIMIT :limit`,
    page,
  );
}

/** What the author says of these images, by name; those of which nothing is said are missing. */
export function findDescriptions(db: Database, mediaNames: readonly string[]): ReadonlyMap<string, string> {
  const rows = db.all<{ name: string; alt: string }>(
    "SELECT name, alt FROM media WHERE alt <> '' AND name IN (SELECT value FROM json_each(:names))",
    { names: JSON.stringify(mediaNames) },
  );
  return new Map(rows.map(({ name, alt }) => [name, alt]));
}

/** Records what an image shows. Runs inside a transaction. */
export function updateDescription(db: Database, name: string, alt: string): void {
  db.run("UPDATE media SET alt = :alt WHERE name = :name", { name, alt });
}

/** Removes the row of a file, and those of its variants; a copy of an image elsewhere counts as failed. Runs inside a transaction. */
export function removeMedia(db: Database, name: string, now: Timestamp): void {
  db.run(
    "UPDATE remote_images SET media_name = NULL, reason = 'The copy was deleted.', changed_at = :now WHERE media_name = :name",
    { name, now },
  );
  db.run("DELETE FROM media_variants WHERE media_name = :name", { name });
  db.run("DELETE FROM media WHERE name = :name", { name });
}
