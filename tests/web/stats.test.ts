import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { digestNotes, queueDigests } from "../../src/search/digest-notes.ts";
import { countNotes, MAX_COUNTED_TAGS, MAX_GAPS } from "../../src/search/figures.ts";
import { findFigures } from "../../src/search/figures-store.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { MAX_CHART_MONTHS, MAX_STATS_YEARS, statsView } from "../../src/web/stats.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { openNotebook } from "../support/notebook.ts";
import { storeNotes } from "../support/stored-note.ts";

const SETTINGS = { timeZone: "UTC", language: "en" };
const at = (day: string) => `${day}T12:00:00.000Z` as Timestamp;
const tag = (label: string) => ({ name: label.toLowerCase(), label });

/** A site whose notes were looked at and counted. */
async function countedSite() {
  const app = await openNotebook();
  await storeNotes(app.ctx, [
    { slug: "a", publishedAt: at("2025-01-31"), contentText: "one two three", tags: [tag("Sea"), tag("Boats")] },
    { slug: "b", publishedAt: at("2025-03-05"), contentText: "four five", tags: [tag("Sea")] },
    { slug: "c", publishedAt: at("2026-02-28"), contentText: "six" },
    { slug: "hidden", publishedAt: at("2024-01-01"), contentText: "many words here", visibility: "private" },
    { slug: "page", publishedAt: at("2023-01-01"), contentText: "about me", kind: "page" },
  ]);
  await digestNotes(app.ctx);
  await countNotes(app.ctx);
  return app;
}

test("the page of statistics says how many notes and words there are, month by month, in charts and in a table", async () => {
  const { http } = await countedSite();

  const page = await http.get("/stats").expect(200);

  expect(textOf(query(page.text, ".list-head"))).toContain("3 notes with 6 words since January 2025.");
  expect(queryAll(page.text, ".bar-chart svg")).toHaveLength(2);
  expect(queryAll(page.text, ".bar-chart title").map(textOf)).toContain("January 2025: 3");
  expect(queryAll(page.text, ".bar-chart rect")).toHaveLength(2 * 14);
  const cells = queryAll(page.text, ".table-scroll td a").map((link) => [link.attributes.href, textOf(link)]);
  expect(cells).toEqual([
    ["/archive/2026/02", "1"],
    ["/archive/2025/01", "1"],
    ["/archive/2025/03", "1"],
  ]);
  expect(queryAll(page.text, ".used-tags a").map(textOf)).toEqual(["Sea", "Boats"]);
  expect(queryAll(page.text, ".gaps li").map(textOf)).toEqual([
    "360 days March 5, 2025 to February 28, 2026",
    "33 days January 31, 2025 to March 5, 2025",
  ]);
  expect(page.text).not.toContain("style=");
});

test("an author who wants no such page has none: it is not found, and nothing leads to it", async () => {
  const { ctx, http } = await countedSite();
  const before = await http.get("/archive");
  const inSitemap = (await http.get("/sitemap.xml")).text.includes("/stats<");

  await changeSettings(ctx, { statsPage: "off" });

  await http.get("/stats").expect(404);
  expect(before.text).toContain('href="/stats"');
  expect(inSitemap).toBe(true);
  expect((await http.get("/archive")).text).not.toContain('href="/stats"');
  expect((await http.get("/sitemap.xml")).text).not.toContain("/stats<");
});

test("a site without notes, or whose notes nobody has counted yet, has a page that says so", async () => {
  const { http } = await openNotebook();

  const page = await http.get("/stats").expect(200);

  expect(query(page.text, ".nothing")).toBeDefined();
  expect(query(page.text, "svg")).toBeUndefined();
});

test("months are those of the author's zone, and another zone has them counted again", async () => {
  const { ctx } = await countedSite();
  await storeNotes(ctx, [{ slug: "late", publishedAt: "2026-01-31T23:30:00.000Z" as Timestamp }]);

  await digestNotes(ctx);
  await ctx.db.write(() => ctx.db.run("DELETE FROM jobs"));
  await changeSettings(ctx, { timeZone: "Asia/Tokyo" });
  await queueDigests(ctx);
  const queued = listJobs(ctx.db, "notes.count", 10).filter(({ state }) => state === "waiting");
  await countNotes(ctx);

  expect(queued).toHaveLength(1);
  expect(Object.keys(findFigures(ctx.db)?.months ?? {})).toEqual(["2026-02", "2025-03", "2025-01"]);
});

test("the page goes stale with the numbers, and with nothing else", async () => {
  const { ctx, http } = await countedSite();
  const first = await http.get("/stats");
  await storeNotes(ctx, [{ slug: "new" }]);
  const unchanged = await http.get("/stats");

  await countNotes(ctx);
  const counted = await http.get("/stats");

  expect(unchanged.headers.etag).toBe(first.headers.etag);
  expect(counted.text).toContain("4 notes with");
});

test("as many silences and tags are kept as the limits, the largest first", async () => {
  const { ctx } = await openNotebook();
  await storeNotes(
    ctx,
    Array.from({ length: MAX_GAPS + 3 }, (_, index) => ({
      slug: `n${index}`,
      publishedAt: new Date(Date.UTC(2020, 0, 1) + index ** 2 * 86_400_000).toISOString() as Timestamp,
      tags: index === 0 ? Array.from({ length: MAX_COUNTED_TAGS + 1 }, (_tag, number) => tag(`T${number}`)) : [],
    })),
  );

  await countNotes(ctx);

  const { gaps = [], tags = [] } = findFigures(ctx.db) ?? {};
  const days = gaps.map(({ from, to }) => (Date.parse(to) - Date.parse(from)) / 86_400_000);
  expect(days).toEqual([13, 11, 9, 7, 5]);
  expect([gaps.length, tags.length]).toEqual([MAX_GAPS, MAX_COUNTED_TAGS]);
});

test("a chart has as many months as the limit and the table as many years, the newest ones", () => {
  const months = Object.fromEntries(
    Array.from({ length: MAX_STATS_YEARS + 1 }, (_, index) => [`${2100 - index}-06`, { notes: 1, words: 2 }]),
  );

  const view = statsView({ timeZone: "UTC", notes: 1, words: 1, months, gaps: [], tags: [] }, SETTINGS);

  expect(view.notesChart.bars).toHaveLength(MAX_CHART_MONTHS);
  expect([view.notesChart.from, view.notesChart.to]).toEqual(["July 2095", "June 2100"]);
  expect([view.years.length, view.years[0]?.label]).toEqual([MAX_STATS_YEARS, "2100"]);
});

test("numbers and dates are written as the language has them", async () => {
  const { ctx } = (await countedSite()) as { ctx: Context };
  const figures = findFigures(ctx.db);

  const view = statsView({ ...(figures ?? fail()), words: 12_345 }, { ...SETTINGS, language: "de" });

  expect([view.words, view.since, view.gaps[1]?.from]).toEqual(["12.345", "Januar 2025", "31. Januar 2025"]);
});

function fail(): never {
  throw new Error("nothing was counted");
}
