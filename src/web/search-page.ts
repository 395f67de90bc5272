import type { Context } from "../context/context.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import { changeKeys } from "../notes/public-changes-store.ts";
import type { HitRequest } from "../search/hit-page.ts";
import type { Found, Hit } from "../search/search.ts";
import { findListedNow } from "../search/search-aside.ts";
import { limitQuery } from "../search/search-query.ts";
import type { PublicAnswer } from "./answer.ts";
import { passingHeaders } from "./edge-headers.ts";
import { hitViews } from "./hit-view.ts";
import type { Asked } from "./input.ts";
import { queryText } from "./input.ts";
import { pageView, publicAnswer, siteView } from "./present.ts";
import type { ReaderPage } from "./reader-page.ts";
import { askedPage } from "./reader-page.ts";
import { searchLimitOf } from "./search-limit.ts";
import { pagesBeside, parseOrder, SCANNED_MESSAGE, searchView } from "./search-view.ts";
import type { Render } from "./views.ts";

/** What a search page is asked for. */
export type AskedSearch = { readonly query: string; readonly request: HitRequest };

/**
 * The search page, where its hits are found at once. One that takes longer, or whose network has asked too often, is left
 * to the route of Express.
 */
export function searchPages(ctx: Context, render: Render): ReaderPage[] {
  const limit = searchLimitOf(ctx);
  return [
    askedPage(paths.search(), (req, query) => {
      const asked = readSearch({ query });
      if (asked.query !== "" && limit.take(req) > 0) return undefined;
      const found = findListedNow(ctx.db, asked.query, asked.request);
      if (found !== undefined) return searchPage(ctx, render, { ...asked, found });
      limit.passOn(req);
      return undefined;
    }),
  ];
}

/** Reads what a request asks for. */
export function readSearch(asked: Asked): AskedSearch {
  const query = limitQuery(queryText(asked, "q") ?? "").trim();
  const [before, after] = [queryText(asked, "before"), queryText(asked, "after")];
  return { query, request: { order: parseOrder(queryText(asked, "sort")), before, after } };
}

/** Makes the page of what was found. Without keys: anyone can ask for anything, so results are not kept. */
export function searchPage(
  ctx: Context,
  render: Render,
  { query, request: { order = "newest" }, found }: AskedSearch & { readonly found: Found<Hit> },
): PublicAnswer {
  const address = { path: paths.search(), query, order };
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
  const { keys: _unkept, ...answer } = publicAnswer(ctx);
  return { html, ...answer, caching: passingHeaders(ctx.config, [changeKeys.list]) };
}

function searchMessage(query: string, { hits, newer, older, isScanned }: Found<Hit>): Words {
  if (query === "") return "";
  if (isScanned) return SCANNED_MESSAGE;
  if (hits.length === 0) return said`Nothing was found.`;
  if (newer !== undefined || older !== undefined) return "";
  return counted("{count} note matches.", "{count} notes match.", { count: hits.length });
}
