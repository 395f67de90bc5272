import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Which tries are asked for: those of one visitor, or of all; after `since`, up to and with `until`. */
export type Tries = { readonly visitor: string | undefined; readonly since: Timestamp; readonly until: Timestamp };

/** Inserts one try and returns its id. Only inside a write. */
export function insertTry(db: Database, visitor: string, now: Timestamp): number {
  return db.run("INSERT INTO failed_logins (network, failed_at) VALUES (:visitor, :now)", { visitor, now })
    .lastInsertRowid;
}

/** Takes a try back: it was a right password. Only inside a write. */
export function removeTry(db: Database, id: number): void {
  db.run("DELETE FROM failed_logins WHERE id = :id", { id });
}

/** Forgets every try. Only inside a write. */
export function removeTries(db: Database): void {
  db.run("DELETE FROM failed_logins");
}

/**
 * Drops tries from before `since`, and moves those from after `now` to now: the clock was set back, and nobody is to
 * wait longer than the rule says. Only inside a write.
 */
export function tidyTries(db: Database, since: Timestamp, now: Timestamp): void {
  db.run("DELETE FROM failed_logins WHERE failed_at <= :since", { since });
  db.run("UPDATE failed_logins SET failed_at = :now WHERE failed_at > :now", { now });
}

/** Moment of the try that `newer` others of these came after; undefined when there are not so many. */
export function findTryTime(db: Database, tries: Tries, newer: number): Timestamp | undefined {
  return db.get<{ failed_at: Timestamp }>(
    `SELECT failed_at FROM failed_logins
      WHERE failed_at > :since AND failed_at <= :until AND (:visitor IS NULL OR network = :visitor)
      ORDER BY failed_at DESC
      LIMIT 1 OFFSET :newer`,
    { ...tries, newer },
  )?.failed_at;
}
