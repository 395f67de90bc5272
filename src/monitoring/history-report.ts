import type { Timestamp } from "../lib/clock.ts";
import { toTimestamp } from "../lib/clock.ts";
import type { MetricType } from "../lib/measurement.ts";
import { METRIC_TYPES } from "../lib/measurement.ts";
import type { Summary } from "../lib/metrics-buffer.ts";
import { readPercentiles, toSummary } from "../lib/metrics-buffer.ts";
import type { GaugeName, GaugeSums } from "./history-gauges.ts";
import { addGauges } from "./history-gauges.ts";
import type { HistoryProcess } from "./history-store.ts";
import type { NameCounts } from "./history-sums.ts";
import { HistogramSum, NameSums } from "./history-sums.ts";

/** Minutes since 1970, the end not included; whole steps. */
export type HistorySpan = { readonly from: number; readonly to: number; readonly stepMinutes: number };

/** A type of operation in one step of a range. Durations in milliseconds, 0 where there are none. */
export type HistoryStep = {
  readonly count: number;
  readonly errors: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

/** One name over a whole range, with how often it ended in each way. */
export type HistoryName = Summary & { readonly outcomes: Readonly<Record<string, number>> };

/** A gauge in one step. */
export type HistoryGauge = { readonly mean: number; readonly max: number };

/** One process over a range. */
export type HistoryProcessReport = HistoryProcess & {
  /** Whether it is the one that answers. */
  readonly isThis: boolean;
  /** Gauges of each step; null while it did not run, or told nothing yet. */
  readonly gauges: readonly (Readonly<Partial<Record<GaugeName, HistoryGauge>>> | null)[];
};

/** What all processes measured in a range, for charts and tables. Its fields are described in docs/metrics.md. */
export type HistoryReport = {
  readonly range: string;
  /** Beginning of the first step, and end of the last one, which runs. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly stepSeconds: number;
  /** Beginnings of the steps; the lists below have one entry for each. */
  readonly steps: readonly Timestamp[];
  readonly operations: Readonly<Record<MetricType, readonly HistoryStep[]>>;
  readonly totals: Readonly<Record<MetricType, Summary>>;
  /** Those that cost most time first. */
  readonly names: Readonly<Record<MetricType, readonly HistoryName[]>>;
  /** Those that started first in front. */
  readonly processes: readonly HistoryProcessReport[];
};

const NOTHING: HistoryStep = { count: 0, errors: 0, p50: 0, p95: 0, p99: 0 };

type StepSum = { readonly durations: HistogramSum; errors: number };

/** Adds up rows of history, in whatever order they come. */
export class HistorySums {
  readonly #span: HistorySpan;
  readonly #names = new NameSums();
  readonly #steps = new Map<MetricType, (StepSum | undefined)[]>();
  readonly #gauges = new Map<string, (GaugeSums | undefined)[]>();

  constructor(span: HistorySpan) {
    this.#span = span;
  }

  /** Adds what was counted in the minutes that begin with `minute`; nothing when that lies outside. */
  addNames(minute: number, names: readonly NameCounts[]): void {
    const step = this.#stepOf(minute);
    if (step === undefined) return;
    for (const counts of names) {
      this.#names.add(counts);
      const sum = this.#sumOf(counts.type, step);
      sum.durations.add(counts.durations);
      sum.errors += counts.errors;
    }
  }

  /** Adds gauges of a process. */
  addGauges(minute: number, process: string, gauges: GaugeSums): void {
    const step = this.#stepOf(minute);
    if (step === undefined || Object.keys(gauges).length === 0) return;
    const steps = this.#gauges.get(process) ?? [];
    this.#gauges.set(process, steps);
    steps[step] = addGauges(steps[step] ?? {}, gauges);
  }

  /** Everything, for these processes. */
  read(processes: readonly HistoryProcess[], thisProcess: string): Omit<HistoryReport, "range"> {
    const { from, to, stepMinutes } = this.#span;
    const names = this.#names.list();
    return {
      from: toMoment(from),
      to: toMoment(to),
      stepSeconds: stepMinutes * 60,
      steps: this.#each((step) => toMoment(from + step * stepMinutes)),
      operations: byType((type) => this.#each((step) => toStep(this.#steps.get(type)?.[step]))),
      totals: byType((type) => addUpNames(type, names)),
      names: byType((type) => listNames(type, names)),
      processes: processes.map((process) => ({
        ...process,
        isThis: process.id === thisProcess,
        gauges: this.#each((step) => toGauges(this.#gauges.get(process.id)?.[step])),
      })),
    };
  }

  #each<T>(read: (step: number) => T): T[] {
    const { from, to, stepMinutes } = this.#span;
    return Array.from({ length: (to - from) / stepMinutes }, (_, step) => read(step));
  }

  #stepOf(minute: number): number | undefined {
    const { from, to, stepMinutes } = this.#span;
    return minute < from || minute >= to ? undefined : Math.floor((minute - from) / stepMinutes);
  }

  #sumOf(type: MetricType, step: number): StepSum {
    const steps = this.#steps.get(type) ?? [];
    this.#steps.set(type, steps);
    const sum = steps[step] ?? { durations: new HistogramSum(), errors: 0 };
    steps[step] = sum;
    return sum;
  }
}

function toMoment(minute: number): Timestamp {
  return toTimestamp(minute * 60_000);
}

function toStep(sum: StepSum | undefined): HistoryStep {
  if (sum === undefined) return NOTHING;
  const durations = sum.durations.read();
  return { count: durations.count, errors: sum.errors, ...readPercentiles(durations) };
}

function addUpNames(type: MetricType, names: readonly NameCounts[]): Summary {
  const mine = names.filter((counts) => counts.type === type);
  const durations = new HistogramSum();
  const firstBytes = new HistogramSum();
  for (const counts of mine) {
    durations.add(counts.durations);
    firstBytes.add(counts.firstBytes);
  }
  const errors = mine.reduce((sum, counts) => sum + counts.errors, 0);
  const size = mine.reduce((sum, counts) => sum + counts.size, 0);
  return toSummary({ type, name: "all" }, { errors, size, durations: durations.read(), firstBytes: firstBytes.read() });
}

function listNames(type: MetricType, names: readonly NameCounts[]): HistoryName[] {
  const mine = names.filter((counts) => counts.type === type);
  return mine
    .sort((a, b) => b.durations.sum - a.durations.sum)
    .map((counts) => ({ ...toSummary({ type, name: counts.name }, counts), outcomes: counts.outcomes }));
}

function toGauges(sums: GaugeSums | undefined): Partial<Record<GaugeName, HistoryGauge>> | null {
  if (sums === undefined) return null;
  const entries = Object.entries(sums).map(([name, [sum, count, max]]) => [name, { mean: sum / count, max }]);
  return Object.fromEntries(entries) as Partial<Record<GaugeName, HistoryGauge>>;
}

function byType<T>(read: (type: MetricType) => T): Record<MetricType, T> {
  return Object.fromEntries(METRIC_TYPES.map((type) => [type, read(type)])) as Record<MetricType, T>;
}
