import fc from "fast-check";
import { expect, test } from "vitest";
import { HISTOGRAM_BUCKETS, Histogram } from "../../src/lib/histogram.ts";

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

function exact(sorted: Float64Array, share: number): number {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
}

/** A generator of numbers from 0 to 1 that a seed decides. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const SHARES = [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999];

test.each([
  ["spread evenly over every size from a microsecond to an hour", (x: number) => 0.001 * 3.6e9 ** x],
  ["mostly short, with a long tail", (x: number) => 0.05 + (-Math.log(1 - x)) ** 3],
  ["between two neighbours", (x: number) => 10 + x / 100],
])("percentiles of a million durations %s are within 2 % of exact", (_what, shape) => {
  const next = random(1);
  const values = Float64Array.from({ length: 1_000_000 }, () => shape(next()));

  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  const sorted = values.sort();

  for (const share of SHARES) {
    const truth = exact(sorted, share);
    expect(Math.abs(histogram.percentile(share) - truth) / truth).toBeLessThan(0.02);
  }
});

test("whatever the durations, percentiles are within 2 % of exact, and count, sum, shortest and longest are exact", () => {
  const duration = fc.double({ min: 0.001, max: 1e7, noNaN: true });

  fc.assert(
    fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (values) => {
      const histogram = histogramOf(values);
      const sorted = Float64Array.from(values).sort();

      for (const share of SHARES) {
        const truth = exact(sorted, share);
        expect(Math.abs(histogram.percentile(share) - truth)).toBeLessThanOrEqual(0.02 * truth);
      }
      expect(histogram.count).toBe(values.length);
      expect(histogram.min).toBe(sorted[0]);
      expect(histogram.max).toBe(sorted.at(-1));
      expect(histogram.sum).toBeCloseTo(
        values.reduce((sum, value) => sum + value, 0),
        3,
      );
    }),
  );
});

test("histograms that are merged hold what one histogram of all values holds, in any order", () => {
  const duration = fc.double({ min: 0, max: 1e8, noNaN: true });
  const part = fc.array(duration, { maxLength: 50 });

  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const merged = new Histogram();
      for (const each of parts.toReversed()) merged.merge(histogramOf(each).toSparse());

      const { sum, ...rest } = merged.toSparse();
      const { sum: wholeSum, ...whole } = histogramOf(parts.flat()).toSparse();

      expect(rest).toEqual(whole);
      expect(sum).toBeCloseTo(wholeSum, 3);
    }),
  );
});

test("nothing is counted outside of the buckets, and no value is refused", () => {
  const histogram = histogramOf([0, -5, Number.NaN, 1e-9, 2 ** 24, 1e12, Number.POSITIVE_INFINITY]);

  const { buckets, counts } = histogram.toSparse();

  expect(buckets).toEqual([0, HISTOGRAM_BUCKETS - 1]);
  expect(counts).toEqual([4, 3]);
});

test("an empty histogram says 0, and so does one that was emptied", () => {
  const used = histogramOf([1, 2, 3]);
  used.clear();

  for (const histogram of [new Histogram(), used]) {
    expect([histogram.count, histogram.sum, histogram.min, histogram.max, histogram.percentile(0.5)]).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(histogram.toSparse().buckets).toEqual([]);
  }
});

test("values up to a limit can be counted", () => {
  const histogram = histogramOf([1, 2, 4, 8, 16]);

  expect([0.5, 1, 4, 100].map((limit) => histogram.countUpTo(limit))).toEqual([0, 1, 3, 5]);
});
