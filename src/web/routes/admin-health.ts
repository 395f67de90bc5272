import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { formatBytes } from "../../lib/format-bytes.ts";
import { said } from "../../lib/words.ts";
import type { BlogNumbers, BlogSources } from "../../monitoring/blog-numbers.ts";
import { readBlogNumbers } from "../../monitoring/blog-numbers.ts";
import { runChecks, worstOf } from "../../monitoring/health-check.ts";
import { createHealthChecks } from "../../monitoring/health-checks.ts";
import type { ThemeReport } from "../../monitoring/theme-check.ts";
import type { VitalSources } from "../../monitoring/vitals.ts";
import { readVitals } from "../../monitoring/vitals.ts";
import { operationsPage, shownTime } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { createRouter } from "../router.ts";
import type { Render, Views } from "../views.ts";

/** Where the state of the author's own templates is read. */
type ThemeSource = { readonly theme: ThemeReport };

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
