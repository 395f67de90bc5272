import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { parseHttpDate, toHttpDate } from "../../src/web/http-date.ts";

test("a moment is written in GMT, in whole seconds", () => {
  const date = toHttpDate("2026-03-01T09:30:00.999Z" as Timestamp);

  expect(date).toBe("Sun, 01 Mar 2026 09:30:00 GMT");
});

test.each(["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])(
  "%s is read: all three forms of RFC 9110",
  (text) => {
    const moment = parseHttpDate(text);

    expect(moment).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
  },
);

test("two digits of a year mean this century below 70", () => {
  const moment = parseHttpDate("Sunday, 01-Mar-26 09:30:00 GMT");

  expect(moment).toBe(Date.UTC(2026, 2, 1, 9, 30));
});

test.each([
  "",
  "now",
  "0",
  "2026-03-01",
  "Sun, 06 Nov 1994 08:49:37 CET",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "Sun, 00 Nov 1994 08:49:37 GMT",
  "Sun, 32 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nox 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 25:49:37 GMT",
  "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
])("%j is no date", (text) => {
  const moment = parseHttpDate(text);

  expect(moment).toBeUndefined();
});
