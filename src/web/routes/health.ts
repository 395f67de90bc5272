import type { Request, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { MetricType } from "../../lib/measurement.ts";
import { METRIC_TYPES } from "../../lib/measurement.ts";
import type { Health } from "../../monitoring/health.ts";
import { runChecks, worstOf } from "../../monitoring/health-check.ts";
import { createHealthChecks } from "../../monitoring/health-checks.ts";
import type { ThemeReport } from "../../monitoring/theme-check.ts";
import type { VitalSources } from "../../monitoring/vitals.ts";
import { createMetricsAccess } from "../metrics-access.ts";
import { sendHealth } from "../plain-health.ts";
import { createRouter } from "../router.ts";

/** Where the state of the author's own templates is read. */
type ThemeSource = { readonly theme: ThemeReport };

/** Slowest operations of each type that a report names. */
const SLOWEST_REPORTED = 3;

/**
 * `/health`: whether this process can serve, and nothing else about it. With `?detailed` and a login, or a token with the
 * scope `metrics`: every check with its figure, limit and remedy, and what the metrics buffer holds.
 */
export function healthRoutes(ctx: Context, health: Health, sources: VitalSources & ThemeSource): Router {
  const router = createRouter();
  const requireAccess = createMetricsAccess(ctx);
  const checks = createHealthChecks(ctx, sources.monitor, sources.theme);

  router.get("/health", async (req, res) => {
    const status = health.read();
    if (!isDetailed(req)) return sendHealth(req, res, status);
    res.status(status === "ok" ? 200 : 503).set("Cache-Control", "no-store");
    await requireAccess(req);
    const results = await runChecks(checks);
    res.json({
      status,
      worst: worstOf(results),
      checks: results,
      metrics: summarizeMetrics(ctx),
      pool: ctx.db.leaseStatistics(),
    });
  });

  return router;
}

function isDetailed(req: Request): boolean {
  return req.query.detailed !== undefined;
}

function summarizeMetrics({ metrics }: Pick<Context, "metrics">) {
  const types = METRIC_TYPES.map((type) => [type, summarizeType({ metrics }, type)] as const);
  return { isEnabled: metrics.isEnabled, rates: metrics.rates, types: Object.fromEntries(types) };
}

function summarizeType({ metrics }: Pick<Context, "metrics">, type: MetricType) {
  const { count, errors, p50, p95 } = metrics.summarizeAll(type, "1h");
  const slowest = metrics
    .summarize(type, "1h")
    .sort((a, b) => b.max - a.max)
    .slice(0, SLOWEST_REPORTED)
    .map(({ name, max }) => ({ name, maxMs: max }));
  return { count, errors, p50Ms: p50, p95Ms: p95, slowest, fill: metrics.fill(type) };
}
