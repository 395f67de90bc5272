import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { MediaFile } from "../media/media-store.ts";
import { findMediaNames } from "../media/media-store.ts";
import type { Citation } from "../notes/citation-store.ts";
import type { Cursor } from "../notes/cursor.ts";
import type { NoteKind, Properties, Tag } from "../notes/note.ts";
import { readProperties, withCitations } from "../notes/note-citations.ts";

/** What feeds need of a note. */
export type FeedNote = {
  readonly id: number;
  readonly uid: string;
  readonly slug: string;
  readonly kind: NoteKind;
  readonly title: string | undefined;
  /** Safe; URLs of this site are root-relative. */
  readonly contentHtml: string;
  /** The first `TEXT_START_CHARACTERS` of the plain text. */
  readonly textStart: string;
  readonly tags: readonly Tag[];
  readonly language: string | undefined;
  readonly publishedAt: Timestamp;
  readonly publishedOffset: number | undefined;
  readonly updatedAt: Timestamp | undefined;
  readonly properties: Properties;
  /** What is known of the pages that it is about, by URL. */
  readonly citations?: ReadonlyMap<string, Citation>;
  /** Films, recordings and documents that its HTML names, in order. */
  readonly files: readonly MediaFile[];
};

/** Which notes: after nothing the newest; `before` goes on to older ones. */
export type FeedPageRequest = {
  /** Name of a tag that they have; undefined: any. */
  readonly tag?: string | undefined;
  readonly before?: Cursor | undefined;
  readonly limit: number;
};

/** How much plain text a feed takes of a note, in characters: enough for a summary, and to tell whether it is cut. */
export const TEXT_START_CHARACTERS = 1_000;

type FeedNoteRow = {
  id: number;
  uid: string;
  slug: string;
  kind: NoteKind;
  title: string | null;
  content_html: string;
  text_start: string;
  tags: string;
  language: string | null;
  published_at: Timestamp;
  published_offset: number | null;
  updated_at: Timestamp | null;
  properties: string;
};

// Sorts after every time: the first page begins before nothing.
const END_OF_TIME = { publishedAt: "~", id: 0 };

/** Listed notes of a page, newest first. */
export function listFeedNotes(db: Database, { tag, before, limit }: FeedPageRequest): FeedNote[] {
  const { publishedAt, id } = before ?? END_OF_TIME;
  const place = { publishedAt, id, limit, textStart: TEXT_START_CHARACTERS };
  const rows = tag === undefined ? listNotes(db, place) : listTaggedNotes(db, { ...place, tag });
  return withCitations(db, withFiles(db, rows));
}

/** The notes with these row ids that are listed, in no order. */
export function listFeedNotesById(db: Database, ids: readonly number[]): FeedNote[] {
  const rows = db.all<FeedNoteRow>(
    `SELECT id, uid, slug, kind, title, content_html, substr(content_text, 1, :textStart) AS text_start, tags, language,
              published_at, published_offset, updated_at, properties
         FROM notes
        WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 'published' AND visibility = 'public' AND kind <> 'page'`,
    { ids: JSON.stringify(ids), textStart: TEXT_START_CHARACTERS },
  );
  return withCitations(db, withFiles(db, rows));
}

/**
 * Finds where the page begins that lies before the one at `before`: the place whose page of `limit` notes leads up to
 * `before`. Undefined where that is the first page.
 */
export function findNewerPage(db: Database, page: FeedPageRequest & { before: Cursor }): Cursor | undefined {
  const { tag, before, limit } = page;
  // `before` is the last note of the page looked for, unless it is gone by now; that page begins past its first note.
  const place = { publishedAt: before.publishedAt, id: before.id, limit: limit + 1 };
  const places = tag === undefined ? listPlacesFrom(db, place) : listTaggedPlacesFrom(db, { ...place, tag });
  return places[limit];
}

function listNotes(db: Database, place: Record<string, unknown>): FeedNoteRow[] {
  return db.all<FeedNoteRow>(
    `SELECT id, uid, slug, kind, title, content_html, substr(content_text, 1, :textStart) AS text_start, tags, language,
            published_at, published_offset, updated_at, properties
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    place,
  );
}

function listTaggedNotes(db: Database, place: Record<string, unknown>): FeedNoteRow[] {
  return db.all<FeedNoteRow>(
    `SELECT id, uid, slug, kind, title, content_html, substr(content_text, 1, :textStart) AS text_start, tags, language,
            published_at, published_offset, updated_at, properties
       FROM note_tags JOIN notes ON notes.id = note_tags.note_id
      WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
        AND (note_tags.listed_at, note_tags.note_id) < (:publishedAt, :id)
      ORDER BY note_tags.listed_at DESC, note_tags.note_id DESC
      LIMIT :limit`,
    place,
  );
}

function listPlacesFrom(db: Database, place: Record<string, unknown>): Cursor[] {
  return db.all<Cursor>(
    `SELECT published_at AS publishedAt, id
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) >= (:publishedAt, :id)
      ORDER BY published_at, id
      LIMIT :limit`,
    place,
  );
}

function listTaggedPlacesFrom(db: Database, place: Record<string, unknown>): Cursor[] {
  return db.all<Cursor>(
    `SELECT listed_at AS publishedAt, note_id AS id
       FROM note_tags
      WHERE tag = :tag AND listed_at IS NOT NULL AND (listed_at, note_id) >= (:publishedAt, :id)
      ORDER BY listed_at, note_id
      LIMIT :limit`,
    place,
  );
}

/** Where HTML names a file that is no image, which few notes do: the others cost no look-up. */
const NAMED_FILE = /="\/media\/([\w-]{22}\.(?:mp4|m4a|webm|weba|mp3|ogg|pdf))"/gu;

function withFiles(db: Database, rows: readonly FeedNoteRow[]): FeedNote[] {
  const named = rows.map((row) => [
    ...new Set([...row.content_html.matchAll(NAMED_FILE)].map(([, name = ""]) => name)),
  ]);
  const names = named.flat();
  const files = names.length === 0 ? undefined : findMediaNames(db, names);
  const filesOf = (index: number) => (named[index] ?? []).flatMap((name) => files?.get(name) ?? []);
  return rows.map((row, index) => toFeedNote(row, filesOf(index)));
}

function toFeedNote(row: FeedNoteRow, files: readonly MediaFile[]): Omit<FeedNote, "citations"> {
  return {
    files,
    id: row.id,
    uid: row.uid,
    slug: row.slug,
    kind: row.kind,
    title: row.title ?? undefined,
    contentHtml: row.content_html,
    textStart: row.text_start,
    tags: JSON.parse(row.tags),
    language: row.language ?? undefined,
    publishedAt: row.published_at,
    publishedOffset: row.published_offset ?? undefined,
    updatedAt: row.updated_at ?? undefined,
    properties: readProperties(row.properties),
  };
}
