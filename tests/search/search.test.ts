import fc from "fast-check";
import { parseFragment } from "parse5";
import { expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { NoteStatus } from "../../src/notes/note.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { EXCERPT_LENGTH, MAX_EXCERPT_DEPTH, markedExcerptHtml, markedHtml } from "../../src/search/excerpt.ts";
import { findListedNotes, findWrittenNotes } from "../../src/search/search-aside.ts";
import { HITS_READ, MAX_HITS } from "../../src/search/search-store.ts";
import { MAX_WRITTEN_HITS } from "../../src/search/written-hits-store.ts";
import { testContext } from "../support/context.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

test("a note is found by words of its title, text and tags, without regard to case and accents", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "The quick brown fox", title: "Crème brûlée", tags: ["Desserts"] }, AUTHOR);

  for (const query of ["QUICK", "creme", "dessert", '"brown fox"', "quick bru"]) {
    expect(await listedHits(ctx.db, query), query).toHaveLength(1);
  }
  for (const query of ["fox -quick", '"fox brown"', "slow", ""]) {
    expect(await listedHits(ctx.db, query), query).toHaveLength(0);
  }
});

test("a note in Chinese is found by two of its characters", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "我今天去了東京塔" }, AUTHOR);

  const [hit] = await listedHits(ctx.db, "東京");

  expect(hit?.excerptHtml).toBe("我今天去了<mark>東京</mark>塔");
});

test.each([
  ["我今天去了東京塔", "東京", "京東"],
  ["วันนี้อากาศดีมาก", "อากาศ", "ฝนตก"],
  ["これはメモです", "メモ", "モメ"],
  ["हिन्दी में लिखा", "हिन्दी", "हिन्दु"],
  ["مرحبا بالعالم", "بالعالم", "العالم"],
  ["שלום עולם", "עול", "לום"],
  ["emoji 🎉 party", "🎉 party", "🎉 no"],
  ["𠮷野家へ行った", "𠮷野", "野𠮷"],
])("in %j readers find %j, but not %j", async (content, found, missing) => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content, slug: "x" }, AUTHOR);

  expect(await listedHits(ctx.db, found)).toHaveLength(1);
  expect(await listedHits(ctx.db, missing)).toHaveLength(0);
});

test("characters of scripts without spaces are found in titles and tags, left out by a minus, and follow the text", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "京都 one", title: "東京塔", tags: ["大阪城"] }, AUTHOR);

  const queries = ["京塔", "阪城", "都東", "one -京都", "one -名古屋"];
  const before = await Promise.all(queries.map(async (query) => (await listedHits(ctx.db, query)).length));
  await reviseNote(ctx, note.id, { content: "two", title: "", tags: [], origin: AUTHOR });

  expect(before).toEqual([1, 1, 0, 0, 1]);
  expect(await listedHits(ctx.db, "東京")).toEqual([]);
  expect(await listedHits(ctx.db, "two")).toHaveLength(1);
});

test("a phrase in quotation marks is meant as it stands, the last word without them as a beginning", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "brown foxes" }, AUTHOR);

  expect(await listedHits(ctx.db, '"brown fox"')).toHaveLength(0);
  expect(await listedHits(ctx.db, "brown fox")).toHaveLength(1);
});

test("a tag is found by its label and as a hashtag", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "x", tags: ["Web Dev"] }, AUTHOR);

  for (const query of ["web dev", "#web-dev", "#WebDev -x", "Dev"]) {
    expect(await listedHits(ctx.db, query), query).toHaveLength(query.includes("-x") ? 0 : 1);
  }
});

test("the author finds notes of one status when asked for it", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "needle public" }, AUTHOR);
  await saveDraft(ctx, { content: "needle draft" }, AUTHOR);

  expect((await writtenHits(ctx.db, "needle", "draft")).map((note) => note.content)).toEqual(["needle draft"]);
});

test("readers find only listed notes, the author every note that is not erased", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "needle public" }, AUTHOR);
  await publishNote(ctx, { content: "needle unlisted", visibility: "unlisted" }, AUTHOR);
  await publishNote(ctx, { content: "needle private", visibility: "private" }, AUTHOR);
  await saveDraft(ctx, { content: "needle draft" }, AUTHOR);
  const trashed = await publishNote(ctx, { content: "needle trashed" }, AUTHOR);
  await trashNote(ctx, trashed.id, AUTHOR);

  expect((await listedHits(ctx.db, "needle")).map((hit) => hit.note.contentText)).toEqual(["needle public"]);
  expect(await writtenHits(ctx.db, "needle")).toHaveLength(5);
});

test("hits come newest first, and no more than the limit", async () => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: MAX_HITS + 1 }, (_, index) => ({ contentText: `needle ${index}`, slug: `n${index}` })),
  );
  await storeNotes(
    ctx,
    Array.from({ length: MAX_WRITTEN_HITS + 1 }, (_, index) => ({
      contentText: "needle",
      slug: `draft${index}`,
      status: "draft" as const,
    })),
  );

  const hits = await listedHits(ctx.db, "needle");
  const written = await writtenHits(ctx.db, "needle", "draft");

  expect(hits).toHaveLength(MAX_HITS);
  expect(hits[0]?.note.contentText).toBe(`needle ${MAX_HITS}`);
  expect(written).toHaveLength(MAX_WRITTEN_HITS);
});

test("hits come newest first whatever the order in which they were written, and whoever may see the others", async () => {
  const count = HITS_READ + 20;
  const orders = fc.record({
    days: fc.shuffledSubarray(
      Array.from({ length: count }, (_, day) => day),
      { minLength: count },
    ),
    moved: fc.nat({ max: 10 }),
    hidden: fc.uniqueArray(fc.nat({ max: count - 1 }), { maxLength: 15 }),
  });

  await fc.assert(
    fc.asyncProperty(orders, async ({ days, moved, hidden }) => {
      const { ctx } = await testContext();
      // In order but for the first few, which were moved in time.
      const times = [...days.slice(0, moved), ...days.slice(moved).sort((one, other) => one - other)].map(timeOfDay);
      await storeNotes(
        ctx,
        times.map((publishedAt, index) => ({
          contentText: "needle",
          slug: `n${index}`,
          publishedAt,
          visibility: hidden.includes(index) ? ("private" as const) : ("public" as const),
        })),
      );

      const found = (await listedHits(ctx.db, "needle")).map(({ note }) => note.publishedAt);

      const listed = times.filter((_time, index) => !hidden.includes(index));
      expect(found).toEqual(listed.sort().reverse().slice(0, MAX_HITS));
    }),
    { numRuns: 20 },
  );
});

test("words that begin with the last one are found too, unless whole words fill the page", async () => {
  const { ctx } = await testContext();
  const store = (word: string, count: number) =>
    storeNotes(
      ctx,
      Array.from({ length: count }, (_, index) => ({ contentText: word, slug: `${word}${index}` })),
    );
  await store("fox", MAX_HITS - 1);
  await store("foxes", 1);

  const before = (await listedHits(ctx.db, "fox")).map((hit) => hit.note.contentText);
  await ctx.db.write(() => ctx.db.run("UPDATE notes SET content_text = 'fox' WHERE slug = 'foxes0'"));
  await store("foxy", 1);
  const after = (await listedHits(ctx.db, "fox")).map((hit) => hit.note.contentText);

  expect(before).toContain("foxes");
  expect(new Set(after)).toEqual(new Set(["fox"]));
});

test("markup in a note is text in its excerpt, and only hits are marked", () => {
  const html = markedExcerptHtml('<script>alert("needle")</script> & more', ["needle"]);

  expect(html).toBe("&lt;script&gt;alert(&quot;<mark>needle</mark>&quot;)&lt;/script&gt; &amp; more");
});

test.each([
  ["Crème brûlée", ["creme", "BRULEE"], "<mark>Crème</mark> <mark>brûlée</mark>"],
  ["e\u0301te\u0301 été", ["ete"], "<mark>e\u0301te\u0301</mark> <mark>été</mark>"],
  ["İSTANBUL is istanbul", ["istanbul"], "<mark>İSTANBUL</mark> is <mark>istanbul</mark>"],
  ["скот, Кот и коты", ["кот"], "скот, <mark>Кот</mark> и <mark>коты</mark>"],
  ["한국은 좋다", ["한국"], "<mark>한국은</mark> 좋다"],
  ["हिन्दी में", ["हिन्दी"], "<mark>हिन्दी</mark> में"],
  ["วันนี้อากาศดี", ["อากาศ"], "วันนี้<mark>อากาศ</mark>ดี"],
  ["𠮷野家へ 𝒳needle needle", ["野家", "needle"], "𠮷<mark>野家</mark>へ 𝒳needle <mark>needle</mark>"],
  ["foxes foxy afox", ["fox", "foxy"], "<mark>foxes</mark> <mark>foxy</mark> afox"],
  ["\u0301", ["\u0301"], "\u0301"],
])("in %j the words %j are marked as the index finds them", (text, terms, html) => {
  expect(markedHtml(text, terms)).toBe(html);
});

test("an excerpt is one line, however its text is laid out", () => {
  const html = markedExcerptHtml(`\n one \n\n\ttwo   needle\r\n${"  three  \n".repeat(40)}`, ["needle"]);

  expect(html).toMatch(/^one two <mark>needle<\/mark> (?:three )+three…$/u);
});

test("an excerpt shows the surroundings of the first hit", () => {
  const html = markedExcerptHtml(`${"before ".repeat(100)}needle ${"after ".repeat(100)}`, ["needle"]);

  expect(html).toMatch(/^…before .*<mark>needle<\/mark> after .*…$/u);
  expect(html.replace(/<[^>]+>/gu, "").length).toBeLessThanOrEqual(EXCERPT_LENGTH + 45);
});

test("the first hit is looked for as far into a text as the limit, and the beginning shown past it", () => {
  const padding = (length: number) => "x ".repeat(length / 2);

  const near = markedExcerptHtml(`${padding(MAX_EXCERPT_DEPTH - 6)}needle`, ["needle"]);
  const far = markedExcerptHtml(`${padding(MAX_EXCERPT_DEPTH)}needle`, ["needle"]);

  expect(near).toMatch(/^…x .*<mark>needle<\/mark>$/u);
  expect(far).toMatch(/^x x [x ]+…$/u);
});

test("no query whatsoever fails or makes markup other than <mark>", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "a <b> \" ' & needle 東京 *" }, AUTHOR);
  const property = fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (query) => {
    await listedHits(ctx.db, query);
    await writtenHits(ctx.db, query);
    const fragment = parseFragment(markedHtml(query, [query.slice(0, 3), "a"]));
    return fragment.childNodes.every((node) => node.nodeName === "#text" || node.nodeName === "mark");
  });

  expect(await fc.check(property, { numRuns: 300 })).toMatchObject({ failed: false });
});

function timeOfDay(day: number): Timestamp {
  return new Date(Date.UTC(2026, 0, 1 + day)).toISOString() as Timestamp;
}

async function listedHits(db: Database, query: string) {
  return (await findListedNotes(db, query)).hits;
}

async function writtenHits(db: Database, query: string, status: NoteStatus | "all" = "all") {
  return (await findWrittenNotes(db, query, { status })).hits;
}
