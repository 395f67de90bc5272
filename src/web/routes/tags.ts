import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { tagName } from "../../lib/tag-name.ts";
import { paths } from "../../lib/urls.ts";
import { findListedTag, listTaggedNotes } from "../../notes/listed-notes-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { pageHeaders } from "../edge-headers.ts";
import { listPlace } from "../list-place.ts";
import { noteViewer, pageView, publicAnswer, siteFeeds, siteView, tagFeeds, tagView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** The pages of tags. */
export function tagsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/tags/:tag", (req, res, next) => {
    const name = tagName(req.params.tag);
    const tag = findListedTag(ctx.db, name);
    // Perhaps an old path of a note: the site that it came from may have had tags too.
    if (tag === undefined) return next();
    const keys = [changeKeys.tag(tag)];
    if (name !== req.params.tag) return res.set(pageHeaders(ctx.config, keys)).redirect(301, paths.tag(tag));

    const place = listPlace(req, paths.tag(tag));
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
    return sendPage(req, res, { html, isPaged: true, ...publicAnswer(ctx, ...keys) });
  });

  return router;
}
