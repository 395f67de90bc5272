import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { LinkedNote, LinkedRow } from "./neighbours-store.ts";
import { toLinkedNote } from "./neighbours-store.ts";
import type { NoteStatus } from "./note.ts";
import type { NoteRow, StoredNote } from "./note-store.ts";
import { toStoredNote } from "./note-store.ts";

/** Which notes the author wants to see: of one status or all but erased ones, and which page of them. */
export type WrittenNotesRequest = {
  readonly status: NoteStatus | "all";
  readonly limit: number;
  /** Continue after the note with this last write and id. */
  readonly before?: { readonly changedAt: Timestamp; readonly id: number } | undefined;
};

/** The author's notes, last changed first. Trashed ones only when asked for by status; erased ones never. */
export function listWrittenNotes(db: Database, request: WrittenNotesRequest): StoredNote[] {
  return db
    .all<NoteRow>(
      `SELECT * FROM notes INDEXED BY notes_by_change
        WHERE status <> 'erased' AND (status = :status OR (:status = 'all' AND status <> 'trashed'))
          AND (changed_at, id) < (:changedAt, :id)
        ORDER BY changed_at DESC, id DESC
        LIMIT :limit`,
      {
        status: request.status,
        limit: request.limit,
        // "~" sorts after every time: the first page begins before nothing.
        changedAt: request.before?.changedAt ?? "~",
        id: request.before?.id ?? 0,
      },
    )
    .map(toStoredNote);
}

/** Notes that are neither trashed nor erased by what a link needs of them, last changed first. */
export function listLatestNotes(db: Database, limit: number): LinkedNote[] {
  return db
    .all<LinkedRow>(
      `SELECT id, slug, kind, title, iif(title IS NULL, substr(content_text, 1, 200), '') AS content_text,
              iif(title IS NULL AND content_text = '', properties, '{}') AS properties
         FROM notes INDEXED BY notes_by_change
        WHERE status NOT IN ('trashed', 'erased')
        ORDER BY changed_at DESC, id DESC
        LIMIT :limit`,
      { limit },
    )
    .map((row) => toLinkedNote(db, row));
}

/** Ids of the author's notes as `listWrittenNotes` has them, the one that was changed longest ago first. */
export function listWrittenIds(db: Database, request: Pick<WrittenNotesRequest, "status" | "limit">): number[] {
  return db
    .all<{ id: number }>(
      `SELECT id FROM notes INDEXED BY notes_by_change
        WHERE status <> 'erased' AND (status = :status OR (:status = 'all' AND status <> 'trashed'))
        ORDER BY changed_at, id
        LIMIT :limit`,
      request,
    )
    .map(({ id }) => id);
}

/** How many notes have each status; a status without notes is missing. */
export function countNotesByStatus(db: Database): ReadonlyMap<NoteStatus, number> {
  const rows = db.all<{ status: NoteStatus; count: number }>(
    "SELECT status, count(*) AS count FROM notes WHERE status <> 'erased' GROUP BY status",
  );
  return new Map(rows.map((row) => [row.status, row.count]));
}

/** Labels of all tags that any note has, the most used first, at most `limit`; each as the newest note writes it. */
export function listTagLabels(db: Database, limit: number): string[] {
  return db
    .all<{ label: string }>(
      // Beside a max() SQLite takes the other columns from its row. Of notes that are listed nowhere the last is the newest.
      `SELECT label, max(coalesce(listed_at, '') || printf('/%019d', note_id)) AS newest
         FROM note_tags
        GROUP BY tag
        ORDER BY count(*) DESC, tag
        LIMIT :limit`,
      { limit },
    )
    .map((row) => row.label);
}
