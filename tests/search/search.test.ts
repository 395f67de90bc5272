import fc from "fast-check";
import { parseFragment } from "parse5";
import { expect, test } from "vitest";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { EXCERPT_LENGTH, markedExcerptHtml, markedHtml } from "../../src/search/excerpt.ts";
import { searchListedNotes, searchWrittenNotes } from "../../src/search/search.ts";
import { MAX_HITS } from "../../src/search/search-store.ts";
import { testContext } from "../support/context.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

test("a note is found by words of its title, text and tags, without regard to case and accents", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "The quick brown fox", title: "Crème brûlée", tags: ["Desserts"] }, AUTHOR);

  for (const query of ["QUICK", "creme", "dessert", '"brown fox"', "quick bru"]) {
    expect(searchListedNotes(ctx.db, query), query).toHaveLength(1);
  }
  for (const query of ["fox -quick", '"fox brown"', "slow", ""]) {
    expect(searchListedNotes(ctx.db, query), query).toHaveLength(0);
  }
});

test("a note in Chinese is found by two of its characters", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "我今天去了東京塔" }, AUTHOR);

  const [hit] = searchListedNotes(ctx.db, "東京");

  expect(hit?.excerptHtml).toBe("我今天去了<mark>東京</mark>塔");
});

test("readers find only listed notes, the author every note that is not erased", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "needle public" }, AUTHOR);
  await publishNote(ctx, { content: "needle unlisted", visibility: "unlisted" }, AUTHOR);
  await publishNote(ctx, { content: "needle private", visibility: "private" }, AUTHOR);
  await saveDraft(ctx, { content: "needle draft" }, AUTHOR);
  const trashed = await publishNote(ctx, { content: "needle trashed" }, AUTHOR);
  await trashNote(ctx, trashed.id, AUTHOR);

  expect(searchListedNotes(ctx.db, "needle").map((hit) => hit.note.content)).toEqual(["needle public"]);
  expect(searchWrittenNotes(ctx.db, "needle")).toHaveLength(5);
});

test("hits come newest first, and no more than the limit", async () => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: MAX_HITS + 1 }, (_, index) => ({ contentText: `needle ${index}`, slug: `n${index}` })),
  );

  const hits = searchListedNotes(ctx.db, "needle");

  expect(hits).toHaveLength(MAX_HITS);
  expect(hits[0]?.note.contentText).toBe(`needle ${MAX_HITS}`);
});

test("markup in a note is text in its excerpt, and only hits are marked", () => {
  const html = markedExcerptHtml('<script>alert("needle")</script> & more', ["needle"]);

  expect(html).toBe("&lt;script&gt;alert(&quot;<mark>needle</mark>&quot;)&lt;/script&gt; &amp; more");
});

test("an excerpt shows the surroundings of the first hit", () => {
  const html = markedExcerptHtml(`${"before ".repeat(100)}needle ${"after ".repeat(100)}`, ["needle"]);

  expect(html).toMatch(/^…before .*<mark>needle<\/mark> after .*…$/u);
  expect(html.replace(/<[^>]+>/gu, "").length).toBeLessThanOrEqual(EXCERPT_LENGTH + 45);
});

test("no query whatsoever fails or makes markup other than <mark>", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "a <b> \" ' & needle 東京 *" }, AUTHOR);
  const property = fc.property(fc.string({ unit: "binary", maxLength: 300 }), (query) => {
    searchListedNotes(ctx.db, query);
    searchWrittenNotes(ctx.db, query);
    const fragment = parseFragment(markedHtml(query, [query.slice(0, 3), "a"]));
    return fragment.childNodes.every((node) => node.nodeName === "#text" || node.nodeName === "mark");
  });

  expect(fc.check(property, { numRuns: 300 })).toMatchObject({ failed: false });
});
