import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toLocal } from "../lib/time-zone.ts";
import { createUrls } from "../lib/urls.ts";
import { XML_DECLARATION, xmlElement, xmlStartTag } from "../lib/xml.ts";
import type { Cursor } from "../notes/cursor.ts";
import { listListedSeries } from "../notes/series-store.ts";
import { oneOfEachLanguage } from "../notes/translations.ts";
import { findFigures } from "../search/figures-store.ts";
import { readSettings } from "../site/settings-store.ts";
import type { SitemapNote } from "./sitemap-store.ts";
import {
  countNotesByYear,
  listSitemapNotes,
  listSitemapPages,
  listSitemapTags,
  listSitemapTranslations,
} from "./sitemap-store.ts";

/** What a sitemap is made of. */
export type SitemapSource = {
  readonly db: Database;
  /** Origin of the site, without a slash at the end. */
  readonly siteUrl: string;
  /** When the lists last changed; undefined while nothing was ever in them. */
  readonly changedAt: Timestamp | undefined;
  /** Most addresses that one file may name: MAX_SITEMAP_URLS, or less in a test. */
  readonly urlsMax: number;
};

/** Most addresses that the protocol allows in one file. */
export const MAX_SITEMAP_URLS = 50_000;
/** Notes that are read at a time, so that nothing else waits long. */
const NOTES_AT_A_TIME = 500;
const NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9";
const XHTML = "http://www.w3.org/1999/xhtml";
const PAGES = "pages";
const ALL_TIME = { from: "", to: "~" };

/**
 * Writes `/sitemap.xml`, piece by piece: every page for readers, newest notes first; or where one file cannot hold them
 * all, an index of the pages but notes and of the notes of each year.
 * @see https://www.sitemaps.org/protocol.html
 */
export function writeSitemap(source: SitemapSource): Generator<string> {
  const years = countNotesByYear(source.db);
  const notes = years.reduce((sum, { count }) => sum + count, 0);
  const pages = [...listPages(source)];
  if (notes + pages.length > source.urlsMax) return writeIndex(source, years);
  return writeUrls(joined(pages, listNoteUrls(source, ALL_TIME)));
}

/** Whether an index names this part: `pages`, or a year that has notes. */
export function hasSitemapPart(db: Database, part: string): boolean {
  return part === PAGES || countNotesByYear(db).some(({ year }) => year === part);
}

/** Writes one part that an index names: the pages but notes, or the notes of a year, its newest where they are too many. */
export function writeSitemapPart(source: SitemapSource, part: string): Generator<string> {
  if (part === PAGES) return writeUrls(listPages(source));
  // "2026-…" sorts before "2026~", and so does every time of that year.
  return writeUrls(listNoteUrls(source, { from: part, to: `${part}~` }));
}

function* listPages({ db, siteUrl, changedAt }: SitemapSource): Generator<string> {
  const urls = createUrls(siteUrl);
  yield urlElement(urls.home(), changedAt);
  yield urlElement(urls.archive(), changedAt);
  yield* noteElements({ db, siteUrl }, listSitemapPages(db), "page");
  if (isStatsPage(db)) yield urlElement(urls.stats(), changedAt);
  for (const series of listListedSeries(db)) yield urlElement(urls.series(series), changedAt);
  const tags = listSitemapTags(db);
  if (tags.length > 0) yield urlElement(urls.tags(), changedAt);
  for (const tag of tags) yield urlElement(urls.tag(tag), tag.changedAt ?? undefined);
}

/** Before the first count there is nothing on it. */
function isStatsPage(db: Database): boolean {
  return readSettings(db).statsPage === "on" && findFigures(db) !== undefined;
}

function* listNoteUrls(source: SitemapSource, span: { from: string; to: string }): Generator<string> {
  let left = source.urlsMax;
  let before: Cursor = { publishedAt: "~" as Timestamp, id: 0 };
  let notes: SitemapNote[];
  do {
    notes = listSitemapNotes(source.db, { ...span, before, limit: Math.min(left, NOTES_AT_A_TIME) });
    yield noteElements(source, notes, undefined).join("");
    left -= notes.length;
    before = notes.at(-1) ?? before;
  } while (notes.length === NOTES_AT_A_TIME && left > 0);
}

/** Notes, or pages, with their translations. */
function noteElements(
  { db, siteUrl }: Pick<SitemapSource, "db" | "siteUrl">,
  notes: readonly SitemapNote[],
  kind: "page" | undefined,
): string[] {
  const urls = createUrls(siteUrl);
  const { language: ofSite } = readSettings(db);
  const translations = listSitemapTranslations(
    db,
    notes.map(({ id }) => id),
  );
  return notes.map((note) => {
    const versions = oneOfEachLanguage(translations.get(note.id) ?? [], ofSite);
    const alternates = versions.map(([hreflang, version]) => ({
      rel: "alternate",
      hreflang,
      href: urls.note(version),
    }));
    return urlElement(
      urls.note(kind === undefined ? note : { ...note, kind }),
      note.updatedAt ?? note.publishedAt,
      alternates,
    );
  });
}

function* writeUrls(urls: Iterable<string>): Generator<string> {
  yield `${XML_DECLARATION}${xmlStartTag("urlset", { xmlns: NAMESPACE, "xmlns:xhtml": XHTML })}\n`;
  yield* urls;
  yield "</urlset>\n";
}

function* writeIndex({ siteUrl }: SitemapSource, years: readonly { year: string }[]): Generator<string> {
  const urls = createUrls(siteUrl);
  yield `${XML_DECLARATION}${xmlStartTag("sitemapindex", { xmlns: NAMESPACE })}\n`;
  for (const part of [PAGES, ...years.map(({ year }) => year)]) {
    yield `<sitemap>\n${xmlElement("loc", urls.sitemapPart(part))}</sitemap>\n`;
  }
  yield "</sitemapindex>\n";
}

function* joined(first: Iterable<string>, second: Iterable<string>): Generator<string> {
  yield* first;
  yield* second;
}

/** @see https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap */
function urlElement(
  url: string,
  changedAt: Timestamp | undefined,
  alternates: readonly Readonly<Record<string, string>>[] = [],
): string {
  const changed = changedAt === undefined ? "" : xmlElement("lastmod", toLocal(changedAt, 0).iso);
  const links = alternates.length < 2 ? "" : alternates.map((link) => xmlElement("xhtml:link", "", link)).join("");
  return `<url>\n${xmlElement("loc", url)}${changed}${links}</url>\n`;
}
