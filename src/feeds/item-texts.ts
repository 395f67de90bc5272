import type { Settings } from "../site/settings.ts";
import { createItemMaker } from "./build-feed.ts";
import type { FeedHead } from "./feed.ts";
import { itemStamp } from "./feed-items.ts";
import type { FeedNote } from "./feed-notes-store.ts";
import { RSS } from "./rss.ts";

type KeptText = { readonly stamp: string; readonly text: string };

/** Finished RSS items of notes that `note-list.ts` keeps: each is made once, and goes with its note. */
export type ItemTexts = {
  /** The items of a page, in order; those that are new are made as they are taken. */
  list(page: ItemPage): Generator<string>;
};

/** What a page of items is made of. */
export type ItemPage = {
  readonly siteUrl: string;
  readonly settings: Settings;
  readonly feed: FeedHead;
  readonly notes: readonly FeedNote[];
};

/** Creates the memory of this process. It holds nothing that the kept notes do not hold on to. */
export function createItemTexts(): ItemTexts {
  const texts = new WeakMap<FeedNote, KeptText>();

  return {
    *list({ siteUrl, settings, feed, notes }) {
      const toItem = createItemMaker({ siteUrl, settings });
      const stamp = itemStamp(siteUrl, settings, feed);
      for (const note of notes) {
        const kept = texts.get(note);
        const text = kept?.stamp === stamp ? kept.text : RSS.item(toItem(note), feed);
        texts.set(note, { stamp, text });
        yield text;
      }
    },
  };
}
