import { createHash } from "node:crypto";
import type { Database } from "../db/database.ts";
import { VERSION } from "../lib/version.ts";
import { siteRevision } from "../notes/public-changes-store.ts";
import type { Settings } from "../site/settings.ts";
import type { FeedHead } from "./feed.ts";
import type { FeedSpan, MadeItem, MadeUnder } from "./feed-items-store.ts";
import { joinFeedItems, keepFeedItems, listFeedItems } from "./feed-items-store.ts";
import type { FeedNote } from "./feed-notes-store.ts";
import { listFeedNotesById } from "./feed-notes-store.ts";

/** The finished items of the RSS feed: read where they are kept, else made. */
export type FeedItems = {
  /** The items of a stretch of a list, newest first. Those that had to be made are kept for whoever comes next. */
  read(span: FeedSpan, making: ItemMaking): ReadItems;
};

/** Items one after the other, and how many of them had to be made. */
export type ReadItems = { readonly text: Buffer; readonly made: number };

/** How an item is made that is not kept, and under which stamp. */
export type ItemMaking = { readonly stamp: string; readonly make: (note: FeedNote) => string };

/** Tells what items of the feed say besides their notes: one that was made under another stamp is made anew. */
export function itemStamp(siteUrl: string, settings: Settings, { author }: Pick<FeedHead, "author">): string {
  const parts = JSON.stringify([VERSION, siteUrl, author.name, settings.language, settings.timeZone]);
  return createHash("sha256").update(parts).digest("base64url").slice(0, 16);
}

/** Creates the access of this process to the kept items. */
export function createFeedItems(db: Database): FeedItems {
  let isKeeping = false;

  /** One write at a time: what comes meanwhile is not kept, and made again by the next reader. */
  function keep(made: readonly MadeItem[], under: MadeUnder): void {
    if (isKeeping || made.length === 0) return;
    isKeeping = true;
    // A copy that cannot be kept, on a full disk for instance, takes nothing from this reader.
    db.write(() => keepFeedItems(db, made, under))
      .catch(() => undefined)
      .finally(() => {
        isKeeping = false;
      });
  }

  return {
    read(span, making) {
      const { notes, finished, text = NOTHING } = joinFeedItems(db, span, making.stamp);
      if (notes === finished) return { text, made: 0 };
      // Before the notes: one that changes in between is then newer than the item that is made of it.
      const revision = siteRevision(db);
      const { items, made } = completeItems(db, span, making);
      keep(made, { stamp: making.stamp, revision });
      return { text: Buffer.from(items.join("")), made: made.length };
    },
  };
}

const NOTHING = Buffer.alloc(0);

function completeItems(db: Database, span: FeedSpan, { stamp, make }: ItemMaking) {
  const rows = listFeedItems(db, span, stamp);
  const missing = rows.filter(({ item }) => item === null).map(({ id }) => id);
  const made = listFeedNotesById(db, missing).map((note) => ({ noteId: note.id, item: make(note) }));
  const byNote = new Map(made.map(({ noteId, item }) => [noteId, item]));
  // A note that another process took down between the two readings has neither.
  return { items: rows.map(({ id, item }) => item ?? byNote.get(id) ?? ""), made };
}
