import type { Timestamp } from "../lib/clock.ts";
import { excerpt } from "../lib/text.ts";
import type { LocalTime } from "../lib/time-zone.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import type { FeedFormat, Urls } from "../lib/urls.ts";
import { createUrls } from "../lib/urls.ts";
import { toXmlCharacters } from "../lib/xml.ts";
import { listCited } from "../notes/cited.ts";
import type { Cursor } from "../notes/cursor.ts";
import { formatCursor } from "../notes/cursor.ts";
import type { Tag } from "../notes/note.ts";
import { NO_PROPERTIES } from "../notes/note-citations.ts";
import type { Settings } from "../site/settings.ts";
import type { PublicTag } from "../tags/tag-page.ts";
import { toAbsoluteHtml, withPlainImages } from "./absolute-html.ts";
import type { Feed, FeedAuthor, FeedHead, FeedItem, FeedLinks } from "./feed.ts";
import type { FeedNote } from "./feed-notes-store.ts";
import { kindHtml } from "./kind-html.ts";
import type { NoteList } from "./note-list.ts";

/** A tag that a feed is of; title and description are those of its section, where it has one. */
export type FeedTag = Tag & { readonly title?: string; readonly section?: PublicTag["section"] };

/** What a page of a feed is made of. */
export type FeedSource = {
  readonly settings: Settings;
  /** Origin of the site, without a slash at the end. */
  readonly siteUrl: string;
  readonly format: FeedFormat;
  /** Undefined: the feed of all notes. */
  readonly tag?: FeedTag | undefined;
  /** Where the page begins; undefined: the first one. */
  readonly before?: Cursor | undefined;
  readonly list: NoteList;
  /** Newest change of what the feed shows; undefined while there was none. */
  readonly changedAt: Timestamp | undefined;
};

/** How long a summary may be, in characters; a text that is no longer needs none. */
export const SUMMARY_CHARACTERS = 300;

/** Absolute address of a page of a feed. */
export function feedPageUrl(
  page: Pick<FeedSource, "siteUrl" | "format" | "before"> & { readonly tag?: { readonly name: string } | undefined },
): string {
  const urls = createUrls(page.siteUrl);
  const first = page.tag ? urls.tagFeed(page.tag, page.format) : urls.feed(page.format);
  return page.before ? `${first}?before=${formatCursor(page.before)}` : first;
}

/** Builds one page of a feed. Items are made as they are taken. */
export function buildFeed(source: FeedSource): Feed {
  const toItem = createItemMaker(source);
  return { ...buildHead(source), items: mapped(source.list.notes, toItem) };
}

function buildHead(source: FeedSource): FeedHead {
  const { settings, siteUrl, tag } = source;
  const urls = createUrls(siteUrl);
  const links = toLinks(source);
  const title = tag ? `${tag.title ?? tag.label} · ${settings.siteTitle}` : settings.siteTitle;
  const description = tag?.section?.descriptionText || settings.siteDescription || title;
  return {
    id: links.first,
    title: toXmlCharacters(title),
    description: toXmlCharacters(description),
    homeUrl: tag ? urls.tag(tag) : urls.home(),
    links,
    language: settings.language,
    author: toAuthor(settings, urls),
    iconUrl: settings.siteIcon === "" ? undefined : urls.media(settings.siteIcon),
    updated: toUpdated(source),
  };
}

function toLinks(source: FeedSource): FeedLinks {
  const { before, list } = source;
  const pageAt = (place: Cursor | undefined) => feedPageUrl({ ...source, before: place });
  return {
    self: pageAt(before),
    first: pageAt(undefined),
    previous: before && pageAt(list.newer),
    next: list.older && pageAt(list.older),
  };
}

function toAuthor(settings: Settings, urls: Urls): FeedAuthor {
  return {
    name: toXmlCharacters(settings.authorName || settings.siteTitle),
    url: urls.home(),
    avatarUrl: settings.authorPhoto === "" ? undefined : urls.media(settings.authorPhoto),
  };
}

/** A note may carry a later time than its last change here, and no feed may be older than its entries. */
function toUpdated({ settings, list, changedAt }: FeedSource): LocalTime | undefined {
  const moments = list.notes.map((note) => note.updatedAt ?? note.publishedAt);
  const newest = [...moments, ...(changedAt ? [changedAt] : [])].sort().at(-1);
  return newest && toLocal(newest, offsetMinutes(newest, settings.timeZone));
}

function* mapped<From, To>(all: Iterable<From>, toOne: (one: From) => To): Generator<To> {
  for (const one of all) yield toOne(one);
}

/** Creates what makes the item of a note, the same in every format. */
export function createItemMaker(site: Pick<FeedSource, "settings" | "siteUrl">): (note: FeedNote) => FeedItem {
  const urls = createUrls(site.siteUrl);
  return (note) => toItem(note, site, urls);
}

function toItem(note: FeedNote, { settings, siteUrl }: Pick<FeedSource, "settings" | "siteUrl">, urls: Urls): FeedItem {
  const permalink = urls.note(note);
  const cited = note.properties === NO_PROPERTIES ? [] : listCited(note.properties);
  const zoneOffset = (moment: Timestamp) => offsetMinutes(moment, settings.timeZone);
  return {
    id: note.uid,
    url: permalink,
    title: note.title === undefined ? undefined : toXmlCharacters(note.title),
    contentHtml: toXmlCharacters(
      kindHtml(note, settings) + toAbsoluteHtml(withPlainImages(note.contentHtml), { siteUrl, permalink }),
    ),
    summary: toSummary(toXmlCharacters(note.textStart)),
    published: toLocal(note.publishedAt, note.publishedOffset ?? zoneOffset(note.publishedAt)),
    updated: note.updatedAt && toLocal(note.updatedAt, zoneOffset(note.updatedAt)),
    tags: note.tags.map((tag) => toXmlCharacters(tag.label)),
    language: note.language === settings.language ? undefined : note.language,
    about: cited.map(({ url }) => url),
    bookmarked: cited.find(({ property }) => property === "bookmark-of")?.url,
    files: note.files.map(({ name, mediaType, sizeBytes }) => ({ url: urls.media(name), mediaType, sizeBytes })),
  };
}

function toSummary(text: string): string | undefined {
  // Most texts are short, and to count their characters is dear.
  const isCut = text.length > SUMMARY_CHARACTERS && [...text].length > SUMMARY_CHARACTERS;
  return isCut ? excerpt(text, SUMMARY_CHARACTERS) : undefined;
}
