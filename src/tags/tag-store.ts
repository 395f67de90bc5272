import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import { listPlacesPast } from "../notes/listed-places-store.ts";
import type { NoteStatus, Tag, Visibility } from "../notes/note.ts";

/** A tag on a note that stands in no list. */
export type HiddenUse = Tag & {
  readonly noteId: number;
  readonly status: NoteStatus;
  readonly visibility: Visibility;
};

/** Where a reading of the notes with a tag goes on: first those in no list, by row id, then the others, newest first. */
export type UsePlace = { readonly listedAt: Timestamp | null; readonly noteId: number };

/** A tag as the newest note has it that has it at all; undefined where none has. */
export function findUsedTag(db: Reader, name: string): Tag | undefined {
  return db.get<Tag>(
    `SELECT tag AS name, label FROM note_tags
      WHERE tag = :name
      ORDER BY listed_at DESC, note_id DESC
      LIMIT 1`,
    { name },
  );
}

/** How many notes have any of these tags, whatever their status. */
export function countNotesWith(db: Reader, names: readonly string[]): number {
  const row = db.get<{ count: number }>(
    "SELECT count(DISTINCT note_id) AS count FROM note_tags WHERE tag IN (SELECT value FROM json_each(:names))",
    { names: JSON.stringify(names) },
  );
  return row?.count ?? 0;
}

/** Uses of tags by notes in no list, past a tag and a note, in the order of both, at most `limit`. */
export function listHiddenUses(
  db: Reader,
  page: { readonly name: string; readonly noteId: number; readonly limit: number },
): HiddenUse[] {
  return db.all<HiddenUse>(
    `SELECT note_tags.tag AS name, note_tags.label, note_tags.note_id AS noteId, status, visibility
       FROM note_tags INDEXED BY note_tags_not_listed JOIN notes ON notes.id = note_tags.note_id
      WHERE note_tags.listed_at IS NULL AND (note_tags.tag, note_tags.note_id) > (:name, :noteId)
      ORDER BY note_tags.tag, note_tags.note_id
      LIMIT :limit`,
    page,
  );
}

/** Notes with a tag past a place, at most `limit`. */
export function listNotesWith(db: Reader, name: string, page: UsePlace & { readonly limit: number }): UsePlace[] {
  const { listedAt, noteId, limit } = page;
  if (listedAt !== null) return listListedUses(db, name, { before: { publishedAt: listedAt, id: noteId }, limit });
  const hidden = db.all<UsePlace>(
    `SELECT listed_at AS listedAt, note_id AS noteId
       FROM note_tags INDEXED BY note_tags_not_listed
      WHERE tag = :name AND listed_at IS NULL AND note_id > :noteId
      ORDER BY note_id
      LIMIT :limit`,
    { name, noteId, limit },
  );
  return hidden.length > 0 ? hidden : listListedUses(db, name, { limit });
}

function listListedUses(db: Reader, tag: string, page: { before?: Cursor; limit: number }): UsePlace[] {
  return listPlacesPast(db, { tag, ...page }).map(({ publishedAt, id }) => ({ listedAt: publishedAt, noteId: id }));
}
