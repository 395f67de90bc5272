import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { readMetricsReport } from "../../monitoring/metrics-report.ts";
import { operationFamilies } from "../../monitoring/operation-families.ts";
import { PROMETHEUS_TYPE, writePrometheus } from "../../monitoring/prometheus.ts";
import { vitalFamilies } from "../../monitoring/vital-families.ts";
import type { VitalSources } from "../../monitoring/vitals.ts";
import { readVitals } from "../../monitoring/vitals.ts";
import { createMetricsAccess } from "../metrics-access.ts";
import { createRouter } from "../router.ts";

/** `/metrics`: what this process measured, for Prometheus. It needs a login or a token with the scope `metrics`. */
export function metricsRoutes(ctx: Context, sources: VitalSources): Router {
  const router = createRouter();
  const requireAccess = createMetricsAccess(ctx);

  router.get("/metrics", async (req, res) => {
    await requireAccess(req);
    const families = [...operationFamilies(ctx.metrics), ...vitalFamilies(readVitals(sources))];
    res.set({ "Content-Type": PROMETHEUS_TYPE, "Cache-Control": "no-store" }).end(writePrometheus(families));
  });

  return router;
}

/** `/admin/metrics`: the same and more as JSON, behind the login. */
export function adminMetricsRoutes(ctx: Context, sources: VitalSources): Router {
  const router = createRouter();

  router.get("/admin/metrics", (_req, res) => {
    res.json(readMetricsReport(ctx, sources));
  });

  return router;
}
