import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A link by which others read a note that is not out; without its secret. */
export type PreviewLink = {
  readonly id: number;
  readonly noteId: number;
  readonly createdAt: Timestamp;
  readonly expiresAt: Timestamp;
};

type PreviewLinkRow = { id: number; note_id: number; created_at: Timestamp; expires_at: Timestamp };

/** Writes a link down by the hash of its secret and returns its id. Only inside a write. */
export function insertPreviewLink(db: Database, link: Omit<PreviewLink, "id"> & { secretHash: string }): number {
  return db.run(
    `INSERT INTO preview_links (note_id, secret_hash, created_at, expires_at)
     VALUES (:noteId, :secretHash, :createdAt, :expiresAt)`,
    link,
  ).lastInsertRowid;
}

/** The link with this hash of its secret, also one that has run out. */
export function findPreviewLink(db: Database, secretHash: string): PreviewLink | undefined {
  const row = db.get<PreviewLinkRow>(
    "SELECT id, note_id, created_at, expires_at FROM preview_links WHERE secret_hash = :secretHash",
    { secretHash },
  );
  return row && toPreviewLink(row);
}

/** The links of a note, the newest first, also those that have run out. */
export function listPreviewLinks(db: Database, noteId: number): PreviewLink[] {
  return db
    .all<PreviewLinkRow>(
      "SELECT id, note_id, created_at, expires_at FROM preview_links WHERE note_id = :noteId ORDER BY id DESC",
      { noteId },
    )
    .map(toPreviewLink);
}

/** Removes one link. Only inside a write. */
export function removePreviewLink(db: Database, id: number): void {
  db.run("DELETE FROM preview_links WHERE id = :id", { id });
}

/** Removes all links of a note. Only inside a write. */
export function removePreviewLinks(db: Database, noteId: number): void {
  db.run("DELETE FROM preview_links WHERE note_id = :noteId", { noteId });
}

function toPreviewLink(row: PreviewLinkRow): PreviewLink {
  return { id: row.id, noteId: row.note_id, createdAt: row.created_at, expiresAt: row.expires_at };
}
