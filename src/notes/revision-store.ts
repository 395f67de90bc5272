import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { ContentFormat, Note, NoteKind, NoteStatus, Properties, Tag, Visibility } from "./note.ts";

/** What a save did to a note. */
export type NoteAction =
  | "publish"
  | "schedule"
  | "save_draft"
  | "revise"
  | "retract"
  | "trash"
  | "restore"
  | "publish_scheduled"
  | "restore_revision"
  /** A file that it names was replaced by another one. */
  | "replace_file"
  /** Two versions put together. */
  | "merge"
  /** What was sent on top of an older version, as it came; readers never saw it. */
  | "send"
  /** Put back as it was before a bulk act. */
  | "undo"
  /** Put back as it was before what an app did. */
  | "take_back";

/** One save of a note, as the history shows it. */
export type Revision = {
  readonly version: number;
  readonly savedAt: Timestamp;
  readonly madeBy: string;
  readonly action: NoteAction;
  readonly title: string | undefined;
  readonly content: string;
};

type RevisionRow = {
  version: number;
  saved_at: Timestamp;
  made_by: string;
  action: NoteAction;
  title: string | null;
  content: string;
};

/** A save as the list of a note's revisions shows it. */
export type RevisionSummary = {
  readonly version: number;
  readonly savedAt: Timestamp;
  readonly madeBy: string;
  /** Browser that the author wrote with; undefined for who has none, and for saves from before it was written down. */
  readonly device: string | undefined;
  readonly action: NoteAction;
  readonly status: NoteStatus;
  /** Of the text, in UTF-8. */
  readonly sizeBytes: number;
};

/** All that a save left of a note. */
export type WholeRevision = Omit<RevisionSummary, "sizeBytes"> &
  Pick<
    Note,
    | "id"
    | "slug"
    | "kind"
    | "visibility"
    | "title"
    | "content"
    | "contentFormat"
    | "tags"
    | "language"
    | "publishedAt"
    | "publishedOffset"
    | "properties"
  >;

type SummaryRow = {
  version: number;
  saved_at: Timestamp;
  made_by: string;
  device: string | null;
  action: NoteAction;
  status: NoteStatus;
};

type WholeRow = SummaryRow & {
  note_id: number;
  slug: string;
  kind: NoteKind;
  visibility: Visibility;
  title: string | null;
  content: string;
  content_format: ContentFormat;
  tags: string;
  language: string | null;
  published_at: Timestamp | null;
  published_offset: number | null;
  properties: string;
};

/** Keeps the note as this save left it. */
export function insertRevision(
  db: Database,
  note: Note,
  save: { madeBy: string; device?: string | undefined; action: NoteAction },
): void {
  db.run(
    `INSERT INTO note_revisions (note_id, version, saved_at, made_by, device, action, slug, kind, status, visibility,
                                 title, content, content_format, tags, language, published_at, published_offset,
                                 properties)
     VALUES (:noteId, :version, :savedAt, :madeBy, :device, :action, :slug, :kind, :status, :visibility,
             :title, :content, :contentFormat, :tags, :language, :publishedAt, :publishedOffset,
             :properties)`,
    {
      noteId: note.id,
      version: note.version,
      savedAt: note.changedAt,
      madeBy: save.madeBy,
      device: save.device,
      action: save.action,
      slug: note.slug,
      kind: note.kind,
      status: note.status,
      visibility: note.visibility,
      title: note.title,
      content: note.content,
      contentFormat: note.contentFormat,
      tags: JSON.stringify(note.tags),
      language: note.language,
      publishedAt: note.publishedAt,
      publishedOffset: note.publishedOffset,
      properties: JSON.stringify(note.properties),
    },
  );
}

/** All saves of a note, newest first. */
export function listRevisions(db: Database, noteId: number): Revision[] {
  return db
    .all<RevisionRow>(
      `SELECT version, saved_at, made_by, action, title, content
         FROM note_revisions
        WHERE note_id = :noteId
        ORDER BY version DESC`,
      { noteId },
    )
    .map(toRevision);
}

/** The saves of a note before a version, newest first, without their texts. */
export function listRevisionSummaries(
  db: Database,
  noteId: number,
  page: { before: number; limit: number },
): RevisionSummary[] {
  return db
    .all<SummaryRow & { size_bytes: number }>(
      `SELECT version, saved_at, made_by, device, action, status, octet_length(content) AS size_bytes
         FROM note_revisions
        WHERE note_id = :noteId AND version < :before
        ORDER BY version DESC
        LIMIT :limit`,
      { noteId, ...page },
    )
    .map((row) => ({ ...toSummary(row), sizeBytes: row.size_bytes }));
}

/** What a save left of a note; undefined where the note has no such version. */
export function findRevision(db: Database, noteId: number, version: number): WholeRevision | undefined {
  const row = db.get<WholeRow>(
    `SELECT note_id, version, saved_at, made_by, device, action, slug, kind, status, visibility, title, content, content_format,
            tags, language, published_at, published_offset, properties
       FROM note_revisions
      WHERE note_id = :noteId AND version = :version`,
    { noteId, version },
  );
  return row && toWholeRevision(row);
}

/** The newest version of a note before another one; undefined for its first. */
export function findVersionBefore(db: Database, noteId: number, version: number): number | undefined {
  return db.get<{ version: number }>(
    `SELECT version FROM note_revisions
      WHERE note_id = :noteId AND version < :version
      ORDER BY version DESC
      LIMIT 1`,
    { noteId, version },
  )?.version;
}

/** Whether somebody wrote in a note after that version; waiting for its time and a stay in the trash are no writing. */
export function isEditedSince(db: Database, noteId: number, version: number): boolean {
  const edit = db.get<{ version: number }>(
    `SELECT version FROM note_revisions
      WHERE note_id = :noteId AND version > :version AND action NOT IN ('publish_scheduled', 'trash', 'restore')
      LIMIT 1`,
    { noteId, version },
  );
  return edit !== undefined;
}

/** Forgets every save of a note, for erasing. */
export function removeRevisions(db: Database, noteId: number): void {
  db.run("DELETE FROM note_revisions WHERE note_id = :noteId", { noteId });
}

function toRevision(row: RevisionRow): Revision {
  return {
    version: row.version,
    savedAt: row.saved_at,
    madeBy: row.made_by,
    action: row.action,
    title: row.title ?? undefined,
    content: row.content,
  };
}

function toSummary(row: SummaryRow): Omit<RevisionSummary, "sizeBytes"> {
  return {
    version: row.version,
    savedAt: row.saved_at,
    madeBy: row.made_by,
    device: row.device ?? undefined,
    action: row.action,
    status: row.status,
  };
}

function toWholeRevision(row: WholeRow): WholeRevision {
  return {
    ...toSummary(row),
    id: row.note_id,
    slug: row.slug,
    kind: row.kind,
    visibility: row.visibility,
    title: row.title ?? undefined,
    content: row.content,
    contentFormat: row.content_format,
    tags: JSON.parse(row.tags) as Tag[],
    language: row.language ?? undefined,
    publishedAt: row.published_at ?? undefined,
    publishedOffset: row.published_offset ?? undefined,
    properties: JSON.parse(row.properties) as Properties,
  };
}
