import { expect, test } from "vitest";
import { englishDate, isPlainEnglish } from "../../src/lib/english-date.ts";

const SHOWN = {
  date: { dateStyle: "long" },
  "date-time": { dateStyle: "long", timeStyle: "short" },
  month: { year: "numeric", month: "long" },
  "month-name": { month: "long" },
} as const;

/** Spaces and the word between day and time differ from one release of Node to the next. */
function words(text: string): string[] {
  return text.split(/,? at |,?\s/);
}

test("every hour of three years reads as Intl writes it", () => {
  const start = Date.UTC(2023, 11, 31, 0, 5);
  const hours = Array.from({ length: 3 * 366 * 24 }, (_, hour) => start + hour * 3_600_000);

  for (const [show, options] of Object.entries(SHOWN)) {
    const format = new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
    const wrong = hours.filter((at) => {
      return `${words(englishDate(at, show as keyof typeof SHOWN))}` !== `${words(format.format(at))}`;
    });

    expect(wrong).toEqual([]);
  }
});

test.each([
  ["1969-07-20T20:17:40Z", "July 20, 1969 at 8:17 PM"],
  ["0999-01-02T00:00:00Z", "January 2, 999 at 12:00 AM"],
  ["9999-12-31T12:59:59Z", "December 31, 9999 at 12:59 PM"],
])("%s reads %s", (moment, text) => {
  expect(englishDate(Date.parse(moment), "date-time")).toBe(text);
});

test("only American English is written without Intl", () => {
  expect(["en", "en-US", "en-GB", "EN", "de", ""].filter(isPlainEnglish)).toEqual(["en", "en-US"]);
});
