import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** The editor that a share has become a draft of; undefined for one that has not arrived. */
export function findShare(db: Database, key: string): string | undefined {
  return db.get<{ editor_key: string }>("SELECT editor_key FROM shares WHERE share_key = :key", { key })?.editor_key;
}

/** Remembers a share that has arrived, and forgets those from before `since`. Only inside a write. */
export function insertShare(
  db: Database,
  share: { key: string; editorKey: string; now: Timestamp; since: Timestamp },
): void {
  db.run("DELETE FROM shares WHERE received_at < :since", { since: share.since });
  db.run("INSERT INTO shares (share_key, editor_key, received_at) VALUES (:key, :editorKey, :now)", {
    key: share.key,
    editorKey: share.editorKey,
    now: share.now,
  });
}
