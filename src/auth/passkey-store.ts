import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Passkey } from "./passkey.ts";

type PasskeyRow = {
  id: number;
  credential_id: string;
  public_key: Buffer;
  sign_count: number;
  transports: string;
  is_synced: number;
  name: string;
  created_at: Timestamp;
  last_used_at: Timestamp | null;
};

/** Inserts a passkey. Only inside a write; throws SQLITE_CONSTRAINT_UNIQUE when its credential is known. */
export function insertPasskey(db: Database, passkey: Omit<Passkey, "id" | "lastUsedAt">): number {
  const { publicKey, transports, isSynced, ...rest } = passkey;
  return db.run(
    `INSERT INTO passkeys (credential_id, public_key, sign_count, transports, is_synced, name, created_at)
     VALUES (:credentialId, :publicKey, :signCount, :transports, :isSynced, :name, :createdAt)`,
    {
      ...rest,
      publicKey: Buffer.from(publicKey),
      transports: JSON.stringify(transports),
      isSynced: isSynced ? 1 : 0,
    },
  ).lastInsertRowid;
}

/** All passkeys, the oldest first. */
export function listPasskeys(db: Database): Passkey[] {
  return db.all<PasskeyRow>("SELECT * FROM passkeys ORDER BY id").map(toPasskey);
}

/** How many passkeys there are. */
export function countPasskeys(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM passkeys")?.count ?? 0;
}

/** The passkey that a device names so; undefined when it is none of ours, or none any more. */
export function findPasskeyByCredential(db: Database, credentialId: string): Passkey | undefined {
  const row = db.get<PasskeyRow>("SELECT * FROM passkeys WHERE credential_id = :credentialId", { credentialId });
  return row && toPasskey(row);
}

/** The passkey with this id. */
export function findPasskey(db: Database, id: number): Passkey | undefined {
  const row = db.get<PasskeyRow>("SELECT * FROM passkeys WHERE id = :id", { id });
  return row && toPasskey(row);
}

/**
 * Writes down a use, if the device's counter is past the one of the last use, or the device does not count. Returns
 * whether it was. Only inside a write.
 */
export function updatePasskeyUse(db: Database, use: { id: number; signCount: number; now: Timestamp }): boolean {
  const { changes } = db.run(
    `UPDATE passkeys
        SET sign_count = :signCount,
            last_used_at = :now
      WHERE id = :id
        AND (:signCount > sign_count OR (:signCount = 0 AND sign_count = 0))`,
    use,
  );
  return changes > 0;
}

/** Gives a passkey another name. Only inside a write. */
export function updatePasskeyName(db: Database, id: number, name: string): void {
  db.run("UPDATE passkeys SET name = :name WHERE id = :id", { id, name });
}

/** Removes a passkey. Only inside a write. */
export function removePasskeyRow(db: Database, id: number): void {
  db.run("DELETE FROM passkeys WHERE id = :id", { id });
}

/** Removes every passkey. Only inside a write. */
export function removePasskeyRows(db: Database): void {
  db.run("DELETE FROM passkeys");
}

function toPasskey(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    credentialId: row.credential_id,
    publicKey: new Uint8Array(row.public_key),
    signCount: row.sign_count,
    transports: JSON.parse(row.transports) as string[],
    isSynced: row.is_synced === 1,
    name: row.name,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}
