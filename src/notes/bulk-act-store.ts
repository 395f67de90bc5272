import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { BulkAct, BulkAction, BulkOrder, NoteBefore } from "./bulk-act.ts";
import type { StoredNote } from "./note-store.ts";

type ActRow = {
  act_key: string;
  action: BulkAction;
  tags: string;
  note_count: number;
  made_at: Timestamp;
  finished_at: Timestamp | null;
  undone_at: Timestamp | null;
};

/** What became of one note. `before` and `version` (that the act left) are there where it was changed. */
export type BulkNote = {
  readonly noteId: number;
  readonly version: number | undefined;
  readonly before: NoteBefore | undefined;
  /** Why the act, or its undoing, left the note out. */
  readonly reason: string | undefined;
};

type NoteRow = { note_id: number; version: number | null; before: string | null; reason: string | null };

/** Remembers an act that begins, and forgets those from before `since`. Returns false where it is known already. */
export function insertBulkAct(
  db: Database,
  order: Pick<BulkAct, "key" | "action" | "tags"> & Pick<BulkOrder, "noteIds">,
  times: { now: Timestamp; since: Timestamp },
): boolean {
  db.run("DELETE FROM bulk_acts WHERE made_at < :since", { since: times.since });
  const inserted = db.run(
    `INSERT INTO bulk_acts (act_key, action, tags, note_count, made_at)
     VALUES (:key, :action, :tags, :noteCount, :now)
         ON CONFLICT (act_key) DO NOTHING`,
    {
      key: order.key,
      action: order.action,
      tags: JSON.stringify(order.tags),
      noteCount: order.noteIds.length,
      now: times.now,
    },
  );
  return inserted.changes > 0;
}

/** An act since a moment. */
export function findBulkAct(db: Database, key: string, since: Timestamp): BulkAct | undefined {
  const row = db.get<ActRow>("SELECT * FROM bulk_acts WHERE act_key = :key AND made_at >= :since", { key, since });
  return row && toAct(row);
}

/** Notes what a note was that an act changes, in the transaction that changes it. Throws `conflict` where the act was undone. */
export function insertBulkChange(
  db: Database,
  key: string,
  { before, after }: { before: StoredNote; after: StoredNote },
): void {
  const inserted = db.run(
    `INSERT INTO bulk_act_notes (act_key, note_id, version, before)
     SELECT act_key, :noteId, :version, :before FROM bulk_acts WHERE act_key = :key AND undone_at IS NULL`,
    { key, noteId: after.id, version: after.version, before: JSON.stringify(toBefore(before)) },
  );
  if (inserted.changes === 0) throw new AppError("conflict", "It was undone before the turn of this note came.");
}

/** Notes why an act left notes out, and that it has come to its end. A note that is erased says nothing. */
export function finishBulkAct(
  db: Database,
  key: string,
  { leftOut, now }: { leftOut: readonly { noteId: number; reason: string }[]; now: Timestamp },
): void {
  db.run(
    `INSERT INTO bulk_act_notes (act_key, note_id, reason)
     SELECT :key, value ->> 'noteId', value ->> 'reason'
       FROM json_each(:leftOut)
      WHERE value ->> 'noteId' IN (SELECT id FROM notes)
         ON CONFLICT (act_key, note_id) DO NOTHING`,
    { key, leftOut: JSON.stringify(leftOut) },
  );
  db.run("UPDATE bulk_acts SET finished_at = :now WHERE act_key = :key", { key, now });
}

/** What became of the notes of an act, those that were left out first. */
export function listBulkNotes(db: Database, key: string): BulkNote[] {
  return db
    .all<NoteRow>(
      `SELECT note_id, version, before, reason FROM bulk_act_notes
        WHERE act_key = :key
        ORDER BY reason IS NULL, note_id`,
      { key },
    )
    .map(toNote);
}

/** Notes why undoing an act left a note as it is. */
export function updateBulkReason(db: Database, key: string, left: { noteId: number; reason: string }): void {
  db.run("UPDATE bulk_act_notes SET reason = :reason WHERE act_key = :key AND note_id = :noteId", { key, ...left });
}

/** Notes that an act is undone. Returns false where it was before. */
export function undoBulkAct(db: Database, key: string, now: Timestamp): boolean {
  const undone = db.run("UPDATE bulk_acts SET undone_at = :now WHERE act_key = :key AND undone_at IS NULL", {
    key,
    now,
  });
  return undone.changes > 0;
}

/** Forgets what acts know of a note, for erasing. */
export function removeBulkNotes(db: Database, noteId: number): void {
  db.run("DELETE FROM bulk_act_notes WHERE note_id = :noteId", { noteId });
}

function toBefore(note: StoredNote): NoteBefore {
  const { status, restoreStatus, visibility, tags, publishedAt, publishedOffset, updatedAt, trashedAt } = note;
  return { status, restoreStatus, visibility, tags, publishedAt, publishedOffset, updatedAt, trashedAt };
}

function toAct(row: ActRow): BulkAct {
  return {
    key: row.act_key,
    action: row.action,
    tags: JSON.parse(row.tags) as string[],
    noteCount: row.note_count,
    madeAt: row.made_at,
    finishedAt: row.finished_at ?? undefined,
    undoneAt: row.undone_at ?? undefined,
  };
}

function toNote(row: NoteRow): BulkNote {
  return {
    noteId: row.note_id,
    version: row.version ?? undefined,
    before: row.before === null ? undefined : (JSON.parse(row.before) as NoteBefore),
    reason: row.reason ?? undefined,
  };
}
