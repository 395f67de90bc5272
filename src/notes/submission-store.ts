import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A form's random key and the hash of all that it sent. */
export type Submission = { readonly formKey: string; readonly contentHash: string };

/** The note that the same form with the same content made before. */
export function findSubmittedNoteId(db: Database, submission: Submission): number | undefined {
  return db.get<{ note_id: number }>(
    "SELECT note_id FROM note_submissions WHERE form_key = :formKey AND content_hash = :contentHash",
    submission,
  )?.note_id;
}

/** The note that a form made, whatever it sent then. */
export function findFormNoteId(db: Database, formKey: string): number | undefined {
  return db.get<{ note_id: number }>("SELECT note_id FROM note_submissions WHERE form_key = :formKey LIMIT 1", {
    formKey,
  })?.note_id;
}

/** Remembers which note a form made. */
export function insertSubmission(db: Database, submission: Submission & { noteId: number; now: Timestamp }): void {
  db.run(
    `INSERT INTO note_submissions (form_key, content_hash, note_id, created_at)
     VALUES (:formKey, :contentHash, :noteId, :now)`,
    submission,
  );
}

/** Forgets what forms made this note, for erasing. */
export function removeSubmissions(db: Database, noteId: number): void {
  db.run("DELETE FROM note_submissions WHERE note_id = :noteId", { noteId });
}

/** Submissions whose key begins with `prefix`, made before a moment. */
type OldSubmissions = { readonly prefix: string; readonly before: Timestamp };

/** Whether there are any such. */
export function hasOldSubmissions(db: Database, old: OldSubmissions): boolean {
  return (
    db.get(
      `SELECT 1 FROM note_submissions
        WHERE form_key >= :prefix AND form_key < :prefix || char(65535) AND created_at <= :before
        LIMIT 1`,
      old,
    ) !== undefined
  );
}

/** Forgets them. Only inside a write. */
export function removeOldSubmissions(db: Database, old: OldSubmissions): void {
  db.run(
    `DELETE FROM note_submissions
      WHERE form_key >= :prefix AND form_key < :prefix || char(65535) AND created_at <= :before`,
    old,
  );
}
