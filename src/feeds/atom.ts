import { toTimestamp } from "../lib/clock.ts";
import { toLocal } from "../lib/time-zone.ts";
import { XML_DECLARATION, xmlElement, xmlStartTag } from "../lib/xml.ts";
import type { FeedHead, FeedItem, FeedWriter } from "./feed.ts";
import { GENERATOR, listPageLinks } from "./feed.ts";

const MEDIA_TYPE = "application/atom+xml";
const NAMESPACE = "http://www.w3.org/2005/Atom";
/** Atom wants a time also of a feed that nothing was ever in. */
const NEVER = toLocal(toTimestamp(0), 0);

/**
 * Atom 1.0. An untitled note has an empty title, since Atom wants the element and no title is ever invented.
 * @see https://www.rfc-editor.org/rfc/rfc4287
 */
export const ATOM: FeedWriter = {
  mediaType: MEDIA_TYPE,
  head: writeHead,
  item: writeEntry,
  beforeFirst: "",
  between: "",
  end: "</feed>\n",
};

function writeHead(feed: FeedHead): string {
  return [
    XML_DECLARATION,
    xmlStartTag("feed", { xmlns: NAMESPACE, "xml:lang": feed.language }),
    "\n",
    xmlElement("id", feed.id),
    xmlElement("title", feed.title),
    feed.description === feed.title ? "" : xmlElement("subtitle", feed.description),
    xmlElement("updated", (feed.updated ?? NEVER).iso),
    "<author>\n",
    xmlElement("name", feed.author.name),
    xmlElement("uri", feed.author.url),
    "</author>\n",
    xmlElement("link", "", { rel: "alternate", type: "text/html", href: feed.homeUrl }),
    ...listPageLinks(feed.links).map(({ rel, href }) => xmlElement("link", "", { rel, type: MEDIA_TYPE, href })),
    feed.iconUrl === undefined ? "" : xmlElement("icon", feed.iconUrl),
    xmlElement("generator", GENERATOR),
  ].join("");
}

function writeEntry(item: FeedItem): string {
  return [
    xmlStartTag("entry", item.language === undefined ? {} : { "xml:lang": item.language }),
    "\n",
    xmlElement("id", item.id),
    item.title === undefined ? "<title></title>\n" : xmlElement("title", item.title),
    xmlElement("link", "", { rel: "alternate", type: "text/html", href: item.url }),
    ...item.about.map((href) => xmlElement("link", "", { rel: "related", href })),
    ...item.files.map(({ url, sizeBytes, mediaType }) =>
      xmlElement("link", "", { rel: "enclosure", type: mediaType, length: String(sizeBytes), href: url }),
    ),
    xmlElement("published", item.published.iso),
    xmlElement("updated", (item.updated ?? item.published).iso),
    ...item.tags.map((tag) => xmlElement("category", "", { term: tag })),
    item.summary === undefined ? "" : xmlElement("summary", item.summary),
    xmlElement("content", item.contentHtml, { type: "html" }),
    "</entry>\n",
  ].join("");
}
