import type { Database } from "../db/database.ts";
import type { Cursor } from "../notes/cursor.ts";
import { changeKeys } from "../notes/public-changes-store.ts";

/** A stretch of a list: the notes past `before`, up to `last` and with it. */
export type FeedSpan = {
  /** Name of a tag that they have; undefined: any. */
  readonly tag: string | undefined;
  readonly before: Cursor;
  readonly last: Cursor;
};

/** Finished items of a stretch of a list, newest first. */
export type JoinedItems = {
  /** Listed notes that there are, and how many of them have an item under the stamp. */
  readonly notes: number;
  readonly finished: number;
  /** UTF-8; undefined where there is no item. */
  readonly text: Buffer | undefined;
};

/** An item that was just made. */
export type MadeItem = { readonly noteId: number; readonly item: string };

/** Where an item is to be kept: what it was made under, and the newest public change before its note was read. */
export type MadeUnder = { readonly stamp: string; readonly revision: number };

type JoinedRow = { notes: number; finished: number; text: Buffer | null };

/** The place of the `limit`-th listed note past `before`; undefined where there are not so many. */
export function findPlaceAfter(
  db: Database,
  { tag, before, limit }: { tag: string | undefined; before: Cursor; limit: number },
): Cursor | undefined {
  const place = { ...before, skipped: limit - 1 };
  return tag === undefined ? findNthPlace(db, place) : findNthTaggedPlace(db, { ...place, tag });
}

/** Joins the items of a stretch in one go, as bytes: text that passes through as it is need never become a string. */
export function joinFeedItems(db: Database, span: FeedSpan, stamp: string): JoinedItems {
  const place = { ...toPlaces(span), stamp };
  const row = span.tag === undefined ? joinItems(db, place) : joinTaggedItems(db, { ...place, tag: span.tag });
  return { notes: row?.notes ?? 0, finished: row?.finished ?? 0, text: row?.text ?? undefined };
}

/** The items of a stretch one by one, newest first; null where a note has none under the stamp. */
export function listFeedItems(db: Database, span: FeedSpan, stamp: string): { id: number; item: string | null }[] {
  const place = { ...toPlaces(span), stamp };
  return span.tag === undefined ? listItems(db, place) : listTaggedItems(db, { ...place, tag: span.tag });
}

/** Keeps items, but those of notes that changed since they were read. The caller runs it inside `db.write`. */
export function keepFeedItems(db: Database, made: readonly MadeItem[], { stamp, revision }: MadeUnder): void {
  for (const { noteId, item } of made) {
    db.run(
      `INSERT INTO feed_items (note_id, stamp, item)
       SELECT :noteId, :stamp, :item
        WHERE NOT EXISTS (SELECT 1 FROM public_changes WHERE note_id = :noteId AND key = :key AND revision > :revision)
       ON CONFLICT (note_id) DO UPDATE SET stamp = excluded.stamp, item = excluded.item`,
      { noteId, stamp, item, revision, key: changeKeys.note({ id: noteId }) },
    );
  }
}

function toPlaces({ before, last }: FeedSpan) {
  return { publishedAt: before.publishedAt, id: before.id, lastAt: last.publishedAt, lastId: last.id };
}

function findNthPlace(db: Database, place: Record<string, unknown>): Cursor | undefined {
  return db.get<Cursor>(
    `SELECT published_at AS publishedAt, id
       FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page' AND (published_at, id) < (:publishedAt, :id)
      ORDER BY published_at DESC, id DESC
      LIMIT 1 OFFSET :skipped`,
    place,
  );
}

function findNthTaggedPlace(db: Database, place: Record<string, unknown>): Cursor | undefined {
  return db.get<Cursor>(
    `SELECT listed_at AS publishedAt, note_id AS id
       FROM note_tags
      WHERE tag = :tag AND listed_at IS NOT NULL AND (listed_at, note_id) < (:publishedAt, :id)
      ORDER BY listed_at DESC, note_id DESC
      LIMIT 1 OFFSET :skipped`,
    place,
  );
}

// group_concat takes the rows in the order of the subquery: SQLite leaves that ORDER BY out only for aggregates to which
// it makes no difference. The columns of the list come from its index alone.
function joinItems(db: Database, place: Record<string, unknown>): JoinedRow | undefined {
  return db.get<JoinedRow>(
    `SELECT count(*) AS notes, count(item) AS finished, CAST(group_concat(item, '') AS BLOB) AS text
       FROM (SELECT feed_items.item
               FROM notes LEFT JOIN feed_items ON feed_items.note_id = notes.id AND feed_items.stamp = :stamp
              WHERE notes.status = 'published' AND notes.visibility = 'public' AND notes.kind <> 'page'
                AND (notes.published_at, notes.id) < (:publishedAt, :id)
                AND (notes.published_at, notes.id) >= (:lastAt, :lastId)
              ORDER BY notes.published_at DESC, notes.id DESC)`,
    place,
  );
}

function joinTaggedItems(db: Database, place: Record<string, unknown>): JoinedRow | undefined {
  return db.get<JoinedRow>(
    `SELECT count(*) AS notes, count(item) AS finished, CAST(group_concat(item, '') AS BLOB) AS text
       FROM (SELECT feed_items.item
               FROM note_tags LEFT JOIN feed_items
                 ON feed_items.note_id = note_tags.note_id AND feed_items.stamp = :stamp
              WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
                AND (note_tags.listed_at, note_tags.note_id) < (:publishedAt, :id)
                AND (note_tags.listed_at, note_tags.note_id) >= (:lastAt, :lastId)
              ORDER BY note_tags.listed_at DESC, note_tags.note_id DESC)`,
    place,
  );
}

function listItems(db: Database, place: Record<string, unknown>): { id: number; item: string | null }[] {
  return db.all<{ id: number; item: string | null }>(
    `SELECT notes.id, feed_items.item
       FROM notes LEFT JOIN feed_items ON feed_items.note_id = notes.id AND feed_items.stamp = :stamp
      WHERE notes.status = 'published' AND notes.visibility = 'public' AND notes.kind <> 'page'
        AND (notes.published_at, notes.id) < (:publishedAt, :id)
        AND (notes.published_at, notes.id) >= (:lastAt, :lastId)
      ORDER BY notes.published_at DESC, notes.id DESC`,
    place,
  );
}

function listTaggedItems(db: Database, place: Record<string, unknown>): { id: number; item: string | null }[] {
  return db.all<{ id: number; item: string | null }>(
    `SELECT note_tags.note_id AS id, feed_items.item
       FROM note_tags LEFT JOIN feed_items
         ON feed_items.note_id = note_tags.note_id AND feed_items.stamp = :stamp
      WHERE note_tags.tag = :tag AND note_tags.listed_at IS NOT NULL
        AND (note_tags.listed_at, note_tags.note_id) < (:publishedAt, :id)
        AND (note_tags.listed_at, note_tags.note_id) >= (:lastAt, :lastId)
      ORDER BY note_tags.listed_at DESC, note_tags.note_id DESC`,
    place,
  );
}
