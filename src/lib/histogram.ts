/**
 * Buckets of one power of two. The middle of a bucket is at most 1/64 of its lower end away from whatever fell into it,
 * so percentiles are within 1.6 % of exact.
 */
const BUCKETS_PER_OCTAVE = 32;

/** Power of two at which the first bucket begins: 2^-10 ms is about a microsecond. What is shorter counts as that. */
const LOWEST_EXPONENT = -10;

/** Power of two at which the last bucket ends: 2^24 ms is four and a half hours. What is longer counts as that. */
const HIGHEST_EXPONENT = 24;

/** Buckets of every histogram: they are fixed, so that any two can be added up. */
export const HISTOGRAM_BUCKETS = (HIGHEST_EXPONENT - LOWEST_EXPONENT) * BUCKETS_PER_OCTAVE;

/** The buckets of a histogram that are not empty, with what is known exactly. Durations in milliseconds. */
export type SparseHistogram = {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Numbers of buckets, ascending. */
  readonly buckets: readonly number[];
  /** How many values each of them holds. */
  readonly counts: readonly number[];
};

// The high half of a double has its exponent and the first bits of its fraction: together the number of its bucket.
const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const BITS_BELOW_BUCKET = 15;
const FIRST_BUCKET = (1023 + LOWEST_EXPONENT) * BUCKETS_PER_OCTAVE;

/** Counts durations by size. Adding one allocates nothing, however many there are. */
export class Histogram {
  readonly #counts = new Float64Array(HISTOGRAM_BUCKETS);
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** The whole of what another one held. */
  static from(sparse: SparseHistogram): Histogram {
    const histogram = new Histogram();
    histogram.merge(sparse);
    return histogram;
  }

  /** How many durations it holds. */
  get count(): number {
    return this.#count;
  }

  /** Their sum, exact, in milliseconds. */
  get sum(): number {
    return this.#sum;
  }

  /** The shortest, exact, in milliseconds; 0 when there is none. */
  get min(): number {
    return this.#count === 0 ? 0 : this.#min;
  }

  /** The longest, exact, in milliseconds; 0 when there is none. */
  get max(): number {
    return this.#max;
  }

  /** Counts a duration in milliseconds. What is not a number or below zero counts as 0. */
  add(durationMs: number): void {
    const value = durationMs > 0 ? durationMs : 0;
    const bucket = bucketOf(value);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Adds up another histogram's values to these. */
  merge(other: SparseHistogram): void {
    if (other.count === 0) return;
    for (const [index, bucket] of other.buckets.entries()) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + (other.counts[index] ?? 0);
    }
    this.#count += other.count;
    this.#sum += other.sum;
    this.#min = Math.min(this.#min, other.min);
    this.#max = Math.max(this.#max, other.max);
  }

  /**
   * The duration that so many of 1 are not longer than, by nearest rank, in milliseconds: within 2 % of exact from a
   * microsecond up, never outside of shortest and longest. 0 when there is none.
   */
  percentile(share: number): number {
    return percentileOf(this.toSparse(), share);
  }

  /** How many values are not longer than a limit in milliseconds, as far as the buckets tell. */
  countUpTo(limitMs: number): number {
    const last = bucketOf(limitMs);
    let seen = 0;
    for (let bucket = 0; bucket <= last; bucket += 1) seen += this.#counts[bucket] ?? 0;
    return seen;
  }

  /** What it holds, in as little room as it needs. */
  toSparse(): SparseHistogram {
    const buckets: number[] = [];
    const counts: number[] = [];
    for (const [bucket, count] of this.#counts.entries()) {
      if (count === 0) continue;
      buckets.push(bucket);
      counts.push(count);
    }
    return { count: this.#count, sum: this.#sum, min: this.min, max: this.#max, buckets, counts };
  }

  /** Empties it, in its place. */
  clear(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = 0;
  }
}

/** The same as `Histogram.percentile`. */
export function percentileOf({ count, min, max, buckets, counts }: SparseHistogram, share: number): number {
  const rank = Math.max(1, Math.ceil(share * count));
  if (rank >= count) return max;
  let seen = 0;
  for (const [index, bucket] of buckets.entries()) {
    seen += counts[index] ?? 0;
    if (seen >= rank) return Math.min(max, Math.max(min, middleOf(bucket)));
  }
  return max;
}

function bucketOf(value: number): number {
  double[0] = value;
  const bucket = ((halves[HIGH] ?? 0) >>> BITS_BELOW_BUCKET) - FIRST_BUCKET;
  if (bucket < 0) return 0;
  return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

function middleOf(bucket: number): number {
  const exponent = Math.floor(bucket / BUCKETS_PER_OCTAVE) + LOWEST_EXPONENT;
  const place = bucket % BUCKETS_PER_OCTAVE;
  return (1 + (place + 0.5) / BUCKETS_PER_OCTAVE) * 2 ** exponent;
}
