import type { Request, Router } from "express";
import type { Context } from "../../context/context.ts";
import { formatBytes } from "../../lib/format-bytes.ts";
import type { MetricType } from "../../lib/measurement.ts";
import { METRIC_TYPES } from "../../lib/measurement.ts";
import { said } from "../../lib/words.ts";
import type { BlogNumbers, BlogSources } from "../../monitoring/blog-numbers.ts";
import { readBlogNumbers } from "../../monitoring/blog-numbers.ts";
import type { Health } from "../../monitoring/health.ts";
import { runChecks, worstOf } from "../../monitoring/health-check.ts";
import { createHealthChecks } from "../../monitoring/health-checks.ts";
import type { ThemeReport } from "../../monitoring/theme-check.ts";
import type { VitalSources } from "../../monitoring/vitals.ts";
import { readVitals } from "../../monitoring/vitals.ts";
import { operationsPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { createMetricsAccess } from "../metrics-access.ts";
import { createRouter } from "../router.ts";
import type { Render, Views } from "../views.ts";

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
    res.status(status === "ok" ? 200 : 503).set("Cache-Control", "no-store");
    if (!isDetailed(req)) {
      res.json({ status });
      return;
    }
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

/** `/admin/health`: the same as a page. Stands behind `requireAuthor`. */
export function adminHealthRoutes(
  ctx: Context,
  render: Render,
  sources: VitalSources & BlogSources & ThemeSource,
): Router {
  const router = createRouter();
  const checks = createHealthChecks(ctx, sources.monitor, sources.theme);

  router.get("/admin/health", async (_req, res) => {
    const results = await runChecks(checks);
    const page = operationsPage(ctx, res, { page: "health", title: said`Health` });
    const view = {
      ...page,
      ...healthView(ctx, sources, await readBlogNumbers(sources)),
      worst: worstOf(results),
      checks: results,
    };
    sendAuthorPage(res, { html: render("admin/health.njk", view) });
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

type HealthFacts = Pick<Views["admin/health.njk"], "checkedAt" | "facts">;

function healthView(ctx: Context, sources: VitalSources, blog: BlogNumbers): HealthFacts {
  const { process, pages, pool, storage, jobs, notes } = readVitals(sources);
  return {
    checkedAt: shownTime(ctx, ctx.clock()),
    facts: [
      ...blogFacts(blog),
      { name: said`Running for`, value: formatDuration(process.uptimeSeconds) },
      { name: said`Memory`, value: formatBytes(process.residentBytes) },
      { name: said`Processor time`, value: formatDuration(process.cpuSeconds) },
      { name: said`Database`, value: formatBytes(storage.databaseBytes) },
      { name: said`Write-ahead log`, value: formatBytes(storage.walBytes) },
      { name: said`Notes`, value: listCounts(notes) },
      { name: said`Jobs`, value: listCounts(jobs) },
      { name: said`Page cache`, value: said`${pages.pages} pages, ${formatBytes(pages.bytes)}, ${pages.hits} answers` },
      {
        name: said`Connections for long reads`,
        value: said`${pool.active} of ${pool.size} in use, ${pool.timeouts} timeouts`,
      },
    ],
  };
}

function blogFacts({ subscribers, feeds, searches, storage }: BlogNumbers): HealthFacts["facts"] {
  const { rss, atom, json } = feeds.today;
  const asked = [rss, atom, json].reduce((sum, { sent, notModified }) => sum + sent + notModified, 0);
  const share = feeds.notModifiedShare;
  return [
    { name: said`Subscribers, estimated`, value: String(subscribers.estimate) },
    {
      name: said`Feeds asked for today`,
      value: share === null ? String(asked) : said`${asked}, ${Math.round(share * 100)} % not modified`,
    },
    { name: said`Searches today`, value: String(searches.today) },
    { name: said`Media`, value: said`${storage.mediaFiles} files, ${formatBytes(storage.mediaBytes)}` },
  ];
}

function listCounts(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return parts.length === 0 ? "none" : parts.join(", ");
}

function formatDuration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
