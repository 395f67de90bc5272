import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { tagName } from "../../lib/tag-name.ts";
import { paths } from "../../lib/urls.ts";
import { findListedTag, listTaggedNotes } from "../../notes/listed-notes-store.ts";
import { sendPage } from "../answer.ts";
import { imagePolicy, noteView, pageView, siteView, tagFeeds, tagView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { pageLinks, pageRequest } from "./notes.ts";

/** The pages of tags. */
export function tagsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/tags/:tag", (req, res) => {
    const name = tagName(req.params.tag);
    const tag = findListedTag(ctx.db, name);
    if (tag === undefined) throw notFound("tag");
    if (name !== req.params.tag) return res.redirect(301, paths.tag(tag));

    const list = listTaggedNotes(ctx.db, name, pageRequest(ctx, req));
    const site = siteView(ctx);
    const page = pageView(site, {
      canonicalPath: list.newer === undefined ? paths.tag(tag) : req.url,
      title: `#${tag.label}`,
      description: site.description,
      feeds: [...tagFeeds(site, tag), ...pageView(site, { canonicalPath: "/" }).feeds],
      robots: list.newer === undefined ? "" : "noindex, follow",
      ...pageLinks(list, paths.tag(tag)),
    });
    const notes = list.notes.map((note) => noteView(ctx, note));
    return sendPage(req, res, {
      html: render("notes/tag.njk", { site, page, tag: { ...tagView(tag), count: tag.count }, notes }),
      ...imagePolicy(ctx),
    });
  });

  return router;
}
