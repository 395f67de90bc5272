import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { blogFamilies } from "../../monitoring/blog-families.ts";
import { readBlogNumbers } from "../../monitoring/blog-numbers.ts";
import { readWaits, waitFamilies } from "../../monitoring/database-waits.ts";
import { operationFamilies } from "../../monitoring/operation-families.ts";
import { PROMETHEUS_TYPE, writePrometheus } from "../../monitoring/prometheus.ts";
import { vitalFamilies } from "../../monitoring/vital-families.ts";
import { readVitals } from "../../monitoring/vitals.ts";
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
