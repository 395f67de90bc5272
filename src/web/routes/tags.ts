import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { tagName } from "../../lib/tag-name.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { findPublicTag } from "../../tags/tag-page.ts";
import { sendPage } from "../answer.ts";
import { assetPath } from "../assets.ts";
import { pageHeaders } from "../edge-headers.ts";
import { queryText } from "../input.ts";
import { pageView, publicAnswer, siteView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { TagOrder } from "../tag-index.ts";
import { readTagIndex } from "../tag-index.ts";
import type { Render } from "../views.ts";

/** The index of all tags, and other spellings of each. */
export function tagsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/tags", (req, res) => sendIndex(ctx, render, { req, res, order: "name" }));

  router.get("/tags/by/count", (req, res) => sendIndex(ctx, render, { req, res, order: "count" }));

  router.get("/tags/:tag", (req, res, next) => {
    const tag = findPublicTag(ctx.db, tagName(req.params.tag));
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
    page: pageView(site, { title: said`Tags`, ...index.place }),
    archiveStylesheetPath: assetPath("archive.css"),
    ...index.view,
  });
  sendPage(req, res, { html, isPaged: true, ...publicAnswer(ctx, changeKeys.list) });
}
