import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { daySpan, MONTH_NOTES_PER_PAGE, weekdayNames } from "../../src/web/calendar.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { openNotebook } from "../support/notebook.ts";
import { storeNotes } from "../support/stored-note.ts";

const at = (text: string) => `${text}:00.000Z` as Timestamp;

test("a year is a calendar of twelve months in which each day with notes leads to them and says how many they are", async () => {
  const { ctx, http } = await openNotebook();
  await storeNotes(ctx, [
    { slug: "a", publishedAt: at("2026-03-14T08:00") },
    { slug: "b", publishedAt: at("2026-03-14T09:00") },
    { slug: "c", publishedAt: at("2026-02-28T23:30") },
    { slug: "hidden", publishedAt: at("2026-07-01T12:00"), visibility: "unlisted" },
  ]);

  const page = await http.get("/archive/2026").expect(200);

  expect(queryAll(page.text, ".calendar caption").map(textOf)).toHaveLength(12);
  expect(queryAll(page.text, ".calendar td a").map((link) => [link.attributes.href, textOf(link)])).toEqual([
    ["/archive/2026/02#d28", "28, 1 note"],
    ["/archive/2026/03#d14", "14, 2 notes"],
  ]);
  expect(queryAll(page.text, ".calendar caption a").map((link) => link.attributes.href)).toEqual([
    "/archive/2026/02",
    "/archive/2026/03",
  ]);
  expect(queryAll(page.text, ".calendar td.shade-2")).toHaveLength(1);
  const month = await http.get("/archive/2026/03").expect(200);
  expect(queryAll(month.text, ".line[id]").map(({ attributes }) => attributes.id)).toEqual(["d14"]);
});

test("days are those of the author's calendar, also where a clock is put forward at midnight", async () => {
  const { ctx, http } = await openNotebook();
  await changeSettings(ctx, { timeZone: "Europe/Berlin" });
  await storeNotes(ctx, [{ slug: "c", publishedAt: at("2026-02-28T23:30") }]);

  const page = await http.get("/archive/2026").expect(200);

  expect(queryAll(page.text, ".calendar td a").map((link) => link.attributes.href)).toEqual(["/archive/2026/03#d01"]);
  expect(daySpan("2018-11-04", { timeZone: "America/Sao_Paulo" })?.from).toBe("2018-11-04T03:00:00.000Z");
  expect(daySpan("2026-02-29", { timeZone: "UTC" })).toBeUndefined();
  expect(daySpan("9999-12-31", { timeZone: "UTC" })?.to).toBe("~");
});

test("the rows of a month are whole weeks that begin as the language has it", async () => {
  const { ctx, http } = await openNotebook();
  await storeNotes(ctx, [{ publishedAt: at("2026-03-14T08:00") }]);

  const english = await http.get("/archive/2026/03");
  await changeSettings(ctx, { language: "de" });
  const german = await http.get("/archive/2026/03");
  const firstRow = (html: string) => queryAll(html, ".calendar td").slice(0, 7).map(textOf);

  expect(firstRow(english.text)).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
  expect(firstRow(german.text)).toEqual(["", "", "", "", "", "", "1"]);
  expect(queryAll(english.text, ".calendar td")).toHaveLength(35);
  expect(queryAll(german.text, ".calendar td")).toHaveLength(42);
  expect(weekdayNames("en")[0]).toEqual({ name: "Sunday", initial: "S" });
  expect(weekdayNames("de")[0]).toEqual({ name: "Montag", initial: "M" });
  expect(weekdayNames("not a language")[0]?.name).toBe("Monday");
});

test("of a month with several pages a day leads to the one that begins with it", async () => {
  const { ctx, http } = await openNotebook();
  const notes = Array.from({ length: MONTH_NOTES_PER_PAGE }, (_, index) => ({
    slug: `n${index}`,
    publishedAt: addSeconds(at("2026-03-20T00:00"), index),
  }));
  await storeNotes(ctx, [...notes, { slug: "early", publishedAt: at("2026-03-02T12:00") }]);

  const year = await http.get("/archive/2026").expect(200);
  const href = query(year.text, ".calendar td a")?.attributes.href ?? "";
  const day = await http.get(href.split("#")[0] ?? "").expect(200);

  expect(href).toBe("/archive/2026/03?before=20260303T000000000-0#d02");
  expect(queryAll(day.text, ".line a").map((link) => link.attributes.href)).toEqual(["/notes/early"]);
});
