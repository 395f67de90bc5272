import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { invalid } from "../../lib/errors.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { readDashboardNumbers } from "../../monitoring/dashboard-numbers.ts";
import { createHealthChecks } from "../../monitoring/health-checks.ts";
import type { HistoryRange } from "../../monitoring/history.ts";
import { adminLanguage } from "../../site/language.ts";
import { readSettings } from "../../site/settings-store.ts";
import { operationsPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { assetPath } from "../assets.ts";
import { readCookie, setCookie } from "../cookies.ts";
import { toDashboardView } from "../dashboard-view.ts";
import { isFragment } from "../error-answer.ts";
import { readForm } from "../form.ts";
import { parseRange, RANGE_NAMES } from "../history-range.ts";
import { queryText } from "../input.ts";
import { createRouter } from "../router.ts";
import type { Sources } from "../sources.ts";
import type { Render, Views } from "../views.ts";

const DASHBOARD = "/admin/dashboard";

const DEFAULT_RANGE: HistoryRange = "hour";

/** Longer ranges take longer to add up, and change less, so that they refresh no more often, in seconds. */
export const LONG_RANGE_REFRESH_SECONDS = 60;

/** How often a dashboard may refresh itself, in seconds; 0: never. */
export const REFRESH_SECONDS = [0, 5, 10, 60] as const;

/** How often it does where the author has not said. */
export const DEFAULT_REFRESH_SECONDS = 10;

/** How long a browser keeps the choice, in seconds: 400 days, the most that browsers allow. */
const CHOICE_KEPT_SECONDS = 400 * 86_400;

const RANGE_LABELS: Readonly<Record<HistoryRange, Words>> = {
  hour: said`Hour`,
  day: said`Day`,
  week: said`Week`,
  year: said`Year`,
};

/** The dashboard, as a page and as the part that htmx brings up to date. Stands behind `requireAuthor`. */
export function dashboardRoutes(ctx: Context, render: Render, sources: Sources): Router {
  const router = createRouter();
  const checks = createHealthChecks(ctx, sources.monitor, sources.theme);

  router.get(DASHBOARD, async (req, res) => {
    const range = parseRange(queryText(req, "range")) ?? DEFAULT_RANGE;
    const dashboardView = toDashboardView(ctx, await readDashboardNumbers({ ...sources, ctx, checks }, range));
    res.vary("HX-Request");
    const html = isFragment(req)
      ? render("fragments/dashboard.njk", { dashboardView, language: adminLanguage(readSettings(ctx.db)) })
      : render("admin/dashboard.njk", { ...toPage(ctx, { req, res, range }), dashboardView });
    sendAuthorPage(res, { html });
  });

  router.post(DASHBOARD, async (req, res) => {
    const form = await readForm(req);
    const range = parseRange(form.text("range")) ?? DEFAULT_RANGE;
    const seconds = requireRefresh(form.text("refresh"));
    setCookie(res, ctx.config, { name: "refresh", value: String(seconds), maxAgeSeconds: CHOICE_KEPT_SECONDS });
    res.redirect(303, `${DASHBOARD}?range=${range}`);
  });

  return router;
}

type Page = Omit<Views["admin/dashboard.njk"], "dashboardView">;

function toPage(ctx: Context, { req, res, range }: { req: Request; res: Response; range: HistoryRange }): Page {
  const chosen = chosenRefresh(readCookie(req, ctx.config, "refresh"));
  return {
    ...operationsPage(ctx, res, { page: "dashboard", title: said`Dashboard` }),
    ranges: RANGE_NAMES.map((name) => ({
      label: RANGE_LABELS[name],
      path: `${DASHBOARD}?range=${name}`,
      isCurrent: name === range,
    })),
    range,
    refreshes: REFRESH_SECONDS.map((seconds) => ({
      value: String(seconds),
      label: seconds === 0 ? said`off` : said`every ${seconds} s`,
      isCurrent: seconds === chosen,
    })),
    refreshSeconds: chosen === 0 || range === DEFAULT_RANGE ? chosen : LONG_RANGE_REFRESH_SECONDS,
    currentPath: `${DASHBOARD}?range=${range}`,
    metricsPath: `/admin/metrics?range=${range}`,
    chartPath: assetPath("chart.min.js"),
    dashboardScriptPath: assetPath("dashboard.js"),
    dashboardStylesheetPath: assetPath("dashboard.css"),
  };
}

function requireRefresh(text: string): number {
  const seconds = REFRESH_SECONDS.find((each) => String(each) === text);
  if (seconds === undefined) throw invalid("refresh", said`Choose one of ${REFRESH_SECONDS.join(", ")} seconds.`);
  return seconds;
}

/** A cookie that somebody changed counts as none. */
function chosenRefresh(value: string | undefined): number {
  return REFRESH_SECONDS.find((each) => String(each) === value) ?? DEFAULT_REFRESH_SECONDS;
}
