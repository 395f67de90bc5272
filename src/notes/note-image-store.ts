import type { Database } from "../db/database.ts";

/** A file elsewhere that a note names. */
export type RemoteUse = {
  readonly url: string;
  /** As what the note shows it from its own address, until it is copied; undefined: it does not. */
  readonly shownAs?: "image" | "media" | undefined;
};

/** A file that notes show from its own address. */
export type ShownElsewhere = Required<RemoteUse>;

/** Notes that show the image at `url`, by row id. */
export function listNotesShowing(db: Database, url: string): number[] {
  return db
    .all<{ note_id: number }>("SELECT note_id FROM note_remote_images WHERE url = :url ORDER BY note_id", { url })
    .map((row) => row.note_id);
}

/** The next notes past row id `after` that show any image elsewhere, at most `limit`. */
export function listNotesWithRemoteImages(db: Database, after: number, limit: number): number[] {
  return db
    .all<{ note_id: number }>(
      "SELECT DISTINCT note_id FROM note_remote_images WHERE note_id > :after ORDER BY note_id LIMIT :limit",
      { after, limit },
    )
    .map((row) => row.note_id);
}

/** Every file that any note shows from its own address: hardly ever one. */
export function listShownElsewhere(db: Database): ShownElsewhere[] {
  return db.all<ShownElsewhere>(
    "SELECT DISTINCT url, shown_as AS shownAs FROM note_remote_images WHERE shown_as IS NOT NULL ORDER BY url, shown_as",
  );
}

/** Remembers which images elsewhere a note shows, and forgets those of before. */
export function replaceNoteImages(db: Database, noteId: number, uses: readonly RemoteUse[]): void {
  if (uses.length === 0) {
    db.run("DELETE FROM note_remote_images WHERE note_id = :noteId", { noteId });
    return;
  }
  db.run(
    `DELETE FROM note_remote_images
      WHERE note_id = :noteId AND url NOT IN (SELECT value ->> 'url' FROM json_each(:uses))`,
    { noteId, uses: JSON.stringify(uses) },
  );
  db.run(
    `INSERT INTO note_remote_images (url, note_id, shown_as)
     SELECT value ->> 'url', :noteId, value ->> 'shownAs' FROM json_each(:uses) WHERE true
         ON CONFLICT (url, note_id) DO UPDATE SET shown_as = excluded.shown_as WHERE shown_as IS NOT excluded.shown_as`,
    { noteId, uses: JSON.stringify(uses) },
  );
}
