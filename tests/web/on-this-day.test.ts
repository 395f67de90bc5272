import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { listDayYears, MAX_DAY_NOTES, MAX_DAY_YEARS, parseMonthDay } from "../../src/web/on-this-day.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { openNotebook } from "../support/notebook.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNotes } from "../support/stored-note.ts";

const SETTINGS = { timeZone: "UTC", language: "en" } as Parameters<typeof listDayYears>[2];
const at = (text: string) => `${text}:00.000Z` as Timestamp;
const links = (html: string) => queryAll(html, ".line a").map((link) => link.attributes.href);

async function filled(notes: readonly StoredNoteInput[]) {
  const app = await openNotebook();
  await storeNotes(app.ctx, notes);
  return app;
}

const YEARS: StoredNoteInput[] = [
  { slug: "two-years-ago", publishedAt: at("2024-03-01T12:00") },
  { slug: "last-year", publishedAt: at("2025-03-01T23:59") },
  { slug: "the-day-before", publishedAt: at("2025-02-28T23:59") },
  { slug: "this-year", publishedAt: at("2026-03-01T00:00") },
  { slug: "unlisted", publishedAt: at("2023-03-01T00:00"), visibility: "unlisted" },
  { slug: "page", publishedAt: at("2022-03-01T00:00"), kind: "page" },
  { slug: "draft", publishedAt: at("2021-03-01T00:00"), status: "draft" },
];

test("what was published on today's day of any year stands by year, newest first, and only what is listed", async () => {
  const { http } = await filled(YEARS);

  const page = await http.get("/on-this-day").expect(200);

  expect(queryAll(page.text, ".day-year h2").map(textOf)).toEqual(["2026", "2025", "2024"]);
  expect(links(page.text)).toEqual(["/notes/this-year", "/notes/last-year", "/notes/two-years-ago"]);
  expect(textOf(query(page.text, "h1"))).toBe("On this day: March 1");
});

test("today is another day tomorrow, and where the author is: no cache keeps it, and no time of change is told", async () => {
  const { ctx, clock, http } = await filled([...YEARS, { slug: "second", publishedAt: at("2025-03-02T12:00") }]);

  const today = await http.get("/on-this-day");
  clock.advance(24 * 3600);
  const tomorrow = await http.get("/on-this-day").set("If-None-Match", today.headers.etag ?? "");
  await changeSettings(ctx, { timeZone: "Pacific/Honolulu" });
  const elsewhere = await http.get("/on-this-day");

  expect(links(tomorrow.text)).toEqual(["/notes/second"]);
  expect(today.headers["last-modified"]).toBeUndefined();
  // At half past nine in London it is still the day before there, when the author wrote at noon of the day after.
  expect(textOf(query(elsewhere.text, "h1"))).toBe("On this day: March 1");
});

test("every day of a leap year has a page with ways to the days beside it, other addresses have none", async () => {
  const { http } = await filled([{ slug: "leap", publishedAt: at("2024-02-29T12:00") }, { slug: "later" }]);

  const leap = await http.get("/on-this-day/02/29").expect(200);
  const empty = await http.get("/on-this-day/12/31").expect(200);

  expect(links(leap.text)).toEqual(["/notes/leap"]);
  expect(queryAll(leap.text, "nav.pages a").map((link) => link.attributes.href)).toEqual([
    "/on-this-day/02/28",
    "/on-this-day/03/01",
  ]);
  expect(queryAll(leap.text, ".other-days a")).toHaveLength(366);
  expect(query(empty.text, "meta[name=robots]")?.attributes.content).toBe("noindex, follow");
  expect(query(empty.text, "nav.pages [rel=next]")?.attributes.href).toBe("/on-this-day/01/01");
  for (const path of ["02/30", "13/01", "00/10", "1/01", "01/00", "xx/yy"]) {
    await http.get(`/on-this-day/${path}`).expect(404);
  }
});

test.each([
  ["02", "29", true],
  ["02", "30", false],
  ["04", "30", true],
  ["04", "31", false],
  ["12", "31", true],
  ["1", "1", false],
])("whether there is a day %s/%s of any year is %s", (month, day, expected) => {
  expect(parseMonthDay(month, day) !== undefined).toBe(expected);
});

test("of a day as many years and notes are shown as the limits, and a link leads to the others", async () => {
  const years = Array.from({ length: MAX_DAY_YEARS + 1 }, (_, index) => ({
    slug: `y${index}`,
    publishedAt: at(`${1900 + index}-05-01T12:00`),
  }));
  const busy = Array.from({ length: MAX_DAY_NOTES + 1 }, (_, index) => ({
    slug: `n${index}`,
    publishedAt: at(`2000-05-02T12:${String(index).padStart(2, "0")}`),
  }));
  const { ctx, http } = await filled([...years, ...busy]);

  const found = listDayYears(ctx.db, { month: "05", day: "01" }, SETTINGS);
  const page = await http.get("/on-this-day/05/02").expect(200);

  expect(found.map(({ year }) => year)).toEqual(
    years
      .map((_, index) => String(1900 + index))
      .reverse()
      .slice(0, MAX_DAY_YEARS),
  );
  expect(links(page.text)).toHaveLength(MAX_DAY_NOTES);
  expect(query(page.text, ".more a")?.attributes.href).toBe("/archive/2000/05#d02");
});

test("days are found over a thousand years without notes", async () => {
  const { ctx } = await filled([
    { slug: "old", publishedAt: at("0004-02-29T12:00") },
    { slug: "far", publishedAt: at("9996-02-29T12:00") },
    { slug: "last", publishedAt: at("9999-12-31T12:00") },
  ]);

  const leap = listDayYears(ctx.db, { month: "02", day: "29" }, SETTINGS);
  const last = listDayYears(ctx.db, { month: "12", day: "31" }, SETTINGS);

  expect([leap, last].map((found) => found.map(({ year }) => year))).toEqual([["9996", "0004"], ["9999"]]);
});
