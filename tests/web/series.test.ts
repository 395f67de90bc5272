import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { MAX_SERIES_LENGTH, MAX_SERIES_NOTES, MAX_SERIES_POSITION, seriesOf } from "../../src/notes/series.ts";
import { keepSeries, listSeriesNotes } from "../../src/notes/series-store.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { fillIn, formTo } from "../support/forms.ts";
import { storeNotes } from "../support/stored-note.ts";

const origin = { madeBy: "admin" };

/** Three parts, published in another order than theirs: the third first. */
async function siteWithSeries(): Promise<TestApp> {
  const app = await testApp();
  await createAuthor(app.ctx);
  for (const [index, number] of [3, 1, 2].entries()) {
    const properties = { series: ["Learning Rust"], "series-position": [String(number)] };
    const publishedAt = `2026-02-0${index + 1}T12:00:00.000Z` as Timestamp;
    await publishNote(
      app.ctx,
      { title: `Part ${number}`, slug: `p${number}`, content: "x", properties, publishedAt },
      origin,
    );
  }
  return app;
}

const links = (html: string, selector: string) => queryAll(html, selector).map(({ attributes }) => attributes.href);

test("a permalink says which part it is, and leads to the one before, the one after and all of them", async () => {
  const { http } = await siteWithSeries();

  const { text } = await http.get("/notes/p2").expect(200);
  const first = await http.get("/notes/p1").expect(200);

  expect(textOf(queryAll(text, ".series p")[0])).toBe("Part 2 of 3 of Learning Rust");
  expect(links(text, ".series-previous")).toEqual(["/notes/p1"]);
  expect(links(text, ".series-next")).toEqual(["/notes/p3"]);
  expect(links(text, ".series li a")).toEqual(["/notes/p1", "/notes/p3"]);
  expect(links(first.text, ".series-previous")).toEqual([]);
});

test("a series has a page of its own with its notes in its order, which the sitemap names", async () => {
  const { http } = await siteWithSeries();

  const { text } = await http.get("/series/learning-rust").expect(200);
  const sitemap = await http.get("/sitemap.xml").expect(200);
  await http.get("/series/other").expect(404);

  expect(links(text, ".lines a")).toEqual(["/notes/p1", "/notes/p2", "/notes/p3"]);
  expect(sitemap.text).toContain("<loc>http://blog.example/series/learning-rust</loc>");
});

test("notes without a place come after those that have one, by time; what others may not read is no part", async () => {
  const { ctx, http } = await siteWithSeries();
  const properties = { series: ["learning rust"] };
  await publishNote(ctx, { title: "Later", slug: "later", content: "x", properties }, origin);
  await publishNote(ctx, { title: "Mine", content: "x", properties, visibility: "private" }, origin);
  await publishNote(ctx, { title: "Hidden", slug: "hidden", content: "x", properties, visibility: "unlisted" }, origin);

  const { text } = await http.get("/series/learning-rust").expect(200);
  const hidden = await http.get("/notes/hidden").expect(200);

  expect(links(text, ".lines a")).toEqual(["/notes/p1", "/notes/p2", "/notes/p3", "/notes/later"]);
  expect(queryAll(hidden.text, ".series")).toEqual([]);
});

test("the only note of a series says nothing of it yet", async () => {
  const app = await testApp();
  await createAuthor(app.ctx);
  await publishNote(app.ctx, { content: "x", slug: "one", properties: { series: ["Alone"] } }, origin);

  const { text } = await app.http.get("/notes/one").expect(200);
  await app.http.get("/series/alone").expect(200);

  expect(queryAll(text, ".series")).toEqual([]);
});

test("the parts of a series are made anew exactly when something changes that they show", async () => {
  const { ctx, http } = await siteWithSeries();
  const etag = async () => (await http.get("/notes/p1").expect(200)).headers.etag;
  const revision = () =>
    ctx.db.get<{ revision: number }>("SELECT revision FROM public_changes WHERE key = 'series:learning-rust'")
      ?.revision;
  const before = await etag();
  const unchanged = revision();

  await reviseNote(ctx, 1, { content: "other words", origin });
  const sameText = [await etag(), revision()];
  await reviseNote(ctx, 1, { title: "Part three", origin });
  const renamed = [await etag(), revision()];
  await retractNote(ctx, 1, { origin });
  const { text } = await http.get("/notes/p1");

  expect(sameText).toEqual([before, unchanged]);
  expect(renamed[0]).not.toBe(before);
  expect(renamed[1]).toBeGreaterThan(unchanged ?? 0);
  expect(text).toContain("Part 1 of 2");
});

test("a note that leaves a series, is trashed or erased is no part any more", async () => {
  const { ctx } = await siteWithSeries();
  const slugs = () => listSeriesNotes(ctx.db, "learning-rust").map(({ slug }) => slug);

  await reviseNote(ctx, 1, { properties: {}, origin });
  const left = slugs();
  await trashNote(ctx, 2, origin);
  const trashed = slugs();
  await eraseNote(ctx, 3);

  expect([left, trashed, slugs()]).toEqual([["p1", "p2"], ["p2"], []]);
});

test("the editor has fields for the series, and says what is wrong with them", async () => {
  const app = await testApp();
  await logInAgent(app);
  const { http, ctx } = app;
  const page = { path: "/admin/notes/new", action: "/admin/notes" };

  await fillIn(http, page, { title: "One", content: "x", series: "Learning Rust", series_position: "1.5" });
  const fields = formTo((await http.get("/admin/notes/1")).text, "/admin/notes/1").fields;
  const wrongName = await fillIn(http, page, { content: "x", series: "!!!" });
  const wrongPlace = await fillIn(http, page, { content: "x", series: "A", series_position: "first" });
  await fillIn(http, { path: "/admin/notes/1", action: "/admin/notes/1" }, { series: "", series_position: "" });

  expect(fields).toMatchObject({ series: "Learning Rust", series_position: "1.5" });
  expect(wrongName.text).toContain("A series has a name with letters");
  expect(wrongPlace.text).toContain("The place in a series is a number");
  expect([wrongName.status, wrongPlace.status]).toEqual([422, 422]);
  expect(listSeriesNotes(ctx.db, "learning-rust")).toEqual([]);
});

test.each([
  [{ series: ["a".repeat(MAX_SERIES_LENGTH)] }, "a".repeat(MAX_SERIES_LENGTH)],
  [{ series: ["a".repeat(MAX_SERIES_LENGTH + 1)] }, undefined],
  [{ series: [{ nested: true }] }, undefined],
  [{ series: ["!"] }, undefined],
  [{}, undefined],
])("whatever an app says of a series, it names one or none (%#)", (properties, label) => {
  expect(seriesOf(properties)?.label).toBe(label);
});

test("a place in a series is a number up to its limit, and everything else is none", () => {
  const place = (position: unknown) => seriesOf({ series: ["a"], "series-position": [position] })?.position;

  expect([place("2"), place(2), place("2.5"), place(String(MAX_SERIES_POSITION))]).toEqual([
    2,
    2,
    2.5,
    MAX_SERIES_POSITION,
  ]);
  expect([place(String(MAX_SERIES_POSITION + 1)), place("-1"), place("x"), place(null)]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a series shows as many notes as its limit", async () => {
  const { ctx } = await testApp();
  const notes = await storeNotes(
    ctx,
    Array.from({ length: MAX_SERIES_NOTES + 1 }, () => ({})),
  );
  const place = { name: "long", label: "Long", position: undefined };
  await ctx.db.write(() => {
    for (const { id } of notes) keepSeries(ctx.db, id, place);
  });

  expect(listSeriesNotes(ctx.db, "long")).toHaveLength(MAX_SERIES_NOTES);
});
