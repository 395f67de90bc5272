import { CHECKPOINT_NAME, LOCK_NAME } from "../db/measure-statement.ts";
import { addUp } from "../lib/metric-series.ts";
import type { MetricsBuffer } from "../lib/metrics-buffer.ts";
import type { MetricFamily } from "./prometheus.ts";

/** Something of the database's own, since the start of the process. Times in milliseconds. */
export type DatabaseWait = {
  readonly count: number;
  readonly errors: number;
  readonly totalMs: number;
  readonly maxMs: number;
  /** Pages that came into the database; 0 for locks. */
  readonly pages: number;
};

/** What the database did or waited for besides statements: bringing in its log, and locks that others held. */
export type DatabaseWaits = { readonly checkpoints: DatabaseWait; readonly lockWaits: DatabaseWait };

/** Reads them from what was counted. */
export function readWaits(metrics: MetricsBuffer): DatabaseWaits {
  return { checkpoints: read(metrics, CHECKPOINT_NAME), lockWaits: read(metrics, LOCK_NAME) };
}

/** The same as families for Prometheus. */
export function waitFamilies({ checkpoints, lockWaits }: DatabaseWaits): MetricFamily[] {
  return [
    counter("starpunk_checkpoints_total", "Times that the write-ahead log was brought in.", checkpoints.count),
    counter("starpunk_checkpoint_failures_total", "Times that failed.", checkpoints.errors),
    counter("starpunk_checkpoint_seconds_total", "Time that took.", checkpoints.totalMs / 1000),
    counter("starpunk_checkpoint_pages_total", "Pages that came into the database.", checkpoints.pages),
    counter("starpunk_lock_waits_total", "Writes that waited for a lock of another connection.", lockWaits.count),
    counter("starpunk_lock_wait_seconds_total", "Time that they waited.", lockWaits.totalMs / 1000),
  ];
}

function read(metrics: MetricsBuffer, name: string): DatabaseWait {
  const totals = metrics.totals("database").filter((total) => total.name === name);
  const { durations, errors, size } = addUp(totals.map(({ counted }) => counted));
  return { count: durations.count, errors, totalMs: durations.sum, maxMs: durations.max, pages: size };
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: "counter", samples: [{ value }] };
}
