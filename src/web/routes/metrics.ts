import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { blogFamilies } from "../../monitoring/blog-families.ts";
import type { BlogSources } from "../../monitoring/blog-numbers.ts";
import { readBlogNumbers } from "../../monitoring/blog-numbers.ts";
import { readMetricsReport } from "../../monitoring/metrics-report.ts";
import { operationFamilies } from "../../monitoring/operation-families.ts";
import { PROMETHEUS_TYPE, writePrometheus } from "../../monitoring/prometheus.ts";
import { vitalFamilies } from "../../monitoring/vital-families.ts";
import type { VitalSources } from "../../monitoring/vitals.ts";
import { readVitals } from "../../monitoring/vitals.ts";
import { createMetricsAccess } from "../metrics-access.ts";
import { createRouter } from "../router.ts";

/** `/metrics`: what this process measured, for Prometheus. It needs a login or a token with the scope `metrics`. */
export function metricsRoutes(ctx: Context, sources: VitalSources & BlogSources): Router {
  const router = createRouter();
  const requireAccess = createMetricsAccess(ctx);

  router.get("/metrics", async (req, res) => {
    await requireAccess(req);
    const blog = blogFamilies(await readBlogNumbers(sources));
    const families = [...operationFamilies(ctx.metrics), ...vitalFamilies(readVitals(sources)), ...blog];
    res.set({ "Content-Type": PROMETHEUS_TYPE, "Cache-Control": "no-store" }).end(writePrometheus(families));
  });

  return router;
}

/** `/admin/metrics`: the same and more as JSON, behind the login. */
export function adminMetricsRoutes(ctx: Context, sources: VitalSources & BlogSources): Router {
  const router = createRouter();

  router.get("/admin/metrics", async (_req, res) => {
    res.json({ ...readMetricsReport(ctx, sources), blog: await readBlogNumbers(sources) });
  });

  return router;
}
