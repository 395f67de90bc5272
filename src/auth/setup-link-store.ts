import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Stores a link by the hash of its secret. Only inside a write. */
export function insertSetupLink(db: Database, link: { secretHash: string; expiresAt: Timestamp }): void {
  db.run("INSERT INTO setup_links (secret_hash, expires_at) VALUES (:secretHash, :expiresAt)", link);
}

/** When the link with this hash runs out, in the past perhaps; undefined when there is none. */
export function findSetupLinkEnd(db: Database, secretHash: string): Timestamp | undefined {
  return db.get<{ expires_at: Timestamp }>("SELECT expires_at FROM setup_links WHERE secret_hash = :secretHash", {
    secretHash,
  })?.expires_at;
}

/** Drops links that end up to `past`, or after `future`. Only inside a write. */
export function removeSetupLinksOutside(db: Database, times: { past: Timestamp; future: Timestamp }): void {
  db.run("DELETE FROM setup_links WHERE expires_at <= :past OR expires_at > :future", times);
}

/** Voids every link. Only inside a write. */
export function removeSetupLinks(db: Database): void {
  db.run("DELETE FROM setup_links");
}
