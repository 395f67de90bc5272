import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { blogFamilies } from "../../monitoring/blog-families.ts";
import { readBlogNumbers } from "../../monitoring/blog-numbers.ts";
import { readWaits, waitFamilies } from "../../monitoring/database-waits.ts";
import { readHistory } from "../../monitoring/history.ts";
import { readMetricsReport } from "../../monitoring/metrics-report.ts";
import { operationFamilies } from "../../monitoring/operation-families.ts";
import { PROMETHEUS_TYPE, writePrometheus } from "../../monitoring/prometheus.ts";
import { vitalFamilies } from "../../monitoring/vital-families.ts";
import { readVitals } from "../../monitoring/vitals.ts";
import { parseRange } from "../history-range.ts";
import { queryText } from "../input.ts";
import { createMetricsAccess } from "../metrics-access.ts";
import { createRouter } from "../router.ts";
import type { Sources } from "../sources.ts";

/** `/metrics`: what this process measured, for Prometheus. It needs a login or a token with the scope `metrics`. */
export function metricsRoutes(ctx: Context, sources: Sources): Router {
  const router = createRouter();
  const requireAccess = createMetricsAccess(ctx);

  router.get("/metrics", async (req, res) => {
    await requireAccess(req);
    const blog = blogFamilies(await readBlogNumbers(sources));
    const waits = waitFamilies(readWaits(ctx.metrics));
    const families = [...operationFamilies(ctx.metrics), ...waits, ...vitalFamilies(readVitals(sources)), ...blog];
    res.set({ "Content-Type": PROMETHEUS_TYPE, "Cache-Control": "no-store" }).end(writePrometheus(families));
  });

  return router;
}

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
