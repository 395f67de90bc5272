import type { Feed, FeedItem } from "./feed.ts";

/**
 * Writes a feed as JSON Feed 1.1, piece by piece: its head, each item, its end. What a note does not have is left out.
 * @see https://www.jsonfeed.org/version/1.1/
 */
export function* writeJsonFeed(feed: Feed): Generator<string> {
  yield `${head(feed).slice(0, -1)},"items":[`;
  let separator = "\n";
  for (const item of feed.items) {
    yield separator + writeItem(item);
    separator = ",\n";
  }
  yield "\n]}\n";
}

function head(feed: Feed): string {
  return JSON.stringify({
    version: "https://jsonfeed.org/version/1.1",
    title: feed.title,
    description: feed.description === feed.title ? undefined : feed.description,
    home_page_url: feed.homeUrl,
    feed_url: feed.links.self,
    next_url: feed.links.next,
    icon: feed.iconUrl,
    language: feed.language,
    authors: [{ name: feed.author.name, url: feed.author.url, avatar: feed.author.avatarUrl }],
  });
}

function writeItem(item: FeedItem): string {
  return JSON.stringify({
    id: item.id,
    url: item.url,
    title: item.title,
    content_html: item.contentHtml,
    summary: item.summary,
    date_published: item.published.iso,
    date_modified: item.updated?.iso,
    tags: item.tags.length > 0 ? item.tags : undefined,
    language: item.language,
  });
}
