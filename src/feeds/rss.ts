import type { LocalTime } from "../lib/time-zone.ts";
import { escapeXml, XML_DECLARATION, xmlElement, xmlStartTag } from "../lib/xml.ts";
import type { FeedFile, FeedHead, FeedItem, FeedWriter } from "./feed.ts";
import { GENERATOR, listPageLinks } from "./feed.ts";

const MEDIA_TYPE = "application/rss+xml";
const ROOT_ATTRIBUTES = {
  version: "2.0",
  "xmlns:atom": "http://www.w3.org/2005/Atom",
  "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
  "xmlns:dc": "http://purl.org/dc/elements/1.1/",
};
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * RSS 2.0. Of the feed an item takes the author's name alone, which `itemStamp` knows.
 * @see https://www.rssboard.org/rss-profile
 */
export const RSS: FeedWriter = {
  mediaType: MEDIA_TYPE,
  head: writeHead,
  item: writeItem,
  beforeFirst: "",
  between: "",
  end: "</channel>\n</rss>\n",
};

function writeHead(feed: FeedHead): string {
  return [
    XML_DECLARATION,
    xmlStartTag("rss", ROOT_ATTRIBUTES),
    "\n<channel>\n",
    plainElement("title", feed.title),
    xmlElement("link", feed.homeUrl),
    plainElement("description", feed.description),
    xmlElement("language", feed.language),
    feed.updated ? xmlElement("lastBuildDate", toRfc822(feed.updated)) : "",
    xmlElement("generator", GENERATOR),
    pageLinks(feed),
    feed.iconUrl === undefined ? "" : image(feed.iconUrl, feed),
  ].join("");
}

function pageLinks({ links }: FeedHead): string {
  return listPageLinks(links)
    .map(({ rel, href }) => xmlElement("atom:link", "", { rel, type: MEDIA_TYPE, href }))
    .join("");
}

function image(iconUrl: string, feed: FeedHead): string {
  return `<image>\n${xmlElement("url", iconUrl)}${plainElement("title", feed.title)}${xmlElement("link", feed.homeUrl)}</image>\n`;
}

function writeItem(item: FeedItem, feed: FeedHead): string {
  return [
    "<item>\n",
    item.title === undefined ? "" : plainElement("title", item.title),
    xmlElement("link", item.url),
    xmlElement("guid", item.id, { isPermaLink: "false" }),
    xmlElement("pubDate", toRfc822(item.published)),
    item.updated ? xmlElement("atom:updated", item.updated.iso) : "",
    plainElement("dc:creator", feed.author.name),
    item.language === undefined ? "" : xmlElement("dc:language", item.language),
    ...item.tags.map((tag) => plainElement("category", tag)),
    // One at most, says the profile: readers that know enclosures take the first or the last of several.
    ...item.files.slice(0, 1).map(enclosure),
    // A description is HTML too, so plain text is escaped once more.
    xmlElement("description", item.summary === undefined ? item.contentHtml : escapeXml(item.summary)),
    xmlElement("content:encoded", item.contentHtml),
    "</item>\n",
  ].join("");
}

function enclosure({ url, sizeBytes, mediaType }: FeedFile): string {
  return xmlElement("enclosure", "", { url, length: String(sizeBytes), type: mediaType });
}

/** The profile asks for these references in plain text: readers that take it for HTML then show what was written. */
function plainElement(name: string, text: string): string {
  return xmlElement(name, text).replaceAll("&amp;", "&#x26;").replaceAll("&lt;", "&#x3C;");
}

/** `Sat, 21 Nov 2026 14:30:05 -0800` */
function toRfc822({ date, time, iso }: LocalTime): string {
  const [year = "", month = "", day = ""] = date.split("-");
  const weekday = DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  const offset = iso.slice(-6).replace(":", "");
  return `${weekday}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${time} ${offset}`;
}
