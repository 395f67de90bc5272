import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { readBlogNumbers } from "../../monitoring/blog-numbers.ts";
import { readHistory } from "../../monitoring/history.ts";
import { readMetricsReport } from "../../monitoring/metrics-report.ts";
import { parseRange } from "../history-range.ts";
import { queryText } from "../input.ts";
import { createRouter } from "../router.ts";
import type { Sources } from "../sources.ts";

/** `/admin/metrics`: the same and more as JSON, behind the login; with `?range=day`, the history of all processes too. */
export function adminMetricsRoutes(ctx: Context, sources: Sources): Router {
  const router = createRouter();

  router.get("/admin/metrics", async (req, res) => {
    const range = parseRange(queryText(req, "range"));
    const blog = await readBlogNumbers(sources);
    const history = range === undefined ? {} : { history: await readHistory(ctx, sources.history, range) };
    res.json({ ...readMetricsReport(ctx, sources), blog, ...history });
  });

  return router;
}
