import type { Summary } from "../../src/lib/metrics-buffer.ts";
import { assetPath } from "../../src/web/assets.ts";
import {
  memoryChart,
  operationsChart,
  poolChart,
  readersChart,
  requestsChart,
  routesChart,
  statementsChart,
} from "../../src/web/dashboard-charts.ts";
import type { DashboardView } from "../../src/web/dashboard-views.ts";
import type { AdminPage, Views } from "../../src/web/views.ts";

/** The views of the dashboard. */
type DashboardViews = Pick<Views, "admin/dashboard.njk" | "fragments/dashboard.njk">;

/** The page of the dashboard, with everything in it, and its part. */
export function fullDashboardViews(page: AdminPage): DashboardViews {
  return {
    "admin/dashboard.njk": {
      ...page,
      operationsPage: "dashboard",
      ranges: [
        { label: "Hour", path: "/admin/dashboard?range=hour", isCurrent: true },
        { label: "Day", path: "/admin/dashboard?range=day", isCurrent: false },
        { label: "Week", path: "/admin/dashboard?range=week", isCurrent: false },
        { label: "Year", path: "/admin/dashboard?range=year", isCurrent: false },
      ],
      range: "hour",
      refreshes: [
        { value: "0", label: "off", isCurrent: false },
        { value: "10", label: "every 10 s", isCurrent: true },
      ],
      refreshSeconds: 10,
      currentPath: "/admin/dashboard?range=hour",
      metricsPath: "/admin/metrics?range=hour",
      chartPath: assetPath("chart.min.js"),
      dashboardScriptPath: assetPath("dashboard.js"),
      dashboardStylesheetPath: assetPath("dashboard.css"),
      dashboardView: fullDashboard(),
    },
    "fragments/dashboard.njk": { dashboardView: fullDashboard() },
  };
}

/** The same with as little as there can be. */
export function bareDashboardViews(page: AdminPage): DashboardViews {
  return {
    "admin/dashboard.njk": {
      ...page,
      operationsPage: "dashboard",
      ranges: [],
      range: "hour",
      refreshes: [],
      refreshSeconds: 0,
      currentPath: "/admin/dashboard?range=hour",
      metricsPath: "/admin/metrics?range=hour",
      chartPath: assetPath("chart.min.js"),
      dashboardScriptPath: assetPath("dashboard.js"),
      dashboardStylesheetPath: assetPath("dashboard.css"),
      dashboardView: bareDashboard(),
    },
    "fragments/dashboard.njk": { dashboardView: bareDashboard() },
  };
}

/** A dashboard with everything in it: an hour with a gap, two processes, long names, slow statements, warnings. */
function fullDashboard(): DashboardView {
  const minutes = Array.from({ length: 60 }, (_, index) => index);
  const label = (minute: number) => `09:${String(minute).padStart(2, "0")}`;
  const steps = minutes.map((minute) => {
    const isQuiet = minute > 20 && minute < 26;
    const count = isQuiet ? 0 : Math.round(120 + 90 * Math.sin(minute / 6) + (minute % 7) * 9);
    const p95 = isQuiet ? undefined : 4 + 3 * Math.sin(minute / 9) + (minute === 44 ? 60 : 0);
    return {
      label: label(minute),
      short: label(minute),
      count,
      errors: minute === 44 ? 3 : 0,
      p50: p95 && p95 / 5,
      p95,
    };
  });
  const memory = minutes.map((minute) => ({
    label: label(minute),
    short: label(minute),
    bytes: [(90 + minute / 4) * 2 ** 20, minute < 12 ? undefined : (80 + (minute % 9)) * 2 ** 20],
  }));
  return {
    summary: "The last hour, up to 10:00 AM.",
    figures: [
      {
        label: "Health",
        value: "1 to look at",
        about: "There is room on the disk",
        status: "warning",
        path: "/admin/health",
      },
      { label: "Requests", value: "8,214", about: "2 in flight now", status: "", path: "" },
      { label: "Failed requests", value: "3", about: "0.04 %", status: "warning", path: "/admin/problems" },
      { label: "95th percentile", value: "4.2 ms", about: "of all requests", status: "", path: "" },
      { label: "Notes", value: "577", about: "Today: 2 published, 1 revised, 0 trashed", status: "", path: "/admin" },
      { label: "Feed readers", value: "1,204", about: "an estimate of the last seven days", status: "", path: "" },
      { label: "Last backup", value: "failed 3 days ago", about: "", status: "failed", path: "/admin/backups" },
    ],
    charts: [
      requestsChart(steps),
      memoryChart(["Process 4711", "Process 4712"], memory),
      poolChart({ size: 5, active: 1, idle: 2, waiting: 0, timeouts: 0 }),
      operationsChart([summary("http", "all", 4), summary("database", "all", 0.4), summary("render", "all", 1.1)]),
      routesChart(
        ["/", "/notes/:slug", "/feed.xml", "/admin/settings/password", `/${"very-long-".repeat(9)}`].map((name, at) =>
          summary("http", name, 9 - at),
        ),
      ),
      statementsChart(
        ["commit", "findNoteBySlug", "listFeedNotes", "countPublishedNotesOfEveryMonth"].map((name, at) =>
          summary("database", name, 3 - at / 2),
        ),
        [
          {
            name: "listFeedNotes",
            about: "143 ms, 2 times since the start",
            text: "SELECT id, slug, title\n  FROM notes\n WHERE status = 'published'\n ORDER BY published_at DESC",
            plan: ["SCAN notes USING INDEX notes_listed", "USE TEMP B-TREE FOR ORDER BY"],
          },
        ],
      ),
      readersChart({
        estimate: 1204,
        declared: 1190,
        undeclared: 14,
        aggregators: [
          { program: "Feedly", feed: "/feed.xml", subscribers: 1190, seenAt: "2026-03-01T09:00:00.000Z" as never },
        ],
        programs: [
          { program: "NetNewsWire", readers: 9 },
          { program: "Miniflux", readers: 5 },
        ],
      }),
    ],
  };
}

/** The same without a number in it. */
function bareDashboard(): DashboardView {
  return {
    summary: "",
    figures: [],
    charts: [requestsChart([]), poolChart({ size: 0, active: 0, idle: 0, waiting: 0, timeouts: 0 })],
  };
}

function summary(type: Summary["type"], name: string, scale: number): Summary {
  const times = { mean: scale, min: scale / 9, max: scale * 30, p50: scale / 2, p95: scale * 4, p99: scale * 9 };
  return { type, name, count: 1204, errors: 3, size: 0, ...times };
}
