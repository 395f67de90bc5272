import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Note } from "./note.ts";

/** What a save did to a note. */
export type NoteAction =
  | "publish"
  | "schedule"
  | "save_draft"
  | "revise"
  | "retract"
  | "trash"
  | "restore"
  | "publish_scheduled";

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

/** Keeps the note as this save left it. */
export function insertRevision(db: Database, note: Note, save: { madeBy: string; action: NoteAction }): void {
  db.run(
    `INSERT INTO note_revisions (note_id, version, saved_at, made_by, action, slug, kind, status, visibility, title,
                                 content, content_format, tags, language, published_at, published_offset, properties)
     VALUES (:noteId, :version, :savedAt, :madeBy, :action, :slug, :kind, :status, :visibility, :title,
             :content, :contentFormat, :tags, :language, :publishedAt, :publishedOffset, :properties)`,
    {
      noteId: note.id,
      version: note.version,
      savedAt: note.changedAt,
      madeBy: save.madeBy,
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

/** Who made the newest save of a note. */
export function findLastWriter(db: Database, noteId: number): string | undefined {
  return db.get<{ made_by: string }>(
    "SELECT made_by FROM note_revisions WHERE note_id = :noteId ORDER BY version DESC LIMIT 1",
    { noteId },
  )?.made_by;
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
