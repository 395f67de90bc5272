import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { readMetricsReport } from "../../monitoring/metrics-report.ts";
import { operationFamilies } from "../../monitoring/operation-families.ts";
import { PROMETHEUS_TYPE, writePrometheus } from "../../monitoring/prometheus.ts";
import { vitalFamilies } from "../../monitoring/vital-families.ts";
import type { VitalSources } from "../../monitoring/vitals.ts";
import { readVitals } from "../../monitoring/vitals.ts";
import { createBearerCheck, headerToken } from "../bearer.ts";
import { createRouter } from "../router.ts";
import { findRequestSession } from "../session-cookie.ts";

/** Scope of a token that may read metrics. */
const SCOPE = "metrics";

/** `/metrics`: what this process measured, for Prometheus. It needs a login or a token with the scope `metrics`. */
export function metricsRoutes(ctx: Context, sources: VitalSources): Router {
  const router = createRouter();
  const bearer = createBearerCheck(ctx);

  router.get("/metrics", async (req, res) => {
    if (findRequestSession(ctx, req) === undefined) {
      const { scopes } = await bearer.requireGrant(req, headerToken(req));
      if (!scopes.has(SCOPE)) throw new AppError("forbidden", `This needs a token with the scope ${SCOPE}.`);
    }
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
