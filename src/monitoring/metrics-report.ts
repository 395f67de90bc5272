import type { Context } from "../context/context.ts";
import type { MetricType, Sample } from "../lib/measurement.ts";
import { METRIC_TYPES } from "../lib/measurement.ts";
import type { MetricsBuffer, MetricWindow, Summary } from "../lib/metrics-buffer.ts";
import { WINDOWS } from "../lib/metrics-buffer.ts";
import { readWaits } from "./database-waits.ts";
import type { VitalSources } from "./vitals.ts";
import { readVitals } from "./vitals.ts";

/** Newest samples of each type that a report has. */
export const SAMPLES_REPORTED = 20;

/** Everything that a process knows of itself, for `/admin/metrics`. Its fields are described in docs/metrics.md. */
export function readMetricsReport(ctx: Pick<Context, "metrics" | "clock" | "db">, sources: VitalSources) {
  const { metrics, db } = ctx;
  return {
    at: ctx.clock(),
    processId: process.pid,
    buffer: {
      isEnabled: metrics.isEnabled,
      slowMs: metrics.slowMs,
      rates: metrics.rates,
      fill: byType((type) => metrics.fill(type)),
    },
    operations: byType((type) => byWindow((window) => metrics.summarize(type, window))),
    totals: byType((type) => byWindow((window) => metrics.summarizeAll(type, window))),
    samples: byType((type) => newest(metrics, type)),
    ...readWaits(metrics),
    slowStatements: db.slowStatements(),
    ...readVitals(sources),
  };
}

function newest(metrics: MetricsBuffer, type: MetricType): Sample[] {
  return metrics.samples(type).slice(0, SAMPLES_REPORTED);
}

function byType<T>(read: (type: MetricType) => T): Record<MetricType, T> {
  return Object.fromEntries(METRIC_TYPES.map((type) => [type, read(type)])) as Record<MetricType, T>;
}

function byWindow<T extends Summary | Summary[]>(read: (window: MetricWindow) => T): Record<MetricWindow, T> {
  const windows = Object.keys(WINDOWS) as MetricWindow[];
  return Object.fromEntries(windows.map((window) => [window, read(window)])) as Record<MetricWindow, T>;
}
