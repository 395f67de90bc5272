import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** The second step after the password, if the author has turned it on. */
export type SecondStep = { readonly sealedSecret: string; readonly lastStep: number; readonly createdAt: Timestamp };

/** A right password that waits for its second step. */
export type HalfLogin = { readonly ticketHash: string; readonly sealedSecret: string; readonly expiresAt: Timestamp };

type SecondStepRow = { sealed_secret: string; last_step: number; created_at: Timestamp };
type HalfLoginRow = { sealed_secret: string; expires_at: Timestamp };

/** The second step; undefined while there is none. */
export function findSecondStep(db: Database): SecondStep | undefined {
  const row = db.get<SecondStepRow>("SELECT sealed_secret, last_step, created_at FROM second_step");
  return row && { sealedSecret: row.sealed_secret, lastStep: row.last_step, createdAt: row.created_at };
}

/** Inserts the second step. Only inside a write; throws SQLITE_CONSTRAINT_PRIMARYKEY when there is one. */
export function insertSecondStep(db: Database, step: SecondStep): void {
  db.run(
    `INSERT INTO second_step (id, sealed_secret, last_step, created_at)
     VALUES (1, :sealedSecret, :lastStep, :createdAt)`,
    step,
  );
}

/** Seals the secret otherwise. Only inside a write. */
export function updateSealedSecret(db: Database, sealedSecret: string): void {
  db.run("UPDATE second_step SET sealed_secret = :sealedSecret", { sealedSecret });
}

/** Notes the step of time whose code was taken. Only inside a write. */
export function updateLastStep(db: Database, lastStep: number): void {
  db.run("UPDATE second_step SET last_step = :lastStep", { lastStep });
}

/** Removes the second step with its recovery codes, and what waits for it. Only inside a write. */
export function removeSecondStep(db: Database): void {
  db.run("DELETE FROM second_step");
  db.run("DELETE FROM recovery_codes");
  removeHalfLogins(db);
}

/** Puts recovery codes in the place of those that were. Only inside a write. */
export function replaceRecoveryCodes(db: Database, hashes: readonly string[]): void {
  db.run("DELETE FROM recovery_codes");
  db.run("INSERT INTO recovery_codes (code_hash) SELECT value FROM json_each(:hashes)", {
    hashes: JSON.stringify(hashes),
  });
}

/** How many recovery codes are still good. */
export function countRecoveryCodes(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM recovery_codes WHERE used_at IS NULL")?.count ?? 0;
}

/** Uses a recovery code up; returns whether it was good. Only inside a write. */
export function updateRecoveryCodeUse(db: Database, codeHash: string, now: Timestamp): boolean {
  const { changes } = db.run(
    "UPDATE recovery_codes SET used_at = :now WHERE code_hash = :codeHash AND used_at IS NULL",
    { codeHash, now },
  );
  return changes > 0;
}

/** Inserts a right password that waits. Only inside a write. */
export function insertHalfLogin(db: Database, half: HalfLogin): void {
  db.run(
    `INSERT INTO half_logins (ticket_hash, sealed_secret, expires_at)
     VALUES (:ticketHash, :sealedSecret, :expiresAt)`,
    half,
  );
}

/** The one whose ticket has this hash, also one that has run out. */
export function findHalfLogin(db: Database, ticketHash: string): HalfLogin | undefined {
  const row = db.get<HalfLoginRow>(
    "SELECT sealed_secret, expires_at FROM half_logins WHERE ticket_hash = :ticketHash",
    {
      ticketHash,
    },
  );
  return row && { ticketHash, sealedSecret: row.sealed_secret, expiresAt: row.expires_at };
}

/** Removes one; returns whether it was there. Only inside a write. */
export function removeHalfLogin(db: Database, ticketHash: string): boolean {
  return db.run("DELETE FROM half_logins WHERE ticket_hash = :ticketHash", { ticketHash }).changes > 0;
}

/** Drops those that end up to `past` or after `future`. Only inside a write. */
export function removeHalfLoginsOutside(db: Database, times: { past: Timestamp; future: Timestamp }): void {
  db.run("DELETE FROM half_logins WHERE expires_at <= :past OR expires_at > :future", times);
}

/** Drops all of them. Only inside a write. */
export function removeHalfLogins(db: Database): void {
  db.run("DELETE FROM half_logins");
}
