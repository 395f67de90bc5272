import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { BulkAct, NoteBefore } from "./bulk-act.ts";
import { MAX_BULK_NOTES } from "./bulk-act.ts";
import type { StoredNote } from "./note-store.ts";

type ActRow = {
  act_key: string;
  action: BulkAct["action"];
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
  act: Pick<BulkAct, "key" | "action" | "tags" | "noteCount">,
  times: { now: Timestamp; since: Timestamp },
): boolean {
  db.run("DELETE FROM bulk_acts WHERE made_at < :since", { since: times.since });
  const inserted = db.run(
    `INSERT INTO bulk_acts (act_key, action, tags, note_count, made_at)
     VALUES (:key, :action, :tags, :noteCount, :now)
         ON CONFLICT (act_key) DO NOTHING`,
    {
      key: act.key,
      action: act.action,
      tags: JSON.stringify(act.tags),
      noteCount: act.noteCount,
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
    { key, noteId: after.id, version: after.version, before: JSON.stringify(toBefore(before, after)) },
  );
  if (inserted.changes === 0) throw new AppError("conflict", said`It was undone before the turn of this note came.`);
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

/** What became of the notes of an act, at most `limit`, those that were left out first. */
export function listBulkNotes(db: Database, key: string, limit: number = MAX_BULK_NOTES): BulkNote[] {
  return db
    .all<NoteRow>(
      `SELECT note_id, version, before, reason FROM bulk_act_notes
        WHERE act_key = :key
        ORDER BY reason IS NULL, note_id
        LIMIT :limit`,
      { key, limit },
    )
    .map(toNote);
}

/** How many notes an act changed, and of these: how many are put back, and how many stay so although it was undone. */
export type BulkCounts = { readonly changed: number; readonly putBack: number; readonly stayed: number };

/** Counts the notes of an act. */
export function countBulkNotes(db: Database, key: string): BulkCounts {
  const row = db.get<BulkCounts>(
    `SELECT count(*) AS changed, total(put_back) AS putBack, count(reason) AS stayed
       FROM bulk_act_notes
      WHERE act_key = :key AND version IS NOT NULL`,
    { key },
  );
  return row ?? { changed: 0, putBack: 0, stayed: 0 };
}

/** Whether an act has come to a note, and changed it. */
export function isBulkNote(db: Database, key: string, noteId: number): boolean {
  return (
    db.get("SELECT 1 FROM bulk_act_notes WHERE act_key = :key AND note_id = :noteId", { key, noteId }) !== undefined
  );
}

/** Notes past a row id that an act changed and that are neither put back nor left as they are, at most `limit`. */
export function listNotesToPutBack(db: Database, key: string, page: { after: number; limit: number }): BulkNote[] {
  return db
    .all<NoteRow>(
      `SELECT note_id, version, before, reason FROM bulk_act_notes
        WHERE act_key = :key AND note_id > :after AND version IS NOT NULL AND reason IS NULL AND put_back = 0
        ORDER BY note_id
        LIMIT :limit`,
      { key, ...page },
    )
    .map(toNote);
}

/** Notes that a note is as it was before an act. */
export function markPutBack(db: Database, key: string, noteId: number): void {
  db.run("UPDATE bulk_act_notes SET put_back = 1 WHERE act_key = :key AND note_id = :noteId", { key, noteId });
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

function toBefore(note: StoredNote, after: StoredNote): NoteBefore {
  const { status, restoreStatus, visibility, tags, publishedAt, publishedOffset, updatedAt, trashedAt } = note;
  const before = { status, restoreStatus, visibility, tags, publishedAt, publishedOffset, updatedAt, trashedAt };
  const { content, contentHtml, contentText, rendererVersion } = note;
  return content === after.content ? before : { ...before, content, contentHtml, contentText, rendererVersion };
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
