import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseKept, KEPT } from "../../src/backup/keep-backups.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds, toTimestamp } from "../../src/lib/clock.ts";
import { NOW } from "../support/context.ts";

const DAY = 86_400;

const moments = fc.array(
  fc.integer({ min: 0, max: 3 * 366 * DAY }).map((seconds) => toTimestamp(Date.UTC(2024, 0, 1) + seconds * 1000)),
  { maxLength: 120 },
);

/** What is there after a backup each day, with what is kept for nothing removed each time. */
function afterDays(days: number): Timestamp[] {
  let kept: Timestamp[] = [];
  for (let day = 0; day < days; day += 1) {
    kept = [...chooseKept([...kept, addSeconds(NOW, day * DAY)]).keys()];
  }
  return kept.sort();
}

test("after two years of nightly backups there are 7 days, 4 weeks and 12 months, the newest of each", () => {
  const kept = afterDays(730);
  const terms = [...chooseKept(kept).values()];

  const count = (term: string) => terms.filter((each) => each === term).length;
  expect(count("monthly")).toBe(KEPT.monthly);
  expect(kept.length).toBeGreaterThanOrEqual(KEPT.daily + KEPT.monthly - 1);
  expect(kept.length).toBeLessThanOrEqual(KEPT.daily + KEPT.weekly + KEPT.monthly);
  expect(kept.at(-1)).toBe(addSeconds(NOW, 729 * DAY));
  expect(kept.slice(-7)).toEqual(Array.from({ length: 7 }, (_, day) => addSeconds(NOW, (723 + day) * DAY)));
  expect(kept.filter((moment) => moment.slice(8, 10) >= "28").length).toBeGreaterThanOrEqual(11);
});

test("one that is kept for several terms is told with the longest, a week begins on Monday, and of a day the newest counts", () => {
  const sunday = "2026-03-01T03:15:00.000Z" as Timestamp;
  const [monday, tuesday, later] = [
    addSeconds(sunday, DAY),
    addSeconds(sunday, 2 * DAY),
    addSeconds(sunday, 2 * DAY + 60),
  ];

  const kept = chooseKept([tuesday, sunday, later, monday]);

  expect([...kept].sort()).toEqual([
    [sunday, "weekly"],
    [monday, "daily"],
    [later, "monthly"],
  ]);
});

test("whatever there is, the newest is kept, never more than 23, and choosing again changes nothing", () => {
  fc.assert(
    fc.property(moments, (madeAt) => {
      const kept = chooseKept(madeAt);
      const again = chooseKept([...kept.keys()]);

      expect([...kept.keys()].every((moment) => madeAt.includes(moment))).toBe(true);
      expect(kept.size).toBeLessThanOrEqual(KEPT.daily + KEPT.weekly + KEPT.monthly);
      if (madeAt.length > 0) expect(kept.has(madeAt.toSorted().at(-1) as Timestamp)).toBe(true);
      expect([...again].sort()).toEqual([...kept].sort());
    }),
  );
});

test("of each of the newest 7 days, 4 weeks and 12 months that have one, one is kept", () => {
  fc.assert(
    fc.property(moments, (madeAt) => {
      const kept = [...chooseKept(madeAt).keys()];
      const newestOf = (length: number, max: number) =>
        [...new Set(madeAt.map((moment) => moment.slice(0, length)))].sort().reverse().slice(0, max);

      for (const day of newestOf(10, KEPT.daily)) expect(kept.some((moment) => moment.startsWith(day))).toBe(true);
      for (const month of newestOf(7, KEPT.monthly)) expect(kept.some((moment) => moment.startsWith(month))).toBe(true);
    }),
  );
});
