import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Cursor } from "../notes/cursor.ts";
import type { FeedSource } from "./build-feed.ts";
import { buildFeed, createItemMaker } from "./build-feed.ts";
import type { Feed, FeedWriter } from "./feed.ts";
import type { FeedItems, ReadItems } from "./feed-items.ts";
import { itemStamp } from "./feed-items.ts";
import { findPlaceAfter } from "./feed-items-store.ts";
import type { FeedNote } from "./feed-notes-store.ts";
import { listFeedNotes } from "./feed-notes-store.ts";

/** What the feed of all notes is made of. */
export type WholeFeedSource = Omit<FeedSource, "before" | "list"> & {
  readonly db: Database;
  readonly writer: FeedWriter;
  /** Where finished items are; undefined for a format that none are kept of. */
  readonly items: FeedItems | undefined;
};

/** Most notes that are read at a time where their items are finished. */
export const PAGE_NOTES = 200;
/** The same where items must be made: about as much work. */
export const MADE_PAGE_NOTES = 25;
/** Notes in the first piece, so that its bytes leave at once. */
export const FIRST_PAGE_NOTES = 10;
/** About how large a piece becomes, in bytes: long notes are read fewer at a time. */
export const PAGE_BYTES = 64 * 1024;

// One long note among short ones must not swell the next piece too much.
const MAX_GROWTH = 4;

// Before the first note, and after the last one.
const END_OF_TIME: Cursor = { publishedAt: "~" as Timestamp, id: 0 };
const BEGINNING_OF_TIME: Cursor = { publishedAt: "" as Timestamp, id: 0 };

/** Some items, how many of them were made, and where the next ones begin. */
type Page = ReadItems & { readonly last: Cursor | undefined };

/**
 * Writes the feed of all listed notes, piece by piece. Each piece is read by statements of its own and nothing is held
 * open in between, however long that is; so it shows each note as it was when its piece was read. The stretches that
 * are read adjoin by the key of the list: a note is missing, or there twice, only when it moved meanwhile.
 */
export function* writeWholeFeed(source: WholeFeedSource): Generator<Buffer> {
  const { db, tag, writer } = source;
  const newest = listFeedNotes(db, { tag: tag?.name, limit: 1 });
  const feed = buildFeed({ ...source, list: { notes: newest, older: undefined, newer: undefined } });
  const read = source.items === undefined ? createMaking(source, feed) : createReading(source, feed, source.items);

  let limit = FIRST_PAGE_NOTES;
  let page = read(END_OF_TIME, limit);
  let separator = writer.beforeFirst;
  yield Buffer.concat([Buffer.from(writer.head(feed)), after(separator, page.text)]);
  while (page.last !== undefined) {
    if (page.text.length > 0) separator = writer.between;
    limit = nextLimit(limit, page);
    page = read(page.last, limit);
    yield after(separator, page.text);
  }
  yield Buffer.from(writer.end);
}

type ReadPage = (before: Cursor, limit: number) => Page;

/** Reads finished items. */
function createReading(
  { db, tag, settings, siteUrl, writer }: WholeFeedSource,
  feed: Feed,
  items: FeedItems,
): ReadPage {
  const toItem = createItemMaker({ settings, siteUrl });
  const making = {
    stamp: itemStamp(siteUrl, settings, feed),
    make: (note: FeedNote) => writer.item(toItem(note), feed),
  };
  return (before, limit) => {
    const last = findPlaceAfter(db, { tag: tag?.name, before, limit });
    const span = { tag: tag?.name, before, last: last ?? BEGINNING_OF_TIME };
    return { ...items.read(span, making), last };
  };
}

/** Makes each item. */
function createMaking({ db, tag, settings, siteUrl, writer }: WholeFeedSource, feed: Feed): ReadPage {
  const toItem = createItemMaker({ settings, siteUrl });
  return (before, limit) => {
    const notes = listFeedNotes(db, { tag: tag?.name, before, limit });
    const text = notes.map((note) => writer.item(toItem(note), feed)).join(writer.between);
    return { text: Buffer.from(text), made: notes.length, last: notes.at(-1) };
  };
}

/** So many more or less than before that a piece comes near PAGE_BYTES, and takes no longer to make than to read. */
function nextLimit(limit: number, { text, made }: Page): number {
  const fitting = text.length === 0 ? PAGE_NOTES : Math.floor((limit * PAGE_BYTES) / text.length);
  const most = 2 * made > limit ? MADE_PAGE_NOTES : PAGE_NOTES;
  return Math.max(1, Math.min(most, fitting, limit * MAX_GROWTH));
}

function after(separator: string, text: Buffer): Buffer {
  return separator === "" || text.length === 0 ? text : Buffer.concat([Buffer.from(separator), text]);
}
