import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { SparseHistogram } from "../lib/histogram.ts";
import type { MetricType } from "../lib/measurement.ts";
import type { NameCounts } from "./history-sums.ts";

/**
 * A histogram in a row: sum, shortest and longest in milliseconds with three decimals, then for each bucket how far it is
 * from the one before and how many values it holds. Empty where there are none.
 */
type PackedHistogram = readonly number[];

type PackedName = readonly [
  type: MetricType,
  name: string,
  outcomes: NameCounts["outcomes"],
  errors: number,
  size: number,
  durations: PackedHistogram,
  firstBytes: PackedHistogram,
];

const NUMBERS_BEFORE_BUCKETS = 3;

/** Packs names for a row of the history: JSON, deflated. Counts stay exact, durations are rounded to microseconds. */
export function packNames(names: readonly NameCounts[]): Buffer {
  const packed = names.map(({ type, name, outcomes, errors, size, durations, firstBytes }): PackedName => {
    return [type, name, outcomes, errors, size, packHistogram(durations), packHistogram(firstBytes)];
  });
  return deflateRawSync(JSON.stringify(packed));
}

/** Reads what `packNames` has written; nothing of a row that is not there. */
export function unpackNames(bytes: Uint8Array | undefined): NameCounts[] {
  if (bytes === undefined) return [];
  const packed = JSON.parse(inflateRawSync(bytes).toString()) as PackedName[];
  return packed.map(([type, name, outcomes, errors, size, durations, firstBytes]) => ({
    type,
    name,
    outcomes,
    errors,
    size,
    durations: unpackHistogram(durations),
    firstBytes: unpackHistogram(firstBytes),
  }));
}

function packHistogram({ count, sum, min, max, buckets, counts }: SparseHistogram): PackedHistogram {
  if (count === 0) return [];
  const packed = [sum, min, max].map((ms) => Math.round(ms * 1000) / 1000);
  let previous = 0;
  for (const [index, bucket] of buckets.entries()) {
    packed.push(bucket - previous, counts[index] ?? 0);
    previous = bucket;
  }
  return packed;
}

function unpackHistogram(packed: PackedHistogram): SparseHistogram {
  const [sum = 0, min = 0, max = 0] = packed;
  const buckets: number[] = [];
  const counts: number[] = [];
  let bucket = 0;
  let count = 0;
  for (let at = NUMBERS_BEFORE_BUCKETS; at < packed.length; at += 2) {
    bucket += packed[at] ?? 0;
    const held = packed[at + 1] ?? 0;
    buckets.push(bucket);
    counts.push(held);
    count += held;
  }
  return { count, sum, min, max, buckets, counts };
}
