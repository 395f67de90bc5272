import type { RequestHandler, Router } from "express";
import type { Context } from "../../context/context.ts";
import { throttled } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { findListedNotes } from "../../search/search-aside.ts";
import { sendPage } from "../answer.ts";
import { createRouter } from "../router.ts";
import { searchLimitOf } from "../search-limit.ts";
import { readSearch, searchPage } from "../search-page.ts";
import { findRequestSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

/** Searches that take longer. No query can make one fail; too many at once from one network are put off. */
export function searchRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(paths.search(), limitSearches(ctx), async (req, res) => {
    const asked = readSearch(req);
    const found = await findListedNotes(ctx.db, asked.query, asked.request);
    return sendPage(req, res, searchPage(ctx, render, { ...asked, found }));
  });

  return router;
}

/** The page without a query is one like others, and the author may search as often as they like. */
function limitSearches(ctx: Context): RequestHandler {
  const limit = searchLimitOf(ctx);
  return (req, _res, next) => {
    const seconds = readSearch(req).query === "" ? 0 : limit.take(req);
    if (seconds > 0 && findRequestSession(ctx, req) === undefined) throw throttled("searches", seconds);
    next();
  };
}
