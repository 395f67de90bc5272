import type { Clock, Timestamp } from "./clock.ts";
import { toMilliseconds } from "./clock.ts";
import type { SparseHistogram } from "./histogram.ts";
import { percentileOf } from "./histogram.ts";
import type { Measurement, MetricType, Sample } from "./measurement.ts";
import { METRIC_TYPES } from "./measurement.ts";
import type { Counted, CountedMinute } from "./metric-series.ts";
import { addUp, MetricSeries } from "./metric-series.ts";
import { onceATurn } from "./once-a-turn.ts";
import { SampleRing } from "./sample-ring.ts";
import type { SamplingRate, SamplingRates } from "./sampling-rate.ts";
import { toSamplingRates } from "./sampling-rate.ts";

/** Samples of each type that are kept, unless METRICS_BUFFER_SIZE says otherwise. */
export const METRICS_BUFFER_SIZE = 1000;

/** From how long on an operation is slow and kept whole, in milliseconds, unless METRICS_SLOW_MS says otherwise. */
export const METRICS_SLOW_MS = 100;

/** Names with their outcomes that are told apart in each type; what comes past them is counted under OTHER_NAME. */
export const MAX_SERIES = 500;

/** Name of everything that found no room of its own. */
export const OTHER_NAME = "other";

/** Spans of time that are summed up, in minutes; undefined is since the start. */
export const WINDOWS = { "5m": 5, "1h": 60, start: undefined } as const;

/** A span of time that is summed up. */
export type MetricWindow = keyof typeof WINDOWS;

/** How a buffer is made. */
export type MetricsOptions = {
  readonly clock: Clock;
  /** False: nothing is counted or kept. */
  readonly isEnabled?: boolean;
  /** Samples of each type, 1 to 100,000. */
  readonly size?: number;
  readonly rate?: SamplingRate;
  readonly slowMs?: number;
};

/** One name in one span of time. Durations in milliseconds. */
export type Summary = {
  readonly type: MetricType;
  readonly name: string;
  readonly count: number;
  readonly errors: number;
  readonly size: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Until the head of an answer was written; undefined for what has no such moment. */
  readonly firstByte?: { readonly count: number; readonly p50: number; readonly p95: number; readonly p99: number };
};

/** A name and outcome with what was counted of it in one minute. */
export type SeriesMinute = CountedMinute & {
  readonly type: MetricType;
  readonly name: string;
  readonly outcome: string;
};

type TypeMetrics = {
  readonly ring: SampleRing;
  readonly series: Map<string, Map<string, MetricSeries>>;
  seriesCount: number;
  /** What is due of the next sample: it is kept whenever this reaches 1. */
  due: number;
};

type Types = Readonly<Record<MetricType, TypeMetrics>>;

/**
 * What this process measures of itself. Every operation is counted, with its duration, by type, name and outcome; a share
 * of them is kept whole in a ring, and so is everything slow or failed. Nothing grows with the number of operations.
 */
export class MetricsBuffer {
  readonly isEnabled: boolean;
  readonly rates: SamplingRates;
  readonly slowMs: number;
  readonly #types: Types;
  readonly #now: () => { readonly time: Timestamp; readonly minute: number };
  #minute: number;

  /** Throws RangeError for a rate outside of 0 to 1, or a size below 1. */
  constructor({ clock, size = METRICS_BUFFER_SIZE, rate = 1, slowMs = METRICS_SLOW_MS, ...rest }: MetricsOptions) {
    if (!(Number.isInteger(size) && size >= 1)) throw new RangeError(`The buffer's size is ${size}; use 1 or more.`);
    this.rates = toSamplingRates(rate);
    this.slowMs = slowMs;
    this.isEnabled = rest.isEnabled ?? true;
    this.#types = Object.fromEntries(METRIC_TYPES.map((type) => [type, createType(type, size)])) as Types;
    this.#now = onceATurn(() => {
      const time = clock();
      return { time, minute: Math.floor(toMilliseconds(time) / 60_000) };
    });
    this.#minute = this.#now().minute;
  }

  /** Counts an operation that has ended, and keeps it whole if it is its turn, slow or failed. */
  record(measurement: Measurement): void {
    if (!this.isEnabled) return;
    const { time, minute } = this.#now();
    if (minute !== this.#minute) this.#turn(minute);
    const metrics = this.#types[measurement.type];
    seriesOf(metrics, measurement).add(measurement);

    metrics.due += this.rates[measurement.type];
    const isDue = metrics.due >= 1;
    if (isDue) metrics.due -= 1;
    if (isDue || measurement.isFailed || measurement.durationMs >= this.slowMs) metrics.ring.add(measurement, time);
  }

  /** Samples of a type, newest first. */
  samples(type: MetricType): Sample[] {
    return this.#types[type].ring.list();
  }

  /** How full the ring of a type is. */
  fill(type: MetricType): { readonly size: number; readonly capacity: number; readonly kept: number } {
    const { size, capacity, kept } = this.#types[type].ring;
    return { size, capacity, kept };
  }

  /** Every name of a type in a span of time, its outcomes taken together; those that cost most time first. */
  summarize(type: MetricType, window: MetricWindow): Summary[] {
    const summaries = [...this.#types[type].series].map(([name, outcomes]) =>
      toSummary({ type, name }, addUp([...outcomes.values()].map((series) => series.count(this.#since(window))))),
    );
    return summaries.filter(({ count }) => count > 0).sort((a, b) => b.mean * b.count - a.mean * a.count);
  }

  /** A whole type in a span of time. */
  summarizeAll(type: MetricType, window: MetricWindow): Summary {
    const all = this.#listSeries(type).map((series) => series.count(this.#since(window)));
    return toSummary({ type, name: "all" }, addUp(all));
  }

  /** Every name and outcome of a type with what was counted since the start. */
  totals(type: MetricType): { name: string; outcome: string; counted: Counted }[] {
    return this.#listSeries(type).map((series) => ({
      name: series.name,
      outcome: series.outcome,
      counted: series.count(),
    }));
  }

  /**
   * Takes out, for whoever writes them down, minutes that are over: each is given once, of every name and outcome. At a
   * stop, `running` ends the minute that runs and takes it too. What nobody takes for 60 minutes is forgotten here.
   */
  takeMinutes({ running = false } = {}): SeriesMinute[] {
    this.#turn(this.#now().minute);
    if (running) this.#close();
    return this.#collect((series) => series.take());
  }

  /** What was not taken yet, with the minute that runs; it stays here. */
  untakenMinutes(): SeriesMinute[] {
    this.#turn(this.#now().minute);
    return this.#collect((series) => series.untaken(this.#minute));
  }

  #collect(read: (series: MetricSeries) => readonly CountedMinute[]): SeriesMinute[] {
    return METRIC_TYPES.flatMap((type) =>
      this.#listSeries(type).flatMap((series) => {
        const { name, outcome } = series;
        return read(series).map((counted) => ({ type, name, outcome, ...counted }));
      }),
    );
  }

  #since(window: MetricWindow): number | undefined {
    const { minute } = this.#now();
    this.#turn(minute);
    const span = WINDOWS[window];
    return span === undefined ? undefined : minute - span + 1;
  }

  #listSeries(type: MetricType): MetricSeries[] {
    return [...this.#types[type].series.values()].flatMap((outcomes) => [...outcomes.values()]);
  }

  #close(): void {
    for (const type of METRIC_TYPES) for (const series of this.#listSeries(type)) series.close(this.#minute);
  }

  #turn(minute: number): void {
    if (minute === this.#minute) return;
    this.#close();
    this.#minute = minute;
  }
}

function createType(type: MetricType, size: number): TypeMetrics {
  return { ring: new SampleRing(type, size), series: new Map(), seriesCount: 0, due: 0 };
}

function seriesOf(metrics: TypeMetrics, { name, outcome }: { name: string; outcome: string }): MetricSeries {
  const known = metrics.series.get(name)?.get(outcome);
  if (known !== undefined) return known;
  if (metrics.seriesCount >= MAX_SERIES && name !== OTHER_NAME) return seriesOf(metrics, { name: OTHER_NAME, outcome });

  const series = new MetricSeries(name, outcome);
  const outcomes = metrics.series.get(name) ?? new Map<string, MetricSeries>();
  metrics.series.set(name, outcomes.set(outcome, series));
  metrics.seriesCount += 1;
  return series;
}

/** Sums up what was counted of something. */
export function toSummary(what: Pick<Summary, "type" | "name">, counted: Counted): Summary {
  const { errors, size, durations, firstBytes } = counted;
  const { count, sum, min, max } = durations;
  const summary = { ...what, count, errors, size, mean: count === 0 ? 0 : sum / count, min, max };
  const percentiles = readPercentiles(durations);
  if (firstBytes.count === 0) return { ...summary, ...percentiles };
  return { ...summary, ...percentiles, firstByte: { count: firstBytes.count, ...readPercentiles(firstBytes) } };
}

/** The usual percentiles, in milliseconds. */
export function readPercentiles(durations: SparseHistogram): { p50: number; p95: number; p99: number } {
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => percentileOf(durations, share));
  return { p50, p95, p99 };
}
