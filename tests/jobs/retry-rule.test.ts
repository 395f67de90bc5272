import { expect, test } from "vitest";
import { pauseSeconds, RETRY_RULES } from "../../src/jobs/retry-rule.ts";

const RULE = { attemptsMax: 6, firstPauseSeconds: 60, longestPauseSeconds: 21_600 };

test.each([
  [1, 60],
  [2, 240],
  [3, 960],
  [4, 3_840],
  [5, 15_360],
  [6, 21_600],
  [100, 21_600],
])("after attempt %d comes a pause of %d seconds, half of that with the most jitter", (attempt, seconds) => {
  expect(pauseSeconds(RULE, attempt, 0)).toBe(seconds);
  expect(pauseSeconds(RULE, attempt, 1)).toBe(seconds / 2);
});

test("a remote image is tried for hours, a scheduled note for days", () => {
  const spans = Object.entries(RETRY_RULES).map(([kind, rule]) => {
    const pauses = Array.from({ length: rule.attemptsMax - 1 }, (_, index) => pauseSeconds(rule, index + 1, 1));
    return [kind, pauses.reduce((sum, pause) => sum + pause, 0) / 3600];
  });

  expect(Object.fromEntries(spans)).toMatchObject({
    "media.copy_remote_image": expect.closeTo(2.8, 0),
    "notes.publish_scheduled": expect.closeTo(47, 0),
  });
});
