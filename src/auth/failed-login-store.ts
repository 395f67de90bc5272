import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A try, and whose it was. */
export type FailedTry = { readonly id: number; readonly visitor: string; readonly failedAt: Timestamp };

type FailedTryRow = { id: number; network: string; failed_at: Timestamp };

/** Inserts one try and returns its id. Only inside a write. */
export function insertTry(db: Database, visitor: string, now: Timestamp): number {
  return db.run("INSERT INTO failed_logins (network, failed_at) VALUES (:visitor, :now)", { visitor, now })
    .lastInsertRowid;
}

/** Takes a try back: it was a right password, or is long past. Only inside a write. */
export function removeTry(db: Database, id: number): void {
  db.run("DELETE FROM failed_logins WHERE id = :id", { id });
}

/** Forgets every try. Only inside a write. */
export function removeTries(db: Database): void {
  db.run("DELETE FROM failed_logins");
}

/** Moves a try to another moment. Only inside a write. */
export function updateTryTime(db: Database, id: number, failedAt: Timestamp): void {
  db.run("UPDATE failed_logins SET failed_at = :failedAt WHERE id = :id", { id, failedAt });
}

/** Every try that is written down: no more than the limits let through in an hour. */
export function listTries(db: Database): FailedTry[] {
  return db
    .all<FailedTryRow>("SELECT id, network, failed_at FROM failed_logins")
    .map((row) => ({ id: row.id, visitor: row.network, failedAt: row.failed_at }));
}
