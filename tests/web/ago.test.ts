import { expect, test } from "vitest";
import { addSeconds } from "../../src/lib/clock.ts";
import { ago } from "../../src/web/ago.ts";
import { NOW } from "../support/context.ts";

test.each([
  [-60, "this minute"],
  [59, "this minute"],
  [60, "1 minute ago"],
  [3_599, "59 minutes ago"],
  [3_600, "1 hour ago"],
  [86_399, "23 hours ago"],
  [86_400, "yesterday"],
  [40 * 86_400, "40 days ago"],
])("what was %i seconds before is from %s", (seconds, words) => {
  expect(ago(addSeconds(NOW, -seconds), NOW, "en")).toBe(words);
});

test("it is said in the language of the page", () => {
  expect(ago(addSeconds(NOW, -7_200), NOW, "de")).toBe("vor 2 Stunden");
});
