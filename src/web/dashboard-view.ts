import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { METRIC_TYPES } from "../lib/measurement.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import type { DashboardNumbers } from "../monitoring/dashboard-numbers.ts";
import type { HistoryReport } from "../monitoring/history-report.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import { showNumber } from "./chart-cells.ts";
import type { MemoryStep, StepNumbers } from "./dashboard-charts.ts";
import {
  memoryChart,
  operationsChart,
  poolChart,
  readersChart,
  requestsChart,
  routesChart,
  statementsChart,
} from "./dashboard-charts.ts";
import { toFigures } from "./dashboard-figures.ts";
import type { ChartDetail, DashboardView } from "./dashboard-views.ts";

/** Processes whose memory is drawn, the newest ones. */
export const PROCESSES_SHOWN = 6;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

const RANGE_WORDS: Readonly<Record<string, Words>> = {
  hour: said`The last hour`,
  day: said`The last day, in steps of ten minutes`,
  week: said`The last week, hour by hour`,
  year: said`The last year, day by day (days of UTC)`,
};

/** What the dashboard says of its numbers. Times are the author's. */
export function toDashboardView(
  ctx: Pick<Context, "db" | "clock" | "metrics">,
  numbers: DashboardNumbers,
): DashboardView {
  const { history, pool, blog } = numbers;
  const labels = labelSteps(history, readSettings(ctx.db).timeZone);
  const details = numbers.slowStatements.map(toDetail);
  const processes = history.processes.filter(({ gauges }) => gauges.some((step) => step !== null));
  const shown = processes.slice(-PROCESSES_SHOWN);
  return {
    summary: summarize(ctx, history),
    figures: toFigures({ ...numbers, requests: history.totals.http }),
    charts: [
      requestsChart(toSteps(history, labels)),
      memoryChart(
        shown.map(({ pid, isThis }) =>
          isThis ? said`Process ${String(pid)} (this one)` : said`Process ${String(pid)}`,
        ),
        toMemory(shown, labels),
      ),
      poolChart(pool),
      operationsChart(METRIC_TYPES.map((type) => history.totals[type])),
      routesChart(history.names.http),
      statementsChart(history.names.database, details),
      readersChart(blog.subscribers),
    ],
  };
}

function summarize(ctx: Pick<Context, "db" | "clock" | "metrics">, { range }: HistoryReport): Words {
  const of = said`${RANGE_WORDS[range] ?? ""}, of all processes together. As of ${shownTime(ctx, ctx.clock())}.`;
  return ctx.metrics.isEnabled ? of : said`${of} METRICS_ENABLED is false: this process counts nothing.`;
}

type Label = Pick<StepNumbers, "label" | "short">;

function labelSteps({ steps, stepSeconds }: HistoryReport, zone: string): Label[] {
  return steps.map((moment) => labelStep(moment, stepSeconds, zone));
}

/** Days are those of UTC, as they are added up. */
function labelStep(moment: Timestamp, stepSeconds: number, zone: string): Label {
  if (stepSeconds >= DAY_SECONDS) return { label: moment.slice(0, 10), short: moment.slice(5, 10) };
  const { date, time } = toLocal(moment, offsetMinutes(moment, zone));
  const clock = time.slice(0, 5);
  const label = `${date} ${clock}`;
  return { label, short: stepSeconds >= HOUR_SECONDS ? date.slice(5) : clock };
}

function toSteps({ operations }: HistoryReport, labels: readonly Label[]): StepNumbers[] {
  if (operations.http.every(({ count }) => count === 0)) return [];
  return operations.http.map(({ count, errors, p50, p95 }, index) => ({
    ...labelAt(labels, index),
    count,
    errors,
    p50: count === 0 ? undefined : p50,
    p95: count === 0 ? undefined : p95,
  }));
}

function toMemory(processes: HistoryReport["processes"], labels: readonly Label[]): MemoryStep[] {
  if (processes.length === 0) return [];
  return labels.map((label, index) => ({
    ...label,
    bytes: processes.map(({ gauges }) => gauges[index]?.residentBytes?.max),
  }));
}

function labelAt(labels: readonly Label[], index: number): Label {
  return labels[index] ?? { label: "", short: "" };
}

function toDetail({ name, text, plan, count, maxMs }: DashboardNumbers["slowStatements"][number]): ChartDetail {
  const most = showNumber(maxMs, "ms");
  const about = counted("Up to {most}, once since the start", "Up to {most}, {count} times since the start", {
    count,
    most,
  });
  return { name, about, text, plan: [...plan] };
}
