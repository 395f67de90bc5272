import type { Database } from "../../db/database.ts";
import type { Timestamp } from "../../lib/clock.ts";

/** An address whose owner may enter the admin. */
export type Identity = {
  readonly id: number;
  /** Canonical profile URL. */
  readonly me: string;
  readonly addedAt: Timestamp;
  /** Undefined: nobody has come by it. */
  readonly lastUsedAt: Timestamp | undefined;
};

type IdentityRow = { id: number; me: string; added_at: Timestamp; last_used_at: Timestamp | null };

/** All of them, in the order in which they were added. */
export function listIdentities(db: Database): Identity[] {
  return db.all<IdentityRow>("SELECT id, me, added_at, last_used_at FROM identities ORDER BY id").map(toIdentity);
}

/** The one with this address. */
export function findIdentity(db: Database, me: string): Identity | undefined {
  return listIdentities(db).find((identity) => identity.me === me);
}

/** Adds an address; returns false for one that is there already and stays as it is. Only inside a write. */
export function insertIdentity(db: Database, me: string, now: Timestamp): boolean {
  const sql = "INSERT INTO identities (me, added_at) VALUES (:me, :now) ON CONFLICT (me) DO NOTHING";
  return db.run(sql, { me, now }).changes > 0;
}

/** Takes an address out, and ends the logins that it opened. Only inside a write. */
export function removeIdentityRow(db: Database, id: number): void {
  db.run("DELETE FROM identities WHERE id = :id", { id });
}

/** Writes down which address opened a login, and when. Only inside a write. */
export function updateIdentityUse(
  db: Database,
  use: { readonly id: number; readonly sessionId: number; readonly now: Timestamp },
): void {
  db.run("UPDATE identities SET last_used_at = :now WHERE id = :id", { id: use.id, now: use.now });
  db.run("UPDATE sessions SET identity_id = :id WHERE id = :sessionId", { id: use.id, sessionId: use.sessionId });
}

function toIdentity(row: IdentityRow): Identity {
  return { id: row.id, me: row.me, addedAt: row.added_at, lastUsedAt: row.last_used_at ?? undefined };
}
