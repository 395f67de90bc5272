import { ATOM } from "../../src/feeds/atom.ts";
import type { FeedSource } from "../../src/feeds/build-feed.ts";
import { buildFeed } from "../../src/feeds/build-feed.ts";
import { writeFeed as writeFeedPieces } from "../../src/feeds/feed.ts";
import type { FeedNote } from "../../src/feeds/feed-notes-store.ts";
import { JSON_FEED } from "../../src/feeds/json-feed.ts";
import { RSS } from "../../src/feeds/rss.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { FeedFormat } from "../../src/lib/urls.ts";
import { NO_PROPERTIES } from "../../src/notes/note-citations.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import type { XmlElement } from "./strict-xml.ts";
import { childText, elements, parseXml } from "./strict-xml.ts";

/** All formats of feeds. */
export const FORMATS: readonly FeedFormat[] = ["xml", "atom", "json"];

/** What a feed says, whatever its format. Times are milliseconds since 1970. */
export type ReadFeed = {
  title: string;
  author: string;
  /** By relation; `self` is always there. */
  links: Record<string, string>;
  items: ReadItem[];
};

/** What a feed says of a note, whatever its format; empty or undefined where it says nothing. */
export type ReadItem = {
  id: string;
  url: string;
  title: string | undefined;
  html: string;
  published: number;
  updated: number;
  tags: string[];
  language: string | undefined;
};

/** A note as the store gives it to feeds. */
export function feedNote(changes: Partial<FeedNote> = {}): FeedNote {
  return {
    id: 1,
    uid: "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341",
    slug: "hello",
    title: undefined,
    contentHtml: "<p>Hello</p>\n",
    textStart: "Hello",
    tags: [],
    language: undefined,
    publishedAt: "2026-03-01T09:30:00.000Z" as Timestamp,
    publishedOffset: undefined,
    updatedAt: undefined,
    kind: "note",
    properties: NO_PROPERTIES,
    citations: new Map(),
    files: [],
    ...changes,
  };
}

/** What a feed of these notes is made of. */
export function feedSource(notes: readonly FeedNote[], changes: Partial<FeedSource> = {}): FeedSource {
  return {
    settings: { ...DEFAULT_SETTINGS, siteTitle: "A site", authorName: "Ada" },
    siteUrl: "https://blog.example",
    format: "xml",
    list: { notes, older: undefined, newer: undefined },
    changedAt: "2026-03-01T09:30:00.000Z" as Timestamp,
    ...changes,
  };
}

/** Writes the whole of a feed in the format of its source. */
export function writeFeed(source: FeedSource): string {
  return writePieces(source).join("");
}

/** The pieces that a feed is written in. */
export function writePieces(source: FeedSource): string[] {
  const writer = { xml: RSS, atom: ATOM, json: JSON_FEED }[source.format];
  return [...writeFeedPieces(buildFeed(source), writer)];
}

/** Reads a feed with a strict parser. Throws at whatever is malformed, missing or there twice. */
export function readFeed(format: FeedFormat, text: string): ReadFeed {
  if (format === "json") return readJson(text);
  return format === "xml" ? readRss(parseXml(text)) : readAtom(parseXml(text));
}

function readRss(root: XmlElement): ReadFeed {
  const channel = require(root.children[0]);
  return {
    title: require(childText(channel, "title")),
    author: childText(elements(channel, "item")[0] ?? channel, "dc:creator") ?? "",
    links: linksOf(channel, "atom:link"),
    items: elements(channel, "item").map((item) => ({
      id: require(childText(item, "guid")),
      url: require(childText(item, "link")),
      title: childText(item, "title"),
      html: require(childText(item, "content:encoded")),
      published: toTime(childText(item, "pubDate")),
      updated: toTime(childText(item, "atom:updated") ?? childText(item, "pubDate")),
      tags: item.children.filter(({ name }) => name === "category").map(({ text }) => text),
      language: childText(item, "dc:language"),
    })),
  };
}

function readAtom(feed: XmlElement): ReadFeed {
  return {
    title: require(childText(feed, "title")),
    author: require(elements(feed, "name")[0]).text,
    links: linksOf(feed, "link"),
    items: elements(feed, "entry").map((entry) => ({
      id: require(childText(entry, "id")),
      url: require(linksOf(entry, "link").alternate),
      title: require(childText(entry, "title")) || undefined,
      html: require(childText(entry, "content")),
      published: toTime(childText(entry, "published")),
      updated: toTime(childText(entry, "updated")),
      tags: elements(entry, "category").map(({ attributes }) => require(attributes.term)),
      language: entry.attributes["xml:lang"],
    })),
  };
}

function readJson(text: string): ReadFeed {
  const feed = JSON.parse(text);
  return {
    title: feed.title,
    author: feed.authors[0].name,
    links: { self: feed.feed_url, ...(feed.next_url === undefined ? {} : { next: feed.next_url }) },
    items: feed.items.map((item: Record<string, never>) => ({
      id: require(item.id),
      url: require(item.url),
      title: item.title,
      html: require(item.content_html),
      published: toTime(item.date_published),
      updated: toTime(item.date_modified ?? item.date_published),
      tags: item.tags ?? [],
      language: item.language,
    })),
  };
}

function linksOf(element: XmlElement, name: string): Record<string, string> {
  const links = element.children.filter((child) => child.name === name);
  const found = Object.fromEntries(links.map(({ attributes }) => [attributes.rel, attributes.href]));
  if (Object.keys(found).length !== links.length) throw new Error("two links of one relation");
  return found as Record<string, string>;
}

function toTime(date: string | undefined): number {
  const time = Date.parse(require(date));
  if (Number.isNaN(time)) throw new Error(`${date} is no date`);
  return time;
}

function require<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("something is missing");
  return value;
}
