import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { LinkedNote, LinkedRow } from "../notes/neighbours-store.ts";
import { toLinkedNote } from "../notes/neighbours-store.ts";
import type { Tag } from "../notes/note.ts";

/** A note that is to be looked at. */
export type DueDigest = {
  readonly noteId: number;
  /** Whether the notes that it is related to come after it. */
  readonly spreads: boolean;
  /** Larger when the note has changed since. */
  readonly turn: number;
};

/** What is looked at of a note. */
export type DigestSource = {
  readonly title: string;
  readonly contentText: string;
  readonly unspacedText: string;
  readonly tags: readonly Tag[];
  readonly isInLists: boolean;
};

/** What was found out about a note: ids of related ones, the most related first. */
export type Digest = { readonly noteId: number; readonly words: number; readonly related: readonly number[] };

/** Most notes that are put on the list in one go: a few milliseconds of the connection that writes. */
export const NEW_NOTES_AT_ONCE = 500;

type SourceRow = { title: string; content_text: string; unspaced_text: string; tags: string; is_listed: 0 | 1 };

/** Notes that are to be looked at: first those that others come after, so that these come once, and the newest first. */
export function listDueDigests(db: Reader, limit: number): DueDigest[] {
  return db
    .all<{ noteId: number; spreads: 0 | 1; turn: number }>(
      "SELECT note_id AS noteId, spreads, turn FROM digests_due ORDER BY spreads DESC, note_id DESC LIMIT :limit",
      { limit },
    )
    .map((row) => ({ ...row, spreads: row.spreads === 1 }));
}

/** Whether notes have come that are not on the list yet. */
export function hasNewNotes(db: Reader): boolean {
  return db.get("SELECT 1 FROM digests_seen WHERE note_id < (SELECT max(id) FROM notes)") !== undefined;
}

/** Puts listed notes that have come on the list, at most `NEW_NOTES_AT_ONCE`, the oldest first. Only inside a write. */
export function addNewNotes(db: Database): void {
  db.run(
    `INSERT INTO digests_due (note_id, spreads)
     SELECT id, 1
       FROM (SELECT id, status, visibility, kind FROM notes
              WHERE id > (SELECT note_id FROM digests_seen) ORDER BY id LIMIT :limit)
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
         ON CONFLICT (note_id) DO UPDATE SET spreads = 1`,
    { limit: NEW_NOTES_AT_ONCE },
  );
  db.run(
    `UPDATE digests_seen
        SET note_id = coalesce((SELECT max(id)
                                  FROM (SELECT id FROM notes WHERE id > digests_seen.note_id ORDER BY id LIMIT :limit)),
                               note_id)`,
    { limit: NEW_NOTES_AT_ONCE },
  );
}

/** What is looked at of a note; undefined where there is none. */
export function findDigestSource(db: Reader, id: number): DigestSource | undefined {
  const row = db.get<SourceRow>(
    `SELECT coalesce(title, '') AS title, content_text, coalesce(unspaced_text, '') AS unspaced_text, tags,
            status = 'published' AND visibility = 'public' AND kind <> 'page' AS is_listed
       FROM notes
      WHERE id = :id`,
    { id },
  );
  if (row === undefined) return undefined;
  const { title, content_text: contentText, unspaced_text: unspacedText, is_listed } = row;
  return { title, contentText, unspacedText, tags: JSON.parse(row.tags), isInLists: is_listed === 1 };
}

/** Takes a note off the list, unless it has changed meanwhile; returns whether it did. Only inside a write. */
export function removeDueDigest(db: Database, { noteId, turn }: DueDigest): boolean {
  return db.run("DELETE FROM digests_due WHERE note_id = :noteId AND turn = :turn", { noteId, turn }).changes === 1;
}

/** Puts notes on the list that are not on it. Only inside a write. */
export function addDueDigests(db: Database, ids: readonly number[]): void {
  db.run(
    `INSERT INTO digests_due (note_id, spreads)
     SELECT value, 0 FROM json_each(:ids) WHERE true
         ON CONFLICT (note_id) DO NOTHING`,
    { ids: JSON.stringify(ids) },
  );
}

/** Stores what was found out; what is as it was changes nothing for readers. Only inside a write. */
export function saveDigest(db: Database, { noteId, words, related }: Digest, now: Timestamp): void {
  db.run(
    `INSERT INTO note_digests (note_id, words, related, found_at)
     VALUES (:noteId, :words, :related, :now)
         ON CONFLICT (note_id) DO UPDATE
        SET words = excluded.words, related = excluded.related, found_at = excluded.found_at
      WHERE words <> excluded.words OR related <> excluded.related`,
    { noteId, words, related: JSON.stringify(related), now },
  );
}

/** Notes under which a note stands, at most `limit`. */
export function listRelatedTo(db: Reader, id: number, limit: number): number[] {
  return db
    .all<{ noteId: number }>("SELECT note_id AS noteId FROM note_relations WHERE related_id = :id LIMIT :limit", {
      id,
      limit,
    })
    .map(({ noteId }) => noteId);
}

/** The related notes of a note as links, the most related first: those that are listed now. */
export function listRelatedNotes(db: Database, noteId: number): LinkedNote[] {
  return db
    .all<LinkedRow & { place: number }>(
      `SELECT wanted.key AS place, notes.id, slug, kind, title, iif(title IS NULL, content_text, '') AS content_text,
              iif(title IS NULL AND content_text = '', properties, '{}') AS properties
         FROM note_digests, json_each(note_digests.related) AS wanted JOIN notes ON notes.id = wanted.value
        WHERE note_id = :noteId AND status = 'published' AND visibility = 'public' AND kind <> 'page'`,
      { noteId },
    )
    .sort((one, other) => one.place - other.place)
    .map((row) => toLinkedNote(db, row));
}

/** Of notes with these ids those that are in lists. */
export function listInLists(db: Reader, ids: readonly number[]): number[] {
  return db
    .all<{ id: number }>(
      `SELECT notes.id
         FROM json_each(:ids) AS wanted JOIN notes ON notes.id = wanted.value
        WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'`,
      { ids: JSON.stringify(ids) },
    )
    .map(({ id }) => id);
}

/** The newest listed notes with a tag, at most `limit`. */
export function listIdsWithTag(db: Reader, tag: string, limit: number): number[] {
  return db
    .all<{ id: number }>(
      `SELECT note_id AS id
         FROM note_tags
        WHERE tag = :tag AND listed_at IS NOT NULL
        ORDER BY listed_at DESC, note_id DESC
        LIMIT :limit`,
      { tag, limit },
    )
    .map(({ id }) => id);
}

/** How many listed notes there are, counted up to `limit`. */
export function countListedUpTo(db: Reader, limit: number): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count
       FROM (SELECT 1 FROM notes INDEXED BY notes_listed
              WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' LIMIT :limit)`,
    { limit },
  );
  return row?.count ?? 0;
}
