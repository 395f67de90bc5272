import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds, steadyMs, systemClock } from "../../src/lib/clock.ts";
import { createDeadlines, MAX_DEADLINES } from "../../src/lib/deadlines.ts";
import { createTestClock, NOW } from "../support/context.ts";

const YEARS = 10 * 365 * 86_400;

function testDeadlines() {
  const clock = createTestClock();
  const deadlines = createDeadlines(clock.now);
  const left = (key: string, endsAt: Timestamp, longestSeconds = 3600) =>
    deadlines.secondsLeft(key, { endsAt, longestSeconds });
  return { clock, deadlines, left };
}

test("what ends in an hour has an hour left, then half of it, then nothing", () => {
  const { clock, left } = testDeadlines();
  const end = addSeconds(NOW, 3600);

  const whole = left("a", end);
  clock.advance(1800);
  const half = left("a", end);
  clock.advance(1800);

  expect([whole, half, left("a", end)]).toEqual([3600, 1800, 0]);
});

test.each([YEARS, -YEARS, 1800, -1800])("a clock that is set by %i s changes nothing for what was seen", (seconds) => {
  const { clock, left } = testDeadlines();
  const end = addSeconds(NOW, 3600);
  left("a", end);

  clock.set(addSeconds(NOW, seconds));
  const after = left("a", end);
  clock.advance(3600);

  expect([after, left("a", end)]).toEqual([3600, 0]);
});

test("what is seen for the first time goes by the clock, and never beyond the longest it can last", () => {
  const { clock, left } = testDeadlines();

  clock.set(addSeconds(NOW, -YEARS));
  const far = left("far", addSeconds(NOW, 3600));
  clock.set(addSeconds(NOW, YEARS));

  expect([far, left("past", addSeconds(NOW, 3600))]).toEqual([3600, 0]);
});

test("with another end it is another thing", () => {
  const { left } = testDeadlines();
  left("a", addSeconds(NOW, 3600));

  expect(left("a", addSeconds(NOW, 60))).toBe(60);
});

test("the memory is bounded: what has ended goes first, then what came first", () => {
  const { clock, deadlines, left } = testDeadlines();
  for (let count = 0; count < MAX_DEADLINES; count += 1) left(`short ${count}`, addSeconds(NOW, 60));
  clock.advance(60);

  for (let count = 0; count < MAX_DEADLINES + 5; count += 1) left(`long ${count}`, addSeconds(NOW, 3600));

  expect(deadlines.size()).toBe(MAX_DEADLINES);
});

test("the machine's clock has a steady side that does not go back", () => {
  const first = steadyMs(systemClock);
  const second = steadyMs(systemClock);

  expect(second).toBeGreaterThanOrEqual(first);
  expect(steadyMs(() => NOW)).toBe(Date.parse(NOW));
});
