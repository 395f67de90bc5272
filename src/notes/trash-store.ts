import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Counts today for every note in the trash for which it was not counted yet. */
export function countTrashDay(db: Database, today: string): void {
  db.run(
    `INSERT INTO trash_days (note_id, seen_on, days)
     SELECT id, :today, 1 FROM notes INDEXED BY notes_by_change WHERE status = 'trashed'
         ON CONFLICT (note_id) DO UPDATE SET seen_on = :today, days = days + 1 WHERE seen_on <> :today`,
    { today },
  );
}

/** Notes that were trashed at `trashedUntil` or before and seen there on so many days, by row id, at most `limit`. */
export function listDueTrash(
  db: Database,
  due: { readonly trashedUntil: Timestamp; readonly days: number; readonly limit: number },
): number[] {
  return db
    .all<{ id: number }>(
      `SELECT notes.id
         FROM trash_days JOIN notes ON notes.id = trash_days.note_id
        WHERE trash_days.days >= :days AND notes.status = 'trashed' AND notes.trashed_at <= :trashedUntil
        ORDER BY notes.id
        LIMIT :limit`,
      due,
    )
    .map(({ id }) => id);
}

/** On how many days each of these notes was seen in the trash; one that was not is missing. */
export function findTrashDays(db: Database, noteIds: readonly number[]): ReadonlyMap<number, number> {
  const rows = db.all<{ note_id: number; days: number }>(
    "SELECT note_id, days FROM trash_days WHERE note_id IN (SELECT value FROM json_each(:ids))",
    { ids: JSON.stringify(noteIds) },
  );
  return new Map(rows.map((row) => [row.note_id, row.days]));
}
