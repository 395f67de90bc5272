import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "./cursor.ts";
import type { Note, Tag } from "./note.ts";
import type { NoteRow } from "./note-store.ts";
import { toStoredNote } from "./note-store.ts";

/** One page of a list, with where the pages beside it begin. */
export type NotePage = {
  readonly notes: readonly Note[];
  /** Older notes lie past it; undefined at the end. */
  readonly older: Cursor | undefined;
  /** Newer notes lie before it; undefined at the beginning. */
  readonly newer: Cursor | undefined;
};

/** Which page: after nothing the newest; `before` goes on to older notes, `after` back to newer ones. */
export type PageRequest = {
  readonly limit: number;
  readonly before?: Cursor | undefined;
  readonly after?: Cursor | undefined;
};

type RowPage = { rows: NoteRow[]; older: boolean; newer: boolean };

/** Listed notes, newest first. */
export function listListedNotes(db: Database, page: PageRequest): NotePage {
  const limit = page.limit + 1;
  if (page.after !== undefined) return newerPage(listNewer(db, page.after, limit), page.limit);
  return olderPage(page.before ? listOlder(db, page.before, limit) : listNewest(db, limit), page);
}

/** Listed notes with a tag, newest first. */
export function listTaggedNotes(db: Database, tag: string, page: PageRequest): NotePage {
  const limit = page.limit + 1;
  if (page.after !== undefined) return newerPage(listNewerTagged(db, tag, { ...page.after, limit }), page.limit);
  return olderPage(listOlderTagged(db, tag, { before: page.before, limit }), page);
}

/** Listed notes of a span of time, `from` included and `to` not, newest first, at most `limit`. */
export function listNotesBetween(db: Database, span: { from: Timestamp; to: Timestamp; limit: number }): Note[] {
  return db
    .all<NoteRow>(
      `SELECT * FROM notes
        WHERE status = 'published' AND visibility = 'public' AND published_at >= :from AND published_at < :to
        ORDER BY published_at DESC, id DESC
        LIMIT :limit`,
      span,
    )
    .map(toStoredNote);
}

/** How many listed notes lie in each span of time, in the order given. */
export function countNotesBetween(db: Database, spans: readonly { from: Timestamp; to: Timestamp }[]): number[] {
  return db
    .all<{ count: number }>(
      `SELECT (SELECT count(*) FROM notes
                WHERE status = 'published' AND visibility = 'public'
                  AND published_at >= span.value ->> 'from' AND published_at < span.value ->> 'to') AS count
         FROM json_each(:spans) AS span
        ORDER BY span.key`,
      { spans: JSON.stringify(spans) },
    )
    .map((row) => row.count);
}

/** Times of the oldest and the newest listed note; undefined where there is none. */
export function findListedSpan(db: Database): { oldest: Timestamp; newest: Timestamp } | undefined {
  const row = db.get<{ oldest: Timestamp | null; newest: Timestamp | null }>(
    `SELECT (SELECT published_at FROM notes WHERE status = 'published' AND visibility = 'public'
              ORDER BY published_at, id LIMIT 1) AS oldest,
            (SELECT published_at FROM notes WHERE status = 'published' AND visibility = 'public'
              ORDER BY published_at DESC, id DESC LIMIT 1) AS newest`,
  );
  return row?.oldest && row.newest ? { oldest: row.oldest, newest: row.newest } : undefined;
}

/** The listed notes right before and after a place, for the links below a permalink. */
export function findNeighbours(db: Database, place: Cursor): { newer: Note | undefined; older: Note | undefined } {
  const [newer] = listNewer(db, place, 1);
  const [older] = listOlder(db, place, 1);
  return { newer: newer && toStoredNote(newer), older: older && toStoredNote(older) };
}

/** A tag of listed notes and how many have it; its label is that of the newest. */
export function findListedTag(db: Database, tag: string): (Tag & { count: number }) | undefined {
  const row = db.get<{ label: string; count: number }>(
    `SELECT (SELECT label FROM note_tags WHERE tag = :tag AND listed_at IS NOT NULL
              ORDER BY listed_at DESC, note_id DESC LIMIT 1) AS label,
            (SELECT count(*) FROM note_tags WHERE tag = :tag AND listed_at IS NOT NULL) AS count`,
    { tag },
  );
  return row && row.count > 0 ? { name: tag, label: row.label, count: row.count } : undefined;
}

/** All tags of listed notes with how many have each, in the order of their names. */
export function listListedTags(db: Database): (Tag & { count: number })[] {
  return db.all<Tag & { count: number }>(
    `SELECT tag AS name, max(label) AS label, count(*) AS count
       FROM note_tags
      WHERE listed_at IS NOT NULL
      GROUP BY tag
      ORDER BY tag`,
  );
}

function olderPage(rows: NoteRow[], page: PageRequest): NotePage {
  return toPage({ rows: rows.slice(0, page.limit), older: rows.length > page.limit, newer: page.before !== undefined });
}

function newerPage(rows: NoteRow[], limit: number): NotePage {
  return toPage({ rows: rows.slice(0, limit).reverse(), older: true, newer: rows.length > limit });
}

function toPage({ rows, older, newer }: RowPage): NotePage {
  const notes = rows.map(toStoredNote);
  return { notes, older: older ? cursorOf(notes.at(-1)) : undefined, newer: newer ? cursorOf(notes[0]) : undefined };
}

function cursorOf(note: Note | undefined): Cursor | undefined {
  return note?.publishedAt && { publishedAt: note.publishedAt, id: note.id };
}

function listNewest(db: Database, limit: number): NoteRow[] {
  return db.all<NoteRow>(
    `SELECT * FROM notes
      WHERE status = 'published' AND visibility = 'public'
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    { limit },
  );
}

function listOlder(db: Database, place: Cursor, limit: number): NoteRow[] {
  return db.all<NoteRow>(
    `SELECT * FROM notes
      WHERE status = 'published' AND visibility = 'public' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    { ...place, limit },
  );
}

function listNewer(db: Database, place: Cursor, limit: number): NoteRow[] {
  return db.all<NoteRow>(
    `SELECT * FROM notes
      WHERE status = 'published' AND visibility = 'public' AND (published_at, id) > (:publishedAt, :id)
      ORDER BY published_at, id
      LIMIT :limit`,
    { ...place, limit },
  );
}

function listOlderTagged(db: Database, tag: string, page: { before: Cursor | undefined; limit: number }): NoteRow[] {
  return db.all<NoteRow>(
    `SELECT notes.* FROM note_tags JOIN notes ON notes.id = note_tags.note_id
      WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
        AND (note_tags.listed_at, note_tags.note_id) < (:publishedAt, :id)
      ORDER BY note_tags.listed_at DESC, note_tags.note_id DESC
      LIMIT :limit`,
    // "~" sorts after every time: the first page begins before nothing.
    { tag, publishedAt: page.before?.publishedAt ?? "~", id: page.before?.id ?? 0, limit: page.limit },
  );
}

function listNewerTagged(db: Database, tag: string, page: Cursor & { limit: number }): NoteRow[] {
  return db.all<NoteRow>(
    `SELECT notes.* FROM note_tags JOIN notes ON notes.id = note_tags.note_id
      WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
        AND (note_tags.listed_at, note_tags.note_id) > (:publishedAt, :id)
      ORDER BY note_tags.listed_at, note_tags.note_id
      LIMIT :limit`,
    { tag, ...page },
  );
}
