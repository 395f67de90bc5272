import { expect, test } from "vitest";
import { createRateLimit, MAX_NETWORKS, SEARCH_RATE, SWEEP_MS, WRONG_SECRET_RATE } from "../../src/web/rate-limit.ts";

const RATE = { atOnce: 3, everyMs: 1_000 };
const HOME = "192.0.2.7/32";

function testLimit(rate = RATE) {
  let moment = 5_000;
  const limit = createRateLimit(rate, () => moment);
  return {
    limit,
    pass(milliseconds: number) {
      moment += milliseconds;
    },
  };
}

test("limits are what the manual says", () => {
  expect(SEARCH_RATE).toEqual({ atOnce: 30, everyMs: 1_000 });
  expect(WRONG_SECRET_RATE).toEqual({ atOnce: 20, everyMs: 60_000 });
});

test.each([
  ["searches", SEARCH_RATE, 1],
  ["wrong secrets", WRONG_SECRET_RATE, 60],
])("%s: so many at once, and one more is told how long to wait", (_what, rate, seconds) => {
  const { limit } = testLimit(rate);

  const taken = Array.from({ length: rate.atOnce }, () => limit.take(HOME));

  expect(taken).toEqual(Array(rate.atOnce).fill(0));
  expect(limit.take(HOME)).toBe(seconds);
  expect(limit.take("192.0.2.8/32")).toBe(0);
});

test("whoever waits as long as told has one turn, and not before; tries in between cost nothing", () => {
  const { limit, pass } = testLimit();
  for (let count = 0; count < 3; count += 1) limit.take(HOME);

  pass(999);
  const early = Array.from({ length: 50 }, () => limit.take(HOME));
  pass(1);

  expect(early).toEqual(Array(50).fill(1));
  expect([limit.take(HOME), limit.take(HOME)]).toEqual([0, 1]);
});

test("a network that was away for long has no more turns than one that is new", () => {
  const { limit, pass } = testLimit();
  limit.take(HOME);

  pass(3_600_000);

  expect(Array.from({ length: 4 }, () => limit.take(HOME))).toEqual([0, 0, 0, 1]);
});

test("networks that may do everything again are forgotten", () => {
  const { limit, pass } = testLimit();
  for (let count = 0; count < 100; count += 1) limit.take(`198.51.100.${count}/32`);
  const before = limit.size();

  pass(SWEEP_MS);
  limit.take(HOME);

  expect([before, limit.size()]).toEqual([100, 1]);
});

test("however many come at once, the memory is bounded, and whoever came last is still known", () => {
  const { limit } = testLimit();
  for (let count = 0; count <= MAX_NETWORKS; count += 1) limit.take(`network ${count}`);
  for (let count = 0; count < 2; count += 1) limit.take(`network ${MAX_NETWORKS}`);

  expect(limit.size()).toBe(MAX_NETWORKS);
  expect(limit.take(`network ${MAX_NETWORKS}`)).toBe(1);
  // The first one was forgotten, and has all its turns again.
  expect(Array.from({ length: 4 }, () => limit.take("network 0"))).toEqual([0, 0, 0, 1]);
});
