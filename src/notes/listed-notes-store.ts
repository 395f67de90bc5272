import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Citation } from "./citation-store.ts";
import type { Cursor } from "./cursor.ts";
import { earlier, later } from "./cursor.ts";
import type { Note, NoteKind, NoteStatus, Visibility } from "./note.ts";
import { readProperties, withCitations } from "./note-citations.ts";

/** A span of time, `from` included and `to` not. */
export type Span = { readonly from: Timestamp; readonly to: Timestamp };

/**
 * A note as lists show it. Of a long text there is only the beginning, and HTML only of an untitled note whose text is all
 * there: reading what no list shows takes longer than the rest.
 */
export type ListedNote = Pick<
  Note,
  | "id"
  | "slug"
  | "kind"
  | "status"
  | "visibility"
  | "title"
  | "contentText"
  | "contentHtml"
  | "tags"
  | "language"
  | "publishedAt"
  | "publishedOffset"
  | "updatedAt"
  | "properties"
> & {
  /** What is known of the pages that it is about, by URL. */
  readonly citations?: ReadonlyMap<string, Citation>;
};

/** How much of its text a list has of a note, in characters; enough for a summary, and for what is shown in full. */
export const LISTED_TEXT_CHARACTERS = 1_000;

type ListedRow = {
  id: number;
  slug: string;
  kind: NoteKind;
  status: NoteStatus;
  visibility: Visibility;
  title: string | null;
  text_start: string;
  html: string;
  tags: string;
  language: string | null;
  published_at: Timestamp;
  published_offset: number | null;
  updated_at: Timestamp | null;
  properties: string;
};

/** One page of a list, newest first, with where the pages beside it begin. */
export type NotePage = {
  readonly notes: readonly ListedNote[];
  /** Older notes lie past it; undefined at the end. */
  readonly older: Cursor | undefined;
  /** Newer notes lie before it; undefined at the beginning. */
  readonly newer: Cursor | undefined;
};

/** Which page: after nothing the newest; `before` goes on to older notes, `after` back to newer ones and outranks it. */
export type PageRequest = {
  readonly limit: number;
  readonly before?: Cursor | undefined;
  readonly after?: Cursor | undefined;
};

/** Every time there can be: an empty text sorts before all of them, "~" after. */
export const ALL_TIME: Span = { from: "" as Timestamp, to: "~" as Timestamp };

const END_OF_TIME: Cursor = { publishedAt: ALL_TIME.to, id: 0 };

/** A page of the listed notes, of all or of a span of time. */
export function listListedNotes(db: Database, page: PageRequest, span: Span = ALL_TIME): NotePage {
  return readPage(
    db,
    {
      older: (place, limit) =>
        listOlder(db, { ...earlier(place, { publishedAt: span.to, id: 0 }), from: span.from, limit }),
      newer: (place, limit) =>
        listNewer(db, { ...later(place, { publishedAt: span.from, id: 0 }), to: span.to, limit }),
    },
    page,
  );
}

/** A page of the listed notes with a tag. */
export function listTaggedNotes(db: Database, tag: string, page: PageRequest): NotePage {
  return readPage(
    db,
    {
      older: (place, limit) => listOlderTagged(db, { ...place, tag, limit }),
      newer: (place, limit) => listNewerTagged(db, { ...place, tag, limit }),
    },
    page,
  );
}

/** Of these permanent ids the notes that are listed, in the order given; each with its id. */
export function listPinnedNotes(db: Database, uids: readonly string[]): (ListedNote & { readonly uid: string })[] {
  if (uids.length === 0) return [];
  const rows = db
    .all<ListedRow & { uid: string }>(
      `SELECT notes.id, uid, slug, kind, status, visibility, title, tags, language, published_at, published_offset,
              updated_at, properties, substr(content_text, 1, :textCharacters) AS text_start,
              iif(title IS NULL AND length(content_text) <= :textCharacters, content_html, '') AS html
         FROM json_each(:uids) AS pinned JOIN notes ON notes.uid = pinned.value
        WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        ORDER BY pinned.key`,
      { uids: JSON.stringify(uids), textCharacters: LISTED_TEXT_CHARACTERS },
    )
    .map((row) => ({ ...toListedNote(row), uid: row.uid }));
  return withCitations(db, rows);
}

/** How many listed notes lie in a span of time. */
export function countNotesBetween(db: Database, span: Span): number {
  const row = db.get<{ count: number }>(
    `SELECT count(*) AS count
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND published_at >= :from AND published_at < :to`,
    span,
  );
  return row?.count ?? 0;
}

/** When the newest listed note of a span of time was published; undefined where there is none. */
export function findNewestBetween(db: Database, span: Span): Timestamp | undefined {
  return db.get<{ published_at: Timestamp }>(
    `SELECT published_at
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND published_at >= :from AND published_at < :to
      ORDER BY published_at DESC, id DESC
      LIMIT 1`,
    span,
  )?.published_at;
}

/** The id of the newest row of notes, 0 where there is none: no fewer than there are notes, and known without counting. */
export function findLastNoteId(db: Reader): number {
  return db.get<{ id: number | null }>("SELECT max(id) AS id FROM notes")?.id ?? 0;
}

type List = {
  readonly older: (place: Cursor, limit: number) => ListedRow[];
  readonly newer: (place: Cursor, limit: number) => ListedRow[];
};

function readPage(db: Database, list: List, { limit, before, after }: PageRequest): NotePage {
  const rows = after === undefined ? list.older(before ?? END_OF_TIME, limit) : list.newer(after, limit).reverse();
  const notes = withCitations(db, rows.map(toListedNote));
  const first = cursorOf(notes[0]);
  const last = cursorOf(notes.at(-1));
  return {
    notes,
    newer: first && list.newer(first, 1).length > 0 ? first : undefined,
    older: last && list.older(last, 1).length > 0 ? last : undefined,
  };
}

function cursorOf(note: ListedNote | undefined): Cursor | undefined {
  return note?.publishedAt && { publishedAt: note.publishedAt, id: note.id };
}

// One upper bound and one lower: of two on the same side SQLite takes the first, and reads from there to the other.
function listOlder(db: Database, place: Cursor & { from: Timestamp; limit: number }): ListedRow[] {
  return db.all<ListedRow>(
    `SELECT id, slug, kind, status, visibility, title, tags, language, published_at, published_offset, updated_at, properties,
            substr(content_text, 1, :textCharacters) AS text_start,
            iif(title IS NULL AND length(content_text) <= :textCharacters, content_html, '') AS html
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        AND published_at >= :from AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT :limit`,
    { ...place, textCharacters: LISTED_TEXT_CHARACTERS },
  );
}

function listNewer(db: Database, place: Cursor & { to: Timestamp; limit: number }): ListedRow[] {
  return db.all<ListedRow>(
    `SELECT id, slug, kind, status, visibility, title, tags, language, published_at, published_offset, updated_at, properties,
            substr(content_text, 1, :textCharacters) AS text_start,
            iif(title IS NULL AND length(content_text) <= :textCharacters, content_html, '') AS html
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
        AND published_at < :to AND (published_at, id) > (:publishedAt, :id)
      ORDER BY published_at, id
      LIMIT :limit`,
    { ...place, textCharacters: LISTED_TEXT_CHARACTERS },
  );
}

function listOlderTagged(db: Database, place: Cursor & { tag: string; limit: number }): ListedRow[] {
  return db.all<ListedRow>(
    `SELECT notes.id, slug, kind, status, visibility, title, notes.tags, language, published_at, published_offset, updated_at,
            properties,
            substr(content_text, 1, :textCharacters) AS text_start,
            iif(title IS NULL AND length(content_text) <= :textCharacters, content_html, '') AS html
       FROM note_tags JOIN notes ON notes.id = note_tags.note_id
      WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
        AND (note_tags.listed_at, note_tags.note_id) < (:publishedAt, :id)
      ORDER BY note_tags.listed_at DESC, note_tags.note_id DESC
      LIMIT :limit`,
    { ...place, textCharacters: LISTED_TEXT_CHARACTERS },
  );
}

function listNewerTagged(db: Database, place: Cursor & { tag: string; limit: number }): ListedRow[] {
  return db.all<ListedRow>(
    `SELECT notes.id, slug, kind, status, visibility, title, notes.tags, language, published_at, published_offset, updated_at,
            properties,
            substr(content_text, 1, :textCharacters) AS text_start,
            iif(title IS NULL AND length(content_text) <= :textCharacters, content_html, '') AS html
       FROM note_tags JOIN notes ON notes.id = note_tags.note_id
      WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
        AND (note_tags.listed_at, note_tags.note_id) > (:publishedAt, :id)
      ORDER BY note_tags.listed_at, note_tags.note_id
      LIMIT :limit`,
    { ...place, textCharacters: LISTED_TEXT_CHARACTERS },
  );
}

function toListedNote(row: ListedRow): ListedNote {
  return {
    id: row.id,
    slug: row.slug,
    kind: row.kind,
    status: row.status,
    visibility: row.visibility,
    title: row.title ?? undefined,
    contentText: row.text_start,
    contentHtml: row.html,
    tags: JSON.parse(row.tags),
    language: row.language ?? undefined,
    publishedAt: row.published_at,
    publishedOffset: row.published_offset ?? undefined,
    updatedAt: row.updated_at ?? undefined,
    properties: readProperties(row.properties),
  };
}
