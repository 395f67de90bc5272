import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { ContentFormat, Note, NoteKind, NoteStatus, Visibility } from "./note.ts";

/** A row of `notes` as SQLite gives it. */
export type NoteRow = {
  id: number;
  uid: string;
  anchor: string;
  slug: string;
  kind: NoteKind;
  status: NoteStatus;
  restore_status: "draft" | "scheduled" | "published" | null;
  visibility: Visibility;
  title: string | null;
  content: string;
  content_format: ContentFormat;
  content_html: string;
  content_text: string;
  unspaced_text: string | null;
  renderer_version: number;
  tags: string;
  language: string | null;
  published_at: Timestamp | null;
  published_offset: number | null;
  updated_at: Timestamp | null;
  first_public_at: Timestamp | null;
  created_at: Timestamp;
  changed_at: Timestamp;
  trashed_at: Timestamp | null;
  version: number;
  properties: string;
  made_by: string;
  import_path: string | null;
  import_hash: string | null;
  import_version: number | null;
};

/** Where an imported note came from, and which version the import made. */
export type ImportMark = { readonly path: string; readonly hash: string | undefined; readonly version: number };

/** A note with what only the operations need. */
export type StoredNote = Note & {
  readonly restoreStatus: "draft" | "scheduled" | "published" | undefined;
  readonly rendererVersion: number;
  /** What title, text and tags have of scripts without spaces, for search; undefined: nothing. */
  readonly unspacedText: string | undefined;
  readonly importMark: ImportMark | undefined;
};

/** The note with this row id, whatever its status. */
export function findNote(db: Database, id: number): StoredNote | undefined {
  const row = db.get<NoteRow>("SELECT * FROM notes WHERE id = :id", { id });
  return row && toStoredNote(row);
}

/** The note with this slug, whatever its status. Old slugs are found by `findNoteByAlias`. */
export function findNoteBySlug(db: Database, slug: string): StoredNote | undefined {
  const row = db.get<NoteRow>("SELECT * FROM notes WHERE slug = :slug", { slug });
  return row && toStoredNote(row);
}

/** The note that was imported from this path below the imported folder. */
export function findNoteByImportPath(db: Database, path: string): StoredNote | undefined {
  const row = db.get<NoteRow>("SELECT * FROM notes WHERE import_path = :path", { path });
  return row && toStoredNote(row);
}

/** The note with this permanent id. */
export function findNoteByUid(db: Database, uid: string): StoredNote | undefined {
  const row = db.get<NoteRow>("SELECT * FROM notes WHERE uid = :uid", { uid });
  return row && toStoredNote(row);
}

/** Path below the imported folder and slug of every note that was imported. */
export function listImportedSlugs(db: Database): [path: string, slug: string][] {
  return db
    .all<{ import_path: string; slug: string }>(
      "SELECT import_path, slug FROM notes WHERE import_path IS NOT NULL ORDER BY id",
    )
    .map((row) => [row.import_path, row.slug]);
}

/** The notes with these row ids, in the order of the ids; ids without a note are left out. */
export function listNotesById(db: Database, ids: readonly number[]): StoredNote[] {
  return db
    .all<NoteRow>(
      `SELECT notes.* FROM json_each(:ids) AS wanted JOIN notes ON notes.id = wanted.value
        ORDER BY wanted.key`,
      { ids: JSON.stringify(ids) },
    )
    .map(toStoredNote);
}

/** Writes a new note and returns its row id. The caller runs it inside `db.write`. */
export function insertNote(db: Database, note: Omit<StoredNote, "id">): number {
  return Number(
    db.run(
      `INSERT INTO notes (uid, anchor, slug, kind, status, restore_status, visibility, title, content, content_format,
                          content_html, content_text, unspaced_text, renderer_version, tags, language, published_at,
                          published_offset, updated_at, first_public_at, created_at, changed_at, trashed_at, version,
                          properties, made_by, import_path, import_hash, import_version)
       VALUES (:uid, :anchor, :slug, :kind, :status, :restoreStatus, :visibility, :title, :content, :contentFormat,
               :contentHtml, :contentText, :unspacedText, :rendererVersion, :tags, :language, :publishedAt,
               :publishedOffset, :updatedAt, :firstPublicAt, :createdAt, :changedAt, :trashedAt, :version,
               :properties, :madeBy, :importPath, :importHash, :importVersion)`,
      toParameters(note),
    ).lastInsertRowid,
  );
}

/** Writes a note over its row. `uid`, `anchor`, `created_at` and `made_by` never change. */
export function updateNote(db: Database, note: StoredNote): void {
  db.run(
    `UPDATE notes
        SET slug = :slug, kind = :kind, status = :status, restore_status = :restoreStatus, visibility = :visibility,
            title = :title, content = :content, content_format = :contentFormat, content_html = :contentHtml,
            content_text = :contentText, unspaced_text = :unspacedText, renderer_version = :rendererVersion,
            tags = :tags, language = :language, published_at = :publishedAt, published_offset = :publishedOffset,
            updated_at = :updatedAt, first_public_at = :firstPublicAt, changed_at = :changedAt,
            trashed_at = :trashedAt, version = :version, properties = :properties, import_path = :importPath, import_hash = :importHash, import_version = :importVersion
      WHERE id = :id`,
    { ...toParameters(note), id: note.id },
  );
}

/** Replaces what rendering made, when nothing was written: no new version, `updated_at` stays. */
export function updateRendering(
  db: Database,
  id: number,
  rendering: Pick<StoredNote, "contentHtml" | "contentText" | "unspacedText" | "rendererVersion" | "changedAt">,
): void {
  db.run(
    `UPDATE notes
        SET content_html = :contentHtml, content_text = :contentText, unspaced_text = :unspacedText,
            renderer_version = :rendererVersion, changed_at = :changedAt
      WHERE id = :id`,
    { ...rendering, id },
  );
}

// Column by column: to copy all but three costs several times as much.
function toParameters(note: Omit<StoredNote, "id">) {
  return {
    uid: note.uid,
    anchor: note.anchor,
    slug: note.slug,
    kind: note.kind,
    status: note.status,
    restoreStatus: note.restoreStatus,
    visibility: note.visibility,
    title: note.title,
    content: note.content,
    contentFormat: note.contentFormat,
    contentHtml: note.contentHtml,
    contentText: note.contentText,
    unspacedText: note.unspacedText,
    rendererVersion: note.rendererVersion,
    tags: JSON.stringify(note.tags),
    language: note.language,
    publishedAt: note.publishedAt,
    publishedOffset: note.publishedOffset,
    updatedAt: note.updatedAt,
    firstPublicAt: note.firstPublicAt,
    createdAt: note.createdAt,
    changedAt: note.changedAt,
    trashedAt: note.trashedAt,
    version: note.version,
    properties: JSON.stringify(note.properties),
    madeBy: note.madeBy,
    importPath: note.importMark?.path,
    importHash: note.importMark?.hash,
    importVersion: note.importMark?.version,
  };
}

/** Converts a row; shared by the other stores of notes. */
export function toStoredNote(row: NoteRow): StoredNote {
  return {
    id: row.id,
    uid: row.uid,
    anchor: row.anchor,
    slug: row.slug,
    kind: row.kind,
    status: row.status,
    restoreStatus: row.restore_status ?? undefined,
    visibility: row.visibility,
    title: row.title ?? undefined,
    content: row.content,
    contentFormat: row.content_format,
    contentHtml: row.content_html,
    contentText: row.content_text,
    unspacedText: row.unspaced_text ?? undefined,
    rendererVersion: row.renderer_version,
    tags: JSON.parse(row.tags),
    language: row.language ?? undefined,
    publishedAt: row.published_at ?? undefined,
    publishedOffset: row.published_offset ?? undefined,
    updatedAt: row.updated_at ?? undefined,
    firstPublicAt: row.first_public_at ?? undefined,
    createdAt: row.created_at,
    changedAt: row.changed_at,
    trashedAt: row.trashed_at ?? undefined,
    version: row.version,
    properties: JSON.parse(row.properties),
    madeBy: row.made_by,
    importMark:
      row.import_path === null
        ? undefined
        : { path: row.import_path, hash: row.import_hash ?? undefined, version: row.import_version ?? 0 },
  };
}
