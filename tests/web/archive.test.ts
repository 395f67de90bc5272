import fc from "fast-check";
import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds, toTimestamp } from "../../src/lib/clock.ts";
import { timeZones } from "../../src/lib/time-zone.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { DEFAULT_SETTINGS } from "../../src/site/settings.ts";
import { listArchiveYears, parsePeriod } from "../../src/web/archive.ts";
import { MONTH_NOTES_PER_PAGE } from "../../src/web/calendar.ts";
import { MAX_ARCHIVE_TAGS } from "../../src/web/routes/archive.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { query, queryAll } from "../support/dom.ts";
import { storeNote, storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };
const LATEST = Date.UTC(2200, 0, 1);

async function readyApp() {
  const app = await testApp();
  await createAuthor(app.ctx);
  return app;
}

const zone = fc.constantFrom(...timeZones(), "Pacific/Kiritimati", "Etc/GMT+12", "Europe/Dublin", "America/Asuncion");
// At the turn of a month clocks disagree most.
const turn = fc
  .tuple(fc.integer({ min: 1850, max: 2199 }), fc.nat({ max: 11 }), fc.integer({ min: -100_000, max: 100_000 }))
  .map(([year, month, seconds]) => addSeconds(toTimestamp(Date.UTC(year, month, 1)), seconds));
const moment = fc.oneof(turn, fc.integer({ min: -LATEST, max: LATEST }).map(toTimestamp));

test("every note is in exactly one month of the archive, which its page lists, in whatever zone and century", async () => {
  const { ctx } = await testContext();

  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(moment, { minLength: 1, maxLength: 6 }), zone, async (moments, timeZone) => {
      await ctx.db.write(() => ctx.db.run("DELETE FROM note_tags"));
      await ctx.db.write(() => ctx.db.run("DELETE FROM notes"));
      await storeNotes(
        ctx,
        moments.map((publishedAt) => ({ publishedAt })),
      );
      const settings = { ...DEFAULT_SETTINGS, timeZone };

      const years = listArchiveYears(ctx.db, settings);

      const months = years.flatMap((year) => year.months);
      expect(months.reduce((sum, month) => sum + month.count, 0)).toBe(moments.length);
      expect(years.reduce((sum, year) => sum + year.count, 0)).toBe(moments.length);
      for (const { path, count } of months) {
        const [, , year = "", month] = path.split("/");
        const span = parsePeriod(year, month, settings);
        expect(moments.filter((at) => span && at >= span.from && at < span.to)).toHaveLength(count);
      }
    }),
    { numRuns: 150 },
  );
});

test.each([
  ["2026", undefined, true],
  ["2026", "03", true],
  ["0987", "12", true],
  ["9999", "12", true],
  ["9999", undefined, true],
  ["0000", undefined, false],
  ["26", undefined, false],
  ["2026", "3", false],
  ["2026", "00", false],
  ["2026", "13", false],
  ["2026", "1a", false],
  ["02026", undefined, false],
])("whether %s/%s is a period is %s", (year, month, expected) => {
  expect(parsePeriod(year, month, DEFAULT_SETTINGS) !== undefined).toBe(expected);
});

test("years without notes cost nothing, however many lie between two dates", async () => {
  const { ctx, http } = await readyApp();
  await storeNotes(ctx, [
    { slug: "old", publishedAt: "0987-05-01T12:00:00.000Z" as Timestamp },
    { slug: "new" },
    { slug: "far", publishedAt: "9999-12-01T12:00:00.000Z" as Timestamp },
  ]);

  const page = await http.get("/archive").expect(200);

  const links = queryAll(page.text, ".year a").map((link) => link.attributes.href ?? "");
  expect(links).toEqual([
    "/archive/9999",
    "/archive/9999/12",
    "/archive/2026",
    "/archive/2026/03",
    "/archive/0987",
    "/archive/0987/05",
  ]);
  for (const link of links) await http.get(link).expect(200);
});

test("a month with more notes than a page lists leads on to the rest, and back", async () => {
  const { ctx, http } = await readyApp();
  const first = "2026-02-10T00:00:00.000Z" as Timestamp;
  await storeNotes(
    ctx,
    Array.from({ length: MONTH_NOTES_PER_PAGE + 1 }, (_, index) => ({
      slug: `n${index}`,
      publishedAt: addSeconds(first, index),
    })),
  );
  await storeNote(ctx, { slug: "another-month", publishedAt: "2026-01-10T00:00:00.000Z" as Timestamp });

  const page = await http.get("/archive/2026/02").expect(200);
  const next = await http.get(query(page.text, "link[rel=next]")?.attributes.href ?? "").expect(200);

  expect(queryAll(page.text, ".line")).toHaveLength(MONTH_NOTES_PER_PAGE);
  expect(queryAll(next.text, ".line a").map((link) => link.attributes.href)).toEqual(["/notes/n0"]);
  expect(query(next.text, "link[rel=next]")).toBeUndefined();
  const back = await http.get(query(next.text, "link[rel=prev]")?.attributes.href ?? "").expect(200);
  expect(queryAll(back.text, ".line a")[0]?.attributes.href).toBe(`/notes/n${MONTH_NOTES_PER_PAGE}`);
  expect(query(back.text, "link[rel=prev]")).toBeUndefined();
});

test("the archive lists as many tags as the limit, those that are used most", async () => {
  const { ctx, http } = await readyApp();
  const tags = Array.from({ length: MAX_ARCHIVE_TAGS + 1 }, (_, index) => `t${String(index).padStart(4, "0")}`);
  await storeNotes(
    ctx,
    tags.map((name) => ({ slug: `n-${name}`, tags: [{ name, label: name }] })),
  );
  await storeNote(ctx, { slug: "last", tags: [{ name: tags.at(-1) ?? "", label: "Most used" }] });

  const page = await http.get("/archive").expect(200);

  const listed = queryAll(page.text, ".all-tags .tags a").map((link) => link.attributes.href);
  expect(listed).toHaveLength(MAX_ARCHIVE_TAGS);
  expect(listed.at(-1)).toBe(`/tags/${tags.at(-1)}`);
  expect(listed).not.toContain(`/tags/${tags.at(-2)}`);
  expect(page.text).toContain("Most used");
});

test.each(["/archive/2009/my-old-post", "/archive/hello", "/archive/2009/13", "/tags/old-page"])(
  "the old path %s leads to its note, although the archive and tags lie there too",
  async (path) => {
    const { ctx, http } = await readyApp();
    await publishNote(ctx, { content: "x", slug: "moved", aliases: [path] }, AUTHOR);

    expect((await http.get(path).expect(301)).headers.location).toBe("/notes/moved");
    expect((await http.get(`${path}-not`)).status).toBe(404);
  },
);
