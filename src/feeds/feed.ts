import type { LocalTime } from "../lib/time-zone.ts";

/** Who writes; a feed has one author. */
export type FeedAuthor = {
  /** Never empty: Atom wants a name. */
  readonly name: string;
  readonly url: string;
  /** Of a picture; undefined: none. */
  readonly avatarUrl: string | undefined;
};

/** Where the pages of a feed lie. @see https://www.rfc-editor.org/rfc/rfc5005#section-3 */
export type FeedLinks = {
  /** This very page. */
  readonly self: string;
  /** The newest notes. */
  readonly first: string;
  /** Newer notes; undefined on the first page. */
  readonly previous: string | undefined;
  /** Older notes; undefined on the last page. */
  readonly next: string | undefined;
};

/** What a feed says of itself, before it is written in a format. URLs are absolute, and no text holds what XML cannot. */
export type FeedHead = {
  /** Stays the same on all pages. */
  readonly id: string;
  readonly title: string;
  /** Never empty: RSS wants one. */
  readonly description: string;
  /** The page for people with the same notes. */
  readonly homeUrl: string;
  readonly links: FeedLinks;
  /** BCP 47. */
  readonly language: string;
  readonly author: FeedAuthor;
  /** Of the site's own icon; undefined: it has none. */
  readonly iconUrl: string | undefined;
  /** Not before any change of an item on this page; undefined while the site is empty. */
  readonly updated: LocalTime | undefined;
};

/** One page of a feed. */
export type Feed = FeedHead & {
  /** Newest first; made one by one as they are taken, and only once. */
  readonly items: Iterable<FeedItem>;
};

/** A film, a recording or a document that a note shows. */
export type FeedFile = { readonly url: string; readonly mediaType: string; readonly sizeBytes: number };

/** A note as feeds show it. */
export type FeedItem = {
  /** The note's `uid`: no rename changes it. */
  readonly id: string;
  readonly url: string;
  /** Undefined where the author gave none. None is ever invented. */
  readonly title: string | undefined;
  readonly contentHtml: string;
  /** The beginning as plain text; undefined where that is all there is. */
  readonly summary: string | undefined;
  readonly published: LocalTime;
  /** Undefined: not changed since. */
  readonly updated: LocalTime | undefined;
  /** What the author wrote, not the form that URLs have. */
  readonly tags: readonly string[];
  /** BCP 47; undefined: the feed's. */
  readonly language: string | undefined;
  /** Pages elsewhere that it is about; the text names them too. */
  readonly about: readonly string[];
  /** The page that it marks: what a reader who follows its links wants to open. */
  readonly bookmarked: string | undefined;
  /** In the order of the note. */
  readonly files: readonly FeedFile[];
};

/** How a format is written. */
export type FeedWriter = {
  /** Without its charset. */
  readonly mediaType: string;
  readonly head: (feed: FeedHead) => string;
  readonly item: (item: FeedItem, feed: FeedHead) => string;
  /** What stands before the first item, and before each other one. */
  readonly beforeFirst: string;
  readonly between: string;
  readonly end: string;
};

/** Writes a feed, piece by piece: its head, each item, its end. `texts` are its items, where they are at hand. */
export function* writeFeed(
  feed: Feed,
  writer: FeedWriter,
  texts: Iterable<string> = writeItems(feed, writer),
): Generator<string> {
  yield writer.head(feed);
  let separator = writer.beforeFirst;
  for (const text of texts) {
    yield separator + text;
    separator = writer.between;
  }
  yield writer.end;
}

function* writeItems(feed: Feed, writer: FeedWriter): Generator<string> {
  for (const item of feed.items) yield writer.item(item, feed);
}

/** Name of the program that feeds give; without a version, which would only help an attacker. */
export const GENERATOR = "StarPunk";

/** The links that a page of a feed carries, by relation; a feed that is whole on one page has `self` alone. */
export function listPageLinks({ self, first, previous, next }: FeedLinks): { rel: string; href: string }[] {
  const isPaged = previous !== undefined || next !== undefined;
  return [
    { rel: "self", href: self },
    ...(isPaged ? [{ rel: "first", href: first }] : []),
    ...(previous === undefined ? [] : [{ rel: "previous", href: previous }]),
    ...(next === undefined ? [] : [{ rel: "next", href: next }]),
  ];
}
