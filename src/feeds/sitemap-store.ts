import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import { earlier } from "../notes/cursor.ts";
import type { NoteKind } from "../notes/note.ts";

/** What a sitemap tells of a note. */
export type SitemapNote = {
  readonly id: number;
  readonly slug: string;
  readonly publishedAt: Timestamp;
  readonly updatedAt: Timestamp | null;
};

/** A note in one of its languages; null: that of the site. */
export type SitemapTranslation = {
  readonly slug: string;
  readonly kind: NoteKind;
  readonly language: string | null;
};

/** Which notes: listed ones of this span, `from` included and `to` not, past `before`. */
export type SitemapSpan = {
  readonly from: string;
  readonly to: string;
  readonly before: Cursor;
  readonly limit: number;
};

/** Listed notes of a span, newest first. */
export function listSitemapNotes(db: Database, { before, from, to, limit }: SitemapSpan): SitemapNote[] {
  return db.all<SitemapNote>(
    `SELECT id, slug, published_at AS publishedAt, updated_at AS updatedAt
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        AND published_at >= :from AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    // One bound on each side: of two SQLite takes the first, and reads from there to the other.
    { ...earlier(before, { publishedAt: to as Timestamp, id: 0 }), from, limit },
  );
}

/** Pages that everyone may find, in the order of their slugs; a site has few. */
export function listSitemapPages(db: Database): SitemapNote[] {
  return db.all<SitemapNote>(
    `SELECT id, slug, published_at AS publishedAt, updated_at AS updatedAt
       FROM notes
      WHERE kind = 'page' AND status = 'published' AND visibility = 'public'
      ORDER BY slug`,
  );
}

/** By the row ids of notes and pages, the same in all languages that everyone may find: each of them first. */
export function listSitemapTranslations(
  db: Database,
  ids: readonly number[],
): ReadonlyMap<number, readonly SitemapTranslation[]> {
  const rows = db.all<SitemapTranslation & { noteId: number }>(
    `SELECT mine.note_id AS noteId, slug, kind, language
       FROM json_each(:ids) AS wanted
       JOIN note_translations AS mine ON mine.note_id = wanted.value
       JOIN note_translations AS other ON other.translation_key = mine.translation_key
       JOIN notes ON notes.id = other.note_id
      WHERE status = 'published' AND visibility = 'public'
      ORDER BY wanted.key, notes.id <> mine.note_id, notes.id`,
    { ids: JSON.stringify(ids) },
  );
  const found = new Map<number, SitemapTranslation[]>();
  for (const { noteId, ...translation } of rows) found.set(noteId, [...(found.get(noteId) ?? []), translation]);
  return found;
}

/** Tags of listed notes in the order of their names, each with the time when its page last changed. */
export function listSitemapTags(db: Database): { name: string; changedAt: Timestamp | null }[] {
  return db.all<{ name: string; changedAt: Timestamp | null }>(
    `SELECT tag AS name, (SELECT changed_at FROM public_changes WHERE note_id IS NULL AND key = 'tag:' || tag) AS changedAt
       FROM listed_tags
      ORDER BY tag`,
  );
}

/** Years of UTC that have listed notes, newest first, each with how many. */
export function countNotesByYear(db: Database): { year: string; count: number }[] {
  return db.all<{ year: string; count: number }>(
    `SELECT substr(published_at, 1, 4) AS year, count(*) AS count
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
      GROUP BY year
      ORDER BY year DESC`,
  );
}
