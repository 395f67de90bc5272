import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Autosave, TypedFields } from "./autosave.ts";

type AutosaveRow = {
  editor_key: string;
  note_id: number | null;
  device: string;
  saved_at: Timestamp;
  size_bytes: number;
  fields: string;
};

/** Keeps what an opened editor holds, in place of what it held before. */
export function saveAutosave(db: Database, autosave: Autosave): void {
  db.run(
    `INSERT INTO note_autosaves (editor_key, note_id, device, saved_at, size_bytes, fields)
     VALUES (:editorKey, :noteId, :device, :savedAt, :sizeBytes, :fields)
         ON CONFLICT (editor_key) DO UPDATE
        SET note_id = excluded.note_id, device = excluded.device, saved_at = excluded.saved_at,
            size_bytes = excluded.size_bytes, fields = excluded.fields`,
    { ...autosave, fields: JSON.stringify(autosave.fields) },
  );
}

/** What an opened editor holds; undefined when nothing is kept of it. */
export function findAutosave(db: Database, editorKey: string): Autosave | undefined {
  const row = db.get<AutosaveRow>("SELECT * FROM note_autosaves WHERE editor_key = :editorKey", { editorKey });
  return row && toAutosave(row);
}

/** Every autosave since a moment, newest first, `limit` at most. */
export function listAutosaves(db: Database, { since, limit }: { since: Timestamp; limit: number }): Autosave[] {
  return db
    .all<AutosaveRow>("SELECT * FROM note_autosaves WHERE saved_at >= :since ORDER BY saved_at DESC LIMIT :limit", {
      since,
      limit,
    })
    .map(toAutosave);
}

/** The autosaves of a stored note since a moment, or of the notes that were never saved; newest first. */
export function listNoteAutosaves(db: Database, noteId: number | undefined, since: Timestamp): Autosave[] {
  return db
    .all<AutosaveRow>(
      `SELECT * FROM note_autosaves
        WHERE note_id IS :noteId AND saved_at >= :since
        ORDER BY saved_at DESC`,
      { noteId, since },
    )
    .map(toAutosave);
}

/** Gives an autosave to another opened editor. Returns whether there was one. */
export function moveAutosave(db: Database, { editorKey, newKey }: { editorKey: string; newKey: string }): boolean {
  const moved = db.run("UPDATE note_autosaves SET editor_key = :newKey WHERE editor_key = :editorKey", {
    editorKey,
    newKey,
  });
  return moved.changes > 0;
}

/** Forgets what an opened editor held. */
export function removeAutosave(db: Database, editorKey: string): void {
  db.run("DELETE FROM note_autosaves WHERE editor_key = :editorKey", { editorKey });
}

/** Forgets what an opened editor held at a moment. Returns whether that was still what it holds. */
export function removeAutosaveOf(db: Database, held: Pick<Autosave, "editorKey" | "savedAt">): boolean {
  const { editorKey, savedAt } = held;
  const removed = db.run("DELETE FROM note_autosaves WHERE editor_key = :editorKey AND saved_at = :savedAt", {
    editorKey,
    savedAt,
  });
  return removed.changes > 0;
}

/** Forgets all autosaves of a note, for erasing. */
export function removeNoteAutosaves(db: Database, noteId: number): void {
  db.run("DELETE FROM note_autosaves WHERE note_id = :noteId", { noteId });
}

/**
 * Forgets autosaves from before a moment, and of a note (undefined: of new ones) all but `limit`: the newest, and the one
 * of `editorKey` whatever its time, since the clock may have been set.
 */
export function pruneAutosaves(
  db: Database,
  { since, ...kept }: { since: Timestamp; noteId: number | undefined; editorKey: string; limit: number },
): void {
  db.run("DELETE FROM note_autosaves WHERE saved_at < :since", { since });
  db.run(
    `DELETE FROM note_autosaves
      WHERE editor_key IN (SELECT editor_key FROM note_autosaves
                            WHERE note_id IS :noteId
                            ORDER BY editor_key = :editorKey DESC, saved_at DESC LIMIT -1 OFFSET :limit)`,
    kept,
  );
}

function toAutosave(row: AutosaveRow): Autosave {
  return {
    editorKey: row.editor_key,
    noteId: row.note_id ?? undefined,
    device: row.device,
    savedAt: row.saved_at,
    sizeBytes: row.size_bytes,
    fields: JSON.parse(row.fields) as TypedFields,
  };
}
