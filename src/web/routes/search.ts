import type { Request, RequestHandler, Router } from "express";
import type { Context } from "../../context/context.ts";
import { throttled } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import type { Words } from "../../lib/words.ts";
import { counted, said } from "../../lib/words.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import type { Found, Hit } from "../../search/search.ts";
import { findListedNotes } from "../../search/search-aside.ts";
import { limitQuery } from "../../search/search-query.ts";
import { sendPage } from "../answer.ts";
import { passingHeaders } from "../edge-headers.ts";
import { hitViews } from "../hit-view.ts";
import { queryText } from "../input.ts";
import { pageView, publicAnswer, siteView } from "../present.ts";
import { createNetworkLimit, SEARCH_RATE } from "../rate-limit.ts";
import { createRouter } from "../router.ts";
import { pagesBeside, parseOrder, SCANNED_MESSAGE, searchView } from "../search-view.ts";
import { findRequestSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

/** The search page. No query can make it fail; too many at once from one network are put off. */
export function searchRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/search", limitSearches(ctx), async (req, res) => {
    const query = readQuery(req);
    const address = { path: paths.search(), query, order: parseOrder(queryText(req, "sort")) };
    const found = await findListedNotes(ctx.db, query, {
      order: address.order,
      before: queryText(req, "before"),
      after: queryText(req, "after"),
    });
    const site = siteView(ctx);
    const page = {
      canonicalPath: paths.search(),
      title: said`Search`,
      robots: "noindex",
      ...pagesBeside(address, found),
    };
    const html = render("notes/search.njk", {
      site,
      page: pageView(site, page),
      search: searchView(address, found),
      hits: hitViews(ctx, found.hits),
      message: searchMessage(query, found),
    });
    // Without keys: anyone can ask for anything, so results are not kept.
    const { keys: _unkept, ...answer } = publicAnswer(ctx);
    return sendPage(req, res, { html, ...answer, caching: passingHeaders(ctx.config, [changeKeys.list]) });
  });

  return router;
}

function readQuery(req: Request): string {
  return limitQuery(queryText(req, "q") ?? "").trim();
}

/** The page without a query is one like others, and the author may search as often as they like. */
function limitSearches(ctx: Context): RequestHandler {
  const secondsToWait = createNetworkLimit(ctx, SEARCH_RATE);
  return (req, _res, next) => {
    const seconds = readQuery(req) === "" ? 0 : secondsToWait(req);
    if (seconds > 0 && findRequestSession(ctx, req) === undefined) throw throttled("searches", seconds);
    next();
  };
}

function searchMessage(query: string, { hits, newer, older, isScanned }: Found<Hit>): Words {
  if (query === "") return "";
  if (isScanned) return SCANNED_MESSAGE;
  if (hits.length === 0) return said`Nothing was found.`;
  if (newer !== undefined || older !== undefined) return "";
  return counted("{count} note matches.", "{count} notes match.", { count: hits.length });
}
