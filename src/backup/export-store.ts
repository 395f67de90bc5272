import type { Reader } from "../db/connection.ts";
import type { NoteRow } from "../notes/note-store.ts";
import type { ExportedNote } from "./export-note.ts";

/** A note as a row of the database: `id` is where the next page begins. */
export type ExportRow = ExportedNote & { readonly id: number };

type NoteColumns = Pick<
  NoteRow,
  | "id"
  | "uid"
  | "slug"
  | "kind"
  | "status"
  | "restore_status"
  | "visibility"
  | "title"
  | "content"
  | "content_format"
  | "tags"
  | "language"
  | "published_at"
  | "published_offset"
  | "updated_at"
  | "first_public_at"
  | "created_at"
  | "trashed_at"
  | "properties"
> & { aliases: string };

/** The notes past row id `after`, of every status, in the order in which they were made. */
export function listExportedNotes(db: Reader, page: { after: number; limit: number }): ExportRow[] {
  return db
    .all<NoteColumns>(
      `SELECT id, uid, slug, kind, status, restore_status, visibility, title, content, content_format, tags, language,
              published_at, published_offset, updated_at, first_public_at, created_at, trashed_at, properties,
              (SELECT json_group_array(path)
                 FROM (SELECT path FROM note_aliases WHERE note_id = notes.id ORDER BY path)) AS aliases
         FROM notes
        WHERE id > :after
        ORDER BY id
        LIMIT :limit`,
      page,
    )
    .map(toExportRow);
}

/** How many notes there are, of every status. */
export function countAllNotes(db: Reader): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM notes")?.count ?? 0;
}

/** Name of every media file, what it was called when it came, and what it shows, where the author has said so. */
export function listMediaNames(db: Reader): { name: string; originalName: string | null; alt?: string }[] {
  return db
    .all<{ name: string; originalName: string | null; alt: string }>(
      "SELECT name, original_name AS originalName, alt FROM media ORDER BY name",
    )
    .map(({ alt, ...file }) => (alt === "" ? file : { ...file, alt }));
}

/** Images elsewhere of which there is a copy, and its name. */
export function listRemoteCopies(db: Reader): { url: string; name: string }[] {
  return db.all("SELECT url, media_name AS name FROM remote_images WHERE media_name IS NOT NULL ORDER BY url");
}

function toExportRow(row: NoteColumns): ExportRow {
  return {
    id: row.id,
    uid: row.uid,
    slug: row.slug,
    kind: row.kind,
    status: row.status,
    restoreStatus: row.restore_status ?? undefined,
    visibility: row.visibility,
    title: row.title ?? undefined,
    content: row.content,
    contentFormat: row.content_format,
    tags: JSON.parse(row.tags),
    language: row.language ?? undefined,
    publishedAt: row.published_at ?? undefined,
    publishedOffset: row.published_offset ?? undefined,
    updatedAt: row.updated_at ?? undefined,
    firstPublicAt: row.first_public_at ?? undefined,
    createdAt: row.created_at,
    trashedAt: row.trashed_at ?? undefined,
    properties: JSON.parse(row.properties),
    aliases: JSON.parse(row.aliases),
  };
}
