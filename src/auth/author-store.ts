import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Whether someone has set the site up. */
export function hasAuthor(db: Database): boolean {
  return db.remember(findPasswordHash) !== undefined;
}

/** The hash of the author's password; undefined before set-up. */
export function findPasswordHash(db: Database): string | undefined {
  return db.get<{ password_hash: string }>("SELECT password_hash FROM author")?.password_hash;
}

/** Inserts the one author. Only inside a write; throws SQLITE_CONSTRAINT_PRIMARYKEY when there is one. */
export function insertAuthor(db: Database, passwordHash: string, now: Timestamp): void {
  db.run(
    `INSERT INTO author (id, password_hash, password_changed_at, created_at)
     VALUES (1, :passwordHash, :now, :now)`,
    { passwordHash, now },
  );
}

/** Replaces the hash of the author's password. Only inside a write. */
export function updatePasswordHash(db: Database, passwordHash: string, now: Timestamp): void {
  db.run("UPDATE author SET password_hash = :passwordHash, password_changed_at = :now", { passwordHash, now });
}

/** Whether signing in by password is turned off. */
export function isPasswordOff(db: Database): boolean {
  return db.get<{ off: Timestamp | null }>("SELECT password_off_at AS off FROM author")?.off != null;
}

/** Turns signing in by password off from this moment, or on. Only inside a write. */
export function updatePasswordOff(db: Database, offAt: Timestamp | undefined): void {
  db.run("UPDATE author SET password_off_at = :offAt", { offAt });
}
