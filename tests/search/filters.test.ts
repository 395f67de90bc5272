import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { FEW_HITS, RANKED_HITS } from "../../src/search/hit-page.ts";
import { findListedNotes, findWrittenNotes } from "../../src/search/search-aside.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { MAX_HITS } from "../../src/search/search-store.ts";
import { MAX_WRITTEN_HITS } from "../../src/search/written-hits-store.ts";
import { testContext } from "../support/context.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };
const tag = (name: string, label = name) => ({ name, label });

async function filledContext(): Promise<Context> {
  const { ctx } = await testContext();
  await storeNotes(ctx, [
    { slug: "sea", contentText: "quiet sea", tags: [tag("sea"), tag("deep-sea", "Deep Sea")], publishedAt: at("2024") },
    { slug: "photo", contentText: "loud sea", kind: "photo", tags: [tag("sea")], publishedAt: at("2025") },
    {
      slug: "town",
      contentText: "quiet town",
      kind: "article",
      tags: [tag("deep"), tag("sea")],
      publishedAt: at("2026"),
    },
    { slug: "plain", contentText: "quieter", publishedAt: at("2026") },
  ]);
  return ctx;
}

test.each([
  ["tag:sea", ["town", "photo", "sea"]],
  ["TAG:Sea quiet", ["town", "sea"]],
  ['tag:"deep sea"', ["sea"]],
  ["tag:deep-sea", ["sea"]],
  ["tag:#deep", ["town"]],
  ["tag:sea -tag:deep", ["photo", "sea"]],
  ["tag:sea tag:deep", ["town"]],
  ["kind:photo", ["photo"]],
  ["kind:photo kind:article", ["town", "photo"]],
  ["sea -kind:photo", ["town", "sea"]],
  ["year:2026", ["plain", "town"]],
  ["year:2026 -kind:article", ["plain"]],
  ["year:2024 year:2026 -tag:deep", ["plain", "sea"]],
  ["year:2026 -quiet", ["plain"]],
  ["tag:sea -year:2025 quiet -town", ["sea"]],
  ["quie*", ["plain", "town", "sea"]],
  ["quie* tag:sea kind:article year:2026", ["town"]],
  ['"quiet tow"* -year:1999', ["town"]],
  ["qu*", []],
  ["kind:dragon", []],
  ["year:20x6", []],
  ["year:0000 year:99999", []],
  ["-kind:photo", []],
  ["-tag:sea", []],
  ["color:quiet", []],
  ["tag: sea", []],
  ['"tag:sea"', []],
])("readers who ask for %j find %j", async (query, slugs) => {
  const ctx = await filledContext();

  const found = (await findListedNotes(ctx.db, query)).hits.map(({ note }) => note.slug);
  const ranked = (await findListedNotes(ctx.db, query, { order: "relevance" })).hits.map(({ note }) => note.slug);
  const written = (await findWrittenNotes(ctx.db, query)).hits.map(({ slug }) => slug);

  expect(found).toEqual(slugs);
  expect([new Set(ranked), new Set(written)]).toEqual([new Set(slugs), new Set(slugs)]);
});

test("a year is that of the author's calendar, and of a draft that of its last change", async () => {
  const { ctx } = await testContext();
  await ctx.db.write(() =>
    ctx.db.run("INSERT INTO settings (name, value, changed_at) VALUES ('timeZone', '\"Asia/Tokyo\"', '2026')"),
  );
  await storeNotes(ctx, [{ slug: "midnight", publishedAt: "2025-12-31T15:00:00.000Z" as Timestamp }]);
  await saveDraft(ctx, { content: "draft" }, AUTHOR);

  expect((await findListedNotes(ctx.db, "year:2026")).hits).toHaveLength(1);
  expect((await findListedNotes(ctx.db, "year:2025")).hits).toEqual([]);
  expect((await findWrittenNotes(ctx.db, "year:2026")).hits).toHaveLength(2);
});

test.each<[string, number, "newest" | "relevance"]>([
  ["few hits, the newest first", 2 * MAX_HITS + 5, "newest"],
  ["few hits, the best first", 2 * MAX_HITS + 5, "relevance"],
  ["more hits than are sorted", FEW_HITS + 1, "newest"],
])("pages lead through %s and back, and each hit stands on one of them", async (_what, count, order) => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: count }, (_, index) => needle(index)),
  );
  const find = (place: { before?: string | undefined; after?: string | undefined }) =>
    findListedNotes(ctx.db, "needle", { order, ...place });

  const pages = [await find({})];
  for (let page = pages[0]; page?.older !== undefined; page = pages.at(-1))
    pages.push(await find({ before: page.older }));
  const back = await Promise.all(pages.slice(1).map(({ newer }) => find({ after: newer })));

  const slugs = pages.flatMap(({ hits }) => hits.map(({ note }) => note.slug));
  expect([slugs.length, new Set(slugs).size]).toEqual([count, count]);
  expect(pages[0]?.newer).toBeUndefined();
  expect(back.map(({ hits }) => hits)).toEqual(pages.slice(0, -1).map(({ hits }) => hits));
});

test("pages have every hit in its place, whoever was moved in time or may not be seen", async () => {
  const count = FEW_HITS + 3 * MAX_HITS;
  const index = fc.nat({ max: count - 1 });
  const changes = fc.record({
    moved: fc.array(fc.tuple(index, index), { maxLength: 3 }),
    hidden: fc.uniqueArray(index, { maxLength: 30 }),
  });

  await fc.assert(
    fc.asyncProperty(changes, async ({ moved, hidden }) => {
      const { ctx } = await testContext();
      const minutes = Array.from({ length: count }, (_, minute) => minute);
      for (const [from, to] of moved) minutes.splice(to, 0, ...minutes.splice(from, 1));
      await storeNotes(
        ctx,
        minutes.map((minute, place) => ({
          ...needle(minute),
          visibility: hidden.includes(place) ? ("private" as const) : ("public" as const),
        })),
      );

      const found: string[] = [];
      for (let page = await findListedNotes(ctx.db, "needle"); ; ) {
        found.push(...page.hits.map(({ note }) => note.slug));
        if (page.older === undefined) break;
        page = await findListedNotes(ctx.db, "needle", { before: page.older });
      }

      const listed = minutes.filter((_, place) => !hidden.includes(place));
      expect(found).toEqual(listed.sort((one, other) => other - one).map((minute) => `n${minute}`));
    }),
    { numRuns: 6 },
  );
});

test("the author's hits have pages too, last changed first", async () => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: MAX_WRITTEN_HITS + 1 }, (_, index) => needle(index)),
  );

  const first = await findWrittenNotes(ctx.db, "needle");
  const second = await findWrittenNotes(ctx.db, "needle", { before: first.older });
  const again = await findWrittenNotes(ctx.db, "needle", { after: second.newer });

  expect([first.hits.length, second.hits.length, second.older]).toEqual([MAX_WRITTEN_HITS, 1, undefined]);
  expect(again.hits).toEqual(first.hits);
});

test("the best hits come first when asked for, of the newest thousand", async () => {
  const { ctx } = await testContext();
  const notes = Array.from({ length: RANKED_HITS }, (_, index) => needle(index));
  const best = { contentText: "x", title: "Needle", publishedAt: at("2019"), slug: "best" };
  await storeNotes(ctx, [{ ...best, slug: "too-old", publishedAt: at("2018") }, best, ...notes.slice(1)]);
  await indexNewNotes(ctx.db);

  const found = (await findListedNotes(ctx.db, "needle", { order: "relevance" })).hits.map(({ note }) => note.slug);
  const newest = (await findListedNotes(ctx.db, "needle")).hits.map(({ note }) => note.slug);

  expect(found[0]).toBe("best");
  expect(found).not.toContain("too-old");
  expect(newest).not.toContain("best");
});

test.each(["x", "99999999T999999999-1", "20260301T093000000-42", "0000000000000001-2", "-", "%00"])(
  "the place %j leads to a page, whatever it is",
  async (place) => {
    const ctx = await filledContext();

    for (const order of ["newest", "relevance"] as const) {
      expect((await findListedNotes(ctx.db, "quiet", { order, before: place })).hits.length).toBeGreaterThan(0);
      expect((await findListedNotes(ctx.db, "year:2026", { order, after: place })).hits.length).toBeGreaterThan(0);
      expect((await findWrittenNotes(ctx.db, "quiet", { order, after: place })).hits.length).toBeGreaterThan(0);
    }
  },
);

test("Korean, Thai, Chinese and Japanese are found by one character", async () => {
  const { ctx } = await testContext();
  for (const content of ["한국은 좋다", "ภาษาไทย", "東京塔", "カメラ"]) await publishNote(ctx, { content }, AUTHOR);

  for (const query of ["한", "ไ", "京", "メ"])
    expect((await findListedNotes(ctx.db, query)).hits, query).toHaveLength(1);
});

function needle(index: number): StoredNoteInput {
  return { contentText: "a needle", slug: `n${index}`, publishedAt: at("2020", index) };
}

function at(year: string, minute = 0): Timestamp {
  return new Date(Date.UTC(Number(year), 5, 1, 0, minute)).toISOString() as Timestamp;
}
