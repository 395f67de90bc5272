import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { tagName } from "../../lib/tag-name.ts";
import { paths } from "../../lib/urls.ts";
import { listTaggedNotes } from "../../notes/listed-notes-store.ts";
import { findListedTag } from "../../notes/listed-tags-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { assetPath } from "../assets.ts";
import { pageHeaders } from "../edge-headers.ts";
import { siteFeeds, tagFeeds } from "../feed-links.ts";
import { queryText } from "../input.ts";
import { listPlace } from "../list-place.ts";
import { noteViewer, pageView, publicAnswer, siteView, tagView } from "../present.ts";
import type { ReaderPage } from "../reader-page.ts";
import { readerPage } from "../reader-page.ts";
import { createRouter } from "../router.ts";
import type { TagOrder } from "../tag-index.ts";
import { readTagIndex } from "../tag-index.ts";
import type { Render } from "../views.ts";

/** The pages of tags. */
export function tagPages(ctx: Context, render: Render): ReaderPage[] {
  return [
    readerPage("/tags/:tag", (params, query) => {
      const name = tagName(params.tag);
      const tag = name === params.tag ? findListedTag(ctx.db, name) : undefined;
      if (tag === undefined) return undefined;
      const place = listPlace({ query }, paths.tag(tag));
      const { itemsPerPage: limit } = readSettings(ctx.db);
      const list = listTaggedNotes(ctx.db, name, { ...place.cursors, limit });
      const site = siteView(ctx);
      const page = pageView(site, {
        ...place.pageOf(list),
        title: `#${tag.label}`,
        feeds: [...tagFeeds(site, tag), ...siteFeeds(site)],
      });
      const notes = list.notes.map(noteViewer(ctx));
      const html = render("notes/tag.njk", { site, page, tag: { ...tagView(tag), count: tag.count }, notes });
      return { html, isPaged: true, ...publicAnswer(ctx, changeKeys.tag(tag)) };
    }),
  ];
}

/** The index of all tags, and other spellings of each. */
export function tagsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/tags", (req, res) => sendIndex(ctx, render, { req, res, order: "name" }));

  router.get("/tags/by/count", (req, res) => sendIndex(ctx, render, { req, res, order: "count" }));

  router.get("/tags/:tag", (req, res, next) => {
    const tag = findListedTag(ctx.db, tagName(req.params.tag));
    // Perhaps an old path of a note: the site that it came from may have had tags too.
    if (tag === undefined) return next();
    return res.set(pageHeaders(ctx.config, [changeKeys.tag(tag)])).redirect(301, paths.tag(tag));
  });

  return router;
}

function sendIndex(ctx: Context, render: Render, request: { req: Request; res: Response; order: TagOrder }): void {
  const { req, res, order } = request;
  const index = readTagIndex(ctx.db, order, queryText(req, "before"));
  const site = siteView(ctx);
  const html = render("notes/tags.njk", {
    site,
    page: pageView(site, { title: "Tags", ...index.place }),
    archiveStylesheetPath: assetPath("archive.css"),
    ...index.view,
  });
  sendPage(req, res, { html, isPaged: true, ...publicAnswer(ctx, changeKeys.list) });
}
