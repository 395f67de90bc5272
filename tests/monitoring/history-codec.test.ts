import fc from "fast-check";
import { expect, test } from "vitest";
import { Histogram, percentileOf } from "../../src/lib/histogram.ts";
import { packNames, unpackNames } from "../../src/monitoring/history-codec.ts";
import type { NameCounts } from "../../src/monitoring/history-sums.ts";
import { coarsen, HistogramSum, NameSums } from "../../src/monitoring/history-sums.ts";

const DURATIONS = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 50 });

const NAME = fc
  .record({ name: fc.string(), outcome: fc.constantFrom("200", "304", "aborted"), durations: DURATIONS })
  .map(({ name, outcome, durations }) => toCounts({ name, outcome, durations }));

function toCounts(of: { name: string; outcome: string; durations: readonly number[] }): NameCounts {
  const { name, outcome, durations } = of;
  const histogram = new Histogram();
  for (const duration of durations) histogram.add(duration);
  const sparse = histogram.toSparse();
  const outcomes = { [outcome]: durations.length };
  return { type: "http", name, outcomes, errors: 1, size: 7, durations: sparse, firstBytes: sparse };
}

test("whatever is packed comes back, durations to the microsecond", () => {
  fc.assert(
    fc.property(fc.array(NAME, { maxLength: 5 }), (names) => {
      const back = unpackNames(packNames(names));

      expect(back).toHaveLength(names.length);
      for (const [index, { durations, firstBytes, ...counts }] of names.entries()) {
        const { durations: backDurations, firstBytes: backFirst, ...backCounts } = back[index] as NameCounts;
        expect(backCounts).toEqual(counts);
        expect(backFirst).toEqual(backDurations);
        expect(backDurations.buckets).toEqual(durations.buckets);
        expect(backDurations.counts).toEqual(durations.counts);
        expect(backDurations.count).toBe(durations.count);
        expect(Math.abs(backDurations.sum - durations.sum)).toBeLessThanOrEqual(0.0006);
        expect(Math.abs(backDurations.max - durations.max)).toBeLessThanOrEqual(0.0006);
      }
    }),
  );
});

test("sums of parts are the sum of the whole, in whatever order", () => {
  fc.assert(
    fc.property(DURATIONS, DURATIONS, fc.double({ min: 0, max: 1, noNaN: true }), (one, other, share) => {
      const [a, b] = [one, other].map((durations) => toCounts({ name: "a", outcome: "200", durations }).durations);
      const whole = toCounts({ name: "a", outcome: "200", durations: [...one, ...other] }).durations;
      const sums = [
        [a, b],
        [b, a],
      ].map((parts) => {
        const sum = new HistogramSum();
        for (const part of parts) if (part !== undefined) sum.add(part);
        return sum.read();
      });

      for (const sum of sums) {
        expect({ ...sum, sum: 0 }).toEqual({ ...whole, sum: 0 });
        expect(percentileOf(sum, share)).toBe(percentileOf(whole, share));
      }
    }),
  );
});

test("wider buckets keep every count, and percentiles within 7 %, however often they are made", () => {
  fc.assert(
    fc.property(DURATIONS, fc.double({ min: 0, max: 1, noNaN: true }), (durations, share) => {
      const counts = toCounts({ name: "a", outcome: "200", durations });
      const wide = coarsen(counts);

      expect(coarsen(wide)).toEqual(wide);
      expect(wide.durations.counts.reduce((sum, count) => sum + count, 0)).toBe(durations.length);
      const rank = Math.max(1, Math.ceil(share * durations.length));
      const exact = [...durations].sort((a, b) => a - b)[rank - 1] ?? 0;
      const told = percentileOf(wide.durations, share);
      expect(Math.abs(told - exact)).toBeLessThanOrEqual(Math.max(0.07 * exact, 0.0012));
    }),
    { numRuns: 1000 },
  );
});

test("outcomes of a name are counted apart", () => {
  const sums = new NameSums();
  for (const outcome of ["200", "304", "200"]) sums.add(toCounts({ name: "/", outcome, durations: [1, 2] }));

  expect(sums.list()).toMatchObject([{ name: "/", outcomes: { 200: 4, 304: 2 }, errors: 3, size: 21 }]);
});
