import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { ATOM } from "../../feeds/atom.ts";
import { buildFeed, feedPageUrl } from "../../feeds/build-feed.ts";
import type { FeedWriter } from "../../feeds/feed.ts";
import { writeFeed } from "../../feeds/feed.ts";
import type { FeedItems } from "../../feeds/feed-items.ts";
import { createFeedItems } from "../../feeds/feed-items.ts";
import type { ItemTexts } from "../../feeds/item-texts.ts";
import { createItemTexts } from "../../feeds/item-texts.ts";
import { JSON_FEED } from "../../feeds/json-feed.ts";
import type { NoteLists } from "../../feeds/note-list.ts";
import { createNoteLists, listKey } from "../../feeds/note-list.ts";
import { RSS } from "../../feeds/rss.ts";
import { writeWholeFeed } from "../../feeds/whole-feed.ts";
import { notFound } from "../../lib/errors.ts";
import { tagName } from "../../lib/tag-name.ts";
import type { FeedFormat } from "../../lib/urls.ts";
import { paths } from "../../lib/urls.ts";
import { VERSION } from "../../lib/version.ts";
import { parseCursor } from "../../notes/cursor.ts";
import { changeKeys, newestChange } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import type { PublicTag } from "../../tags/tag-page.ts";
import { findPublicTag } from "../../tags/tag-page.ts";
import { answerConditions, weakTag } from "../answer.ts";
import { feedHeaders, pageHeaders } from "../edge-headers.ts";
import { queryText } from "../input.ts";
import type { LongStreamOptions, LongStreams } from "../long-stream.ts";
import { createLongStreams } from "../long-stream.ts";
import { keepPage } from "../page-slot.ts";

import { createRouter } from "../router.ts";
import { sendStream } from "../stream.ts";

type FeedRequest = { req: Request; res: Response; format: FeedFormat; tag?: PublicTag };
type Tools = { lists: NoteLists; texts: ItemTexts; items: FeedItems; streams: LongStreams };

const WRITERS: Record<FeedFormat, FeedWriter> = { xml: RSS, atom: ATOM, json: JSON_FEED };
const FORMATS = Object.keys(WRITERS) as FeedFormat[];

/** The feeds of all notes and of each tag. A page whose validators hold is answered without reading a note. */
export function feedsRoutes(ctx: Context, options?: LongStreamOptions): Router {
  const router = createRouter();
  const tools = {
    lists: createNoteLists(ctx.db),
    texts: createItemTexts(),
    items: createFeedItems(ctx.db),
    streams: createLongStreams(options),
  };

  for (const format of FORMATS) {
    router.get(`/feed.${format}`, (req, res) => sendFeed(ctx, tools, { req, res, format }));

    router.get(`/tags/:tag/feed.${format}`, (req, res) => {
      const tag = findPublicTag(ctx.db, tagName(req.params.tag));
      if (tag === undefined) throw notFound("tag");
      if (tag.name !== req.params.tag)
        return res.set(pageHeaders(ctx.config, [changeKeys.tag(tag)])).redirect(301, paths.tagFeed(tag, format));
      return sendFeed(ctx, tools, { req, res, format, tag });
    });
  }

  return router;
}

async function sendFeed(ctx: Context, tools: Tools, { req, res, format, tag }: FeedRequest): Promise<void> {
  const { SITE_URL: siteUrl, FEED_ITEMS: limit } = ctx.config;
  // A feed that has all notes has no other pages.
  const before = limit === "all" ? undefined : parseCursor(queryText(req, "before"), "before");
  const page = { siteUrl, format, tag, before };
  const self = feedPageUrl(page);
  // Before anything else is read: what changes in between then makes the validators too old, never too new.
  const keys = [listKey({ tag: tag?.name }), changeKeys.site];
  const change = newestChange(ctx.db, keys);

  res.set({ ...feedHeaders(ctx.config, keys), Link: `<${self}>; rel="self"` });
  res.vary("Accept-Encoding");
  // Whatever the bytes depend on goes in, the version of the program too.
  const etag = weakTag(Buffer.from(JSON.stringify([self, limit, VERSION, change])));
  const validators = { etag, lastModified: change.changedAt };
  if (answerConditions(req, res, validators)) return;

  const writer = WRITERS[format];
  const mediaType = `${writer.mediaType}; charset=utf-8`;
  const site = { ...page, settings: readSettings(ctx.db), changedAt: change.changedAt };
  if (limit === "all") {
    const items = format === "xml" ? tools.items : undefined;
    await tools.streams.send(req, res, { chunks: writeWholeFeed({ ...site, db: ctx.db, writer, items }), mediaType });
    return;
  }
  const list = tools.lists.read({ tag: tag?.name, before, limit });
  const feed = buildFeed({ ...site, list });
  const texts = format === "xml" ? tools.texts.list({ ...site, feed, notes: list.notes }) : undefined;
  await sendStream(req, res, {
    chunks: writeFeed(feed, writer, texts),
    mediaType,
    keep: (body) => keepPage(res, { body, keys, isPaged: true, ...validators }),
  });
}
