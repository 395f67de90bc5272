import type { FeedFormat } from "../lib/urls.ts";
import { paths } from "../lib/urls.ts";
import type { Tag } from "../notes/note.ts";
import type { PageView, SiteView } from "./views.ts";

/** Media type of RSS. */
export const RSS_TYPE = "application/rss+xml";

const FEED_TYPES: readonly { format: FeedFormat; type: string; name: string }[] = [
  { format: "xml", type: RSS_TYPE, name: "RSS" },
  { format: "atom", type: "application/atom+xml", name: "Atom" },
  { format: "json", type: "application/feed+json", name: "JSON Feed" },
];

/** The feeds of all notes, for the head of a page. */
export function siteFeeds(site: SiteView): PageView["feeds"] {
  return FEED_TYPES.map(({ format, type, name }) => ({
    path: paths.feed(format),
    type,
    title: `${site.title} (${name})`,
  }));
}

/** The feeds of one tag, for the head of its page. */
export function tagFeeds(site: SiteView, tag: Tag): PageView["feeds"] {
  return FEED_TYPES.map(({ format, type, name }) => ({
    path: paths.tagFeed(tag, format),
    type,
    title: `${site.title}: ${tag.label} (${name})`,
  }));
}
