import { expect, test } from "vitest";
import { Figures, median, percentile } from "../../bench/figures.ts";

const PLACE = { set: "100", server: "starpunk", name: "home.rate" };

test.each([
  [[3], 3],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])("the median of %j is %d", (values, expected) => {
  expect(median(values)).toBe(expected);
});

test("nothing has neither median nor percentile", () => {
  expect(() => median([])).toThrow("median of nothing");
  expect(() => percentile([], 0.5)).toThrow("percentile of nothing");
});

test("a percentile is the value that such a share does not exceed, however the values lie", () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);

  expect([0.01, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([2, 100, 198, 200]);
});

test("figures keep every round apart by set, server and name, and give the median of the rounds", () => {
  const figures = new Figures();
  for (const value of [30, 10, 20]) figures.add(PLACE, value);
  figures.add({ ...PLACE, set: "1000" }, 7);

  const listed = figures.list();

  expect(figures.median(PLACE)).toBe(20);
  expect(figures.median({ ...PLACE, server: "naive" })).toBeUndefined();
  expect(listed.map(({ set, samples }) => [set, samples])).toEqual([
    ["100", [30, 10, 20]],
    ["1000", [7]],
  ]);
});

test("what is no number becomes no figure", () => {
  const figures = new Figures();

  expect(() => figures.add(PLACE, 1 / 0)).toThrow("home.rate of starpunk with 100 notes came out as Infinity");
  expect(figures.list()).toEqual([]);
});
