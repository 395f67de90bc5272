import type { FeedFile, FeedHead, FeedItem, FeedWriter } from "./feed.ts";

/**
 * JSON Feed 1.1. What a note does not have is left out.
 * @see https://www.jsonfeed.org/version/1.1/
 */
export const JSON_FEED: FeedWriter = {
  mediaType: "application/feed+json",
  head: writeHead,
  item: writeItem,
  beforeFirst: "\n",
  between: ",\n",
  end: "\n]}\n",
};

function writeHead(feed: FeedHead): string {
  const head = JSON.stringify({
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
  return `${head.slice(0, -1)},"items":[`;
}

function writeItem(item: FeedItem): string {
  return JSON.stringify({
    id: item.id,
    url: item.url,
    external_url: item.bookmarked,
    title: item.title,
    content_html: item.contentHtml,
    summary: item.summary,
    date_published: item.published.iso,
    date_modified: item.updated?.iso,
    tags: item.tags.length > 0 ? item.tags : undefined,
    language: item.language,
    attachments: item.files.length > 0 ? item.files.map(toAttachment) : undefined,
  });
}

function toAttachment({ url, mediaType, sizeBytes }: FeedFile): object {
  return { url, mime_type: mediaType, size_in_bytes: sizeBytes };
}
