import type { SparseHistogram } from "../lib/histogram.ts";
import type { MetricType } from "../lib/measurement.ts";
import type { SeriesMinute } from "../lib/metrics-buffer.ts";
import { OTHER_NAME } from "../lib/metrics-buffer.ts";

/** Names of each type that one row of the history tells apart; what comes past them is counted under OTHER_NAME. */
export const MAX_ROW_NAMES = 300;

/** What was counted of one name in some time. Its outcomes are counted apart, their durations are not. */
export type NameCounts = {
  readonly type: MetricType;
  readonly name: string;
  /** How often it ended in each way. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly errors: number;
  /** Sum of sizes. */
  readonly size: number;
  readonly durations: SparseHistogram;
  /** Times to first byte; empty for what has none. */
  readonly firstBytes: SparseHistogram;
};

/** Adds up histograms, in room for what they hold only: a report has thousands of them. */
export class HistogramSum {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Adds one up. */
  add({ count, sum, min, max, buckets, counts }: SparseHistogram): void {
    if (count === 0) return;
    for (const [index, bucket] of buckets.entries()) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + (counts[index] ?? 0));
    }
    this.#count += count;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
  }

  /** The sum of all. */
  read(): SparseHistogram {
    const buckets = [...this.#counts.keys()].sort((a, b) => a - b);
    return {
      count: this.#count,
      sum: this.#sum,
      min: this.#count === 0 ? 0 : this.#min,
      max: this.#max,
      buckets,
      counts: buckets.map((bucket) => this.#counts.get(bucket) ?? 0),
    };
  }
}

/** Adds up names over minutes and processes. */
export class NameSums {
  readonly #maxNames: number;
  readonly #types = new Map<MetricType, Map<string, NameSum>>();

  /** `maxNames` is for each type. */
  constructor(maxNames: number = Number.POSITIVE_INFINITY) {
    this.#maxNames = maxNames;
  }

  /** Adds up what was counted of a name. */
  add(counts: NameCounts): void {
    this.#sumOf(counts.type, counts.name).add(counts);
  }

  /** The sum of each name, in the order in which they first came. */
  list(): NameCounts[] {
    return [...this.#types].flatMap(([type, names]) =>
      [...names].map(([name, sum]) => ({ type, name, ...sum.read() })),
    );
  }

  #sumOf(type: MetricType, name: string): NameSum {
    const names = this.#types.get(type) ?? new Map<string, NameSum>();
    this.#types.set(type, names);
    const key = names.has(name) || names.size < this.#maxNames ? name : OTHER_NAME;
    const sum = names.get(key) ?? new NameSum();
    names.set(key, sum);
    return sum;
  }
}

class NameSum {
  readonly #outcomes = new Map<string, number>();
  readonly #durations = new HistogramSum();
  readonly #firstBytes = new HistogramSum();
  #errors = 0;
  #size = 0;

  add({ outcomes, errors, size, durations, firstBytes }: NameCounts): void {
    for (const [outcome, count] of Object.entries(outcomes)) {
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + count);
    }
    this.#errors += errors;
    this.#size += size;
    this.#durations.add(durations);
    this.#firstBytes.add(firstBytes);
  }

  read() {
    return {
      outcomes: Object.fromEntries(this.#outcomes),
      errors: this.#errors,
      size: this.#size,
      durations: this.#durations.read(),
      firstBytes: this.#firstBytes.read(),
    };
  }
}

/** Buckets that are taken together in rows of hours and days. */
const BUCKETS_TOGETHER = 4;

/**
 * The same with wider buckets, told by a bucket within 7 % of all of their values: a year of the narrow
 * ones would take more room than the notes.
 */
export function coarsen({ durations, firstBytes, ...counts }: NameCounts): NameCounts {
  return { ...counts, durations: widen(durations), firstBytes: widen(firstBytes) };
}

function widen({ buckets, counts, ...rest }: SparseHistogram): SparseHistogram {
  const wide = new Map<number, number>();
  for (const [index, bucket] of buckets.entries()) {
    const told = bucket - (bucket % BUCKETS_TOGETHER) + 1;
    wide.set(told, (wide.get(told) ?? 0) + (counts[index] ?? 0));
  }
  return { ...rest, buckets: [...wide.keys()], counts: [...wide.values()] };
}

/** A series as what was counted of its name. */
export function toNameCounts({ outcome, ...counted }: SeriesMinute): NameCounts {
  const { type, name, errors, size, durations, firstBytes } = counted;
  return { type, name, outcomes: { [outcome]: durations.count }, errors, size, durations, firstBytes };
}
