import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Citation } from "./citation-store.ts";
import type { Cursor } from "./cursor.ts";
import type { ListPage, PageRequest, Span } from "./listed-places-store.ts";
import { ALL_TIME, listListedPlaces, listTaggedPlaces } from "./listed-places-store.ts";
import type { Note, NoteKind, NoteStatus, Visibility } from "./note.ts";
import { readProperties, withCitations } from "./note-citations.ts";

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

/** A page of the listed notes, of all or of a span of time. */
export function listListedNotes(db: Database, page: PageRequest, span: Span = ALL_TIME): ListPage<ListedNote> {
  return withNotes(db, listListedPlaces(db, page, span));
}

/** A page of the listed notes with a tag. */
export function listTaggedNotes(db: Database, tag: string, page: PageRequest): ListPage<ListedNote> {
  return withNotes(db, listTaggedPlaces(db, tag, page));
}

/** Of these row ids the notes that are listed, in the order given. */
export function listListedNotesById(db: Database, ids: readonly number[]): ListedNote[] {
  if (ids.length === 0) return [];
  const rows = db.all<ListedRow>(
    `SELECT id, slug, kind, status, visibility, title, tags, language, published_at, published_offset, updated_at, properties,
            substr(content_text, 1, :textCharacters) AS text_start,
            iif(title IS NULL AND length(content_text) <= :textCharacters, content_html, '') AS html
       FROM notes
      WHERE id IN (SELECT value FROM json_each(:ids)) AND status = 'published' AND visibility = 'public' AND kind <> 'page'`,
    { ids: JSON.stringify(ids), textCharacters: LISTED_TEXT_CHARACTERS },
  );
  const notes = new Map(withCitations(db, rows.map(toListedNote)).map((note) => [note.id, note]));
  return ids.map((id) => notes.get(id)).filter((note) => note !== undefined);
}

/** The note that everyone may read at the address with this slug, all of its text with it; a page has another address. */
export function findReadNote(db: Database, slug: string): ListedNote | undefined {
  const row = db.get<ListedRow>(
    `SELECT id, slug, kind, status, visibility, title, tags, language, published_at, published_offset, updated_at, properties,
            content_text AS text_start, content_html AS html
       FROM notes
      WHERE slug = :slug AND status = 'published' AND visibility <> 'private' AND kind <> 'page'`,
    { slug },
  );
  return row && toListedNote(row);
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

function withNotes(db: Database, page: ListPage<Cursor>): ListPage<ListedNote> {
  const ids = page.notes.map(({ id }) => id);
  return { ...page, notes: listListedNotesById(db, ids) };
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
