import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Stores a link by the hash of its secret, and drops those that have run out. Only inside a write. */
export function insertSetupLink(
  db: Database,
  link: { secretHash: string; expiresAt: Timestamp },
  now: Timestamp,
): void {
  db.run("DELETE FROM setup_links WHERE expires_at <= :now", { now });
  db.run("INSERT INTO setup_links (secret_hash, expires_at) VALUES (:secretHash, :expiresAt)", link);
}

/** Whether a link with this hash is still good. */
export function hasSetupLink(db: Database, secretHash: string, now: Timestamp): boolean {
  const row = db.get("SELECT 1 FROM setup_links WHERE secret_hash = :secretHash AND expires_at > :now", {
    secretHash,
    now,
  });
  return row !== undefined;
}

/** Voids every link. Only inside a write. */
export function removeSetupLinks(db: Database): void {
  db.run("DELETE FROM setup_links");
}
