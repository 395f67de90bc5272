import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change } from "../../src/lib/find-changes.ts";
import { findChanges } from "../../src/lib/find-changes.ts";

const list = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });

test("the changes, done to the first list, make the second, and leave something alike between any two", () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const changes = findChanges(before, after) ?? [];

      expect(apply(before, after, changes)).toEqual(after);
      const gaps = changes.slice(1).map((change, index) => change.beforeStart - (changes[index]?.beforeEnd ?? 0));
      expect(gaps.filter((gap) => gap <= 0)).toEqual([]);
    }),
  );
});

test("there are as few changes as can be", () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      const changes = findChanges(before, after) ?? [];
      const steps = changes.reduce(
        (sum, change) => sum + change.beforeEnd - change.beforeStart + change.afterEnd - change.afterStart,
        0,
      );

      expect(steps).toBe(before.length + after.length - 2 * longestCommon(before, after));
    }),
  );
});

test.each([
  { before: [], after: [], changes: [] },
  { before: ["a"], after: ["a"], changes: [] },
  { before: [], after: ["a"], changes: [{ beforeStart: 0, beforeEnd: 0, afterStart: 0, afterEnd: 1 }] },
  { before: ["a"], after: [], changes: [{ beforeStart: 0, beforeEnd: 1, afterStart: 0, afterEnd: 0 }] },
  {
    before: ["a", "b", "c"],
    after: ["a", "x", "c"],
    changes: [{ beforeStart: 1, beforeEnd: 2, afterStart: 1, afterEnd: 2 }],
  },
])("from $before to $after", ({ before, after, changes }) => {
  expect(findChanges(before, after)).toEqual(changes);
});

test("what costs more than the budget is not found, and costs no more than one round above it", () => {
  const [before, after] = [words("a", 100_000), words("b", 100_000)];
  const budget = { left: 10_000 };

  const changes = findChanges(before, after, budget);

  expect(changes).toBeUndefined();
  expect(budget.left).toBeGreaterThan(-1_000);
});

test("with the same items at both ends, only what lies between costs anything", () => {
  const middle = words("m", 100_000);
  const budget = { left: 10 };

  const changes = findChanges([...middle, "a", ...middle], [...middle, "b", ...middle], budget);

  expect(changes).toEqual([{ beforeStart: 100_000, beforeEnd: 100_001, afterStart: 100_000, afterEnd: 100_001 }]);
});

function words(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

function apply(before: readonly string[], after: readonly string[], changes: readonly Change[]): string[] {
  const made: string[] = [];
  let at = 0;
  for (const change of changes) {
    made.push(...before.slice(at, change.beforeStart), ...after.slice(change.afterStart, change.afterEnd));
    at = change.beforeEnd;
  }
  return [...made, ...before.slice(at)];
}

function longestCommon(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0);
  for (const item of one) {
    const next = [0];
    for (const [index, its] of other.entries()) {
      next.push(its === item ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
