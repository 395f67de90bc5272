import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { searchListedNotes } from "../../search/search.ts";
import { MAX_HITS } from "../../search/search-store.ts";
import { sendPage } from "../answer.ts";
import { queryText } from "../input.ts";
import { imagePolicy, noteView, pageView, siteView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** The search page. No query can make it fail. */
export function searchRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/search", (req, res) => {
    const query = (queryText(req, "q") ?? "").slice(0, 500).trim();
    const hits = searchListedNotes(ctx.db, query);
    const site = siteView(ctx);
    const html = render("notes/search.njk", {
      site,
      page: pageView(site, { canonicalPath: paths.search(), title: "Search", robots: "noindex" }),
      query,
      hits: hits.map(({ note, ...marked }) => ({ note: noteView(ctx, note), ...marked })),
      message: searchMessage(query, hits.length),
    });
    return sendPage(req, res, { html, ...imagePolicy(ctx) });
  });

  return router;
}

function searchMessage(query: string, count: number): string {
  if (query === "") return "";
  if (count === 0) return "Nothing was found. Try fewer or other words.";
  if (count === MAX_HITS) return `The ${MAX_HITS} newest notes that match.`;
  return count === 1 ? "1 note matches." : `${count} notes match.`;
}
