import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { writeAtom } from "../../feeds/atom.ts";
import type { FeedSource } from "../../feeds/build-feed.ts";
import { buildFeed, feedPageUrl } from "../../feeds/build-feed.ts";
import type { Feed } from "../../feeds/feed.ts";
import { writeJsonFeed } from "../../feeds/json-feed.ts";
import type { NoteLists } from "../../feeds/note-list.ts";
import { createNoteLists, listKey } from "../../feeds/note-list.ts";
import { writeRss } from "../../feeds/rss.ts";
import { notFound } from "../../lib/errors.ts";
import { tagName } from "../../lib/tag-name.ts";
import type { FeedFormat } from "../../lib/urls.ts";
import { paths } from "../../lib/urls.ts";
import { VERSION } from "../../lib/version.ts";
import { parseCursor } from "../../notes/cursor.ts";
import { findListedTag } from "../../notes/listed-notes-store.ts";
import type { Tag } from "../../notes/note.ts";
import { changeKeys, newestChange } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { answerConditions, weakTag } from "../answer.ts";
import { queryText } from "../input.ts";
import { keepPage } from "../page-slot.ts";
import { createRouter } from "../router.ts";
import { sendStream } from "../stream.ts";

type Writer = { mediaType: string; write: (feed: Feed) => Generator<string> };
type FeedRequest = { req: Request; res: Response; format: FeedFormat; tag?: Tag };

const WRITERS: Record<FeedFormat, Writer> = {
  xml: { mediaType: "application/rss+xml", write: writeRss },
  atom: { mediaType: "application/atom+xml", write: writeAtom },
  json: { mediaType: "application/feed+json", write: writeJsonFeed },
};
const FORMATS = Object.keys(WRITERS) as FeedFormat[];

/** The feeds of all notes and of each tag. A page whose validators hold is answered without reading a note. */
export function feedsRoutes(ctx: Context): Router {
  const router = createRouter();
  const lists = createNoteLists(ctx.db);

  for (const format of FORMATS) {
    router.get(`/feed.${format}`, (req, res) => sendFeed(ctx, lists, { req, res, format }));

    router.get(`/tags/:tag/feed.${format}`, (req, res) => {
      const tag = findListedTag(ctx.db, tagName(req.params.tag));
      if (tag === undefined) throw notFound("tag");
      if (tag.name !== req.params.tag) return res.redirect(301, paths.tagFeed(tag, format));
      return sendFeed(ctx, lists, { req, res, format, tag });
    });
  }

  return router;
}

async function sendFeed(ctx: Context, lists: NoteLists, { req, res, format, tag }: FeedRequest): Promise<void> {
  const { SITE_URL: siteUrl, FEED_ITEMS: limit, FEED_CACHE_SECONDS } = ctx.config;
  const before = parseCursor(queryText(req, "before"), "before");
  const page = { siteUrl, format, tag, before };
  const self = feedPageUrl(page);
  // Before anything else is read: what changes in between then makes the validators too old, never too new.
  const keys = [listKey({ tag: tag?.name }), changeKeys.site];
  const change = newestChange(ctx.db, keys);

  res.set({ "Cache-Control": `public, max-age=${FEED_CACHE_SECONDS}`, Link: `<${self}>; rel="self"` });
  res.vary("Accept-Encoding");
  // Whatever the bytes depend on goes in, the version of the program too.
  const etag = weakTag(Buffer.from(JSON.stringify([self, limit, VERSION, change])));
  const validators = { etag, lastModified: change.changedAt };
  if (answerConditions(req, res, validators)) return;

  const list = lists.read({ tag: tag?.name, before, limit });
  const source: FeedSource = { ...page, settings: readSettings(ctx.db), list, changedAt: change.changedAt };
  const { mediaType, write } = WRITERS[format];
  await sendStream(req, res, {
    chunks: write(buildFeed(source)),
    mediaType: `${mediaType}; charset=utf-8`,
    keep: (body) => keepPage(res, { body, keys, isPaged: true, ...validators }),
  });
}
