import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { FoundRow } from "../../src/search/kept-hits.ts";
import { createKeptHits, MAX_KEPT_CHARACTERS, ROW_CHARACTERS } from "../../src/search/kept-hits.ts";
import { findListedNotes } from "../../src/search/search-aside.ts";
import { HITS_READ, MAX_HITS } from "../../src/search/search-store.ts";
import { testContext } from "../support/context.ts";
import { storeNotes } from "../support/stored-note.ts";

function row(id: number, length: number): FoundRow {
  const nothing = { title: null, published_offset: null, language: null };
  const published_at = "2026-03-01T09:30:00.000Z" as Timestamp;
  return { id, slug: `n${id}`, kind: "note", published_at, ...nothing, content_text: "x".repeat(length), is_listed: 1 };
}

test.each([
  [0, [1, 2]],
  [1, [2]],
])("found notes are kept up to 256 Ki characters; of %i more only the last one stays", (more, kept) => {
  const hits = createKeptHits();
  const half = MAX_KEPT_CHARACTERS / 2 - ROW_CHARACTERS;

  hits.add(row(1, half));
  hits.add(row(2, half + more));

  expect([1, 2].filter((id) => hits.get(id) !== undefined)).toEqual(kept);
});

test("a search that was made before finds what has changed since, and who asks for other words the same notes", async () => {
  const { ctx } = await testContext();
  const notes = Array.from({ length: HITS_READ + 5 }, (_, index) => ({
    slug: `n${index}`,
    contentText: `harbour ${index % 5 === 0 ? "quiet" : "loud"} sea`,
    publishedAt: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString() as Timestamp,
  }));
  await storeNotes(ctx, notes);
  const titles = async (query: string) => (await findListedNotes(ctx.db, query)).hits.map(({ note }) => note.slug);
  const newest = notes.map(({ slug }) => slug).reverse();

  const first = await titles("harbour");
  const other = await titles("loud");
  await ctx.db.write(() => {
    ctx.db.run("UPDATE notes SET slug = 'renamed' WHERE slug = :slug", { slug: newest[0] });
    ctx.db.run("UPDATE notes SET visibility = 'private' WHERE slug = :slug", { slug: newest[1] });
  });

  expect(first).toEqual(newest.slice(0, MAX_HITS));
  const loud = notes.filter(({ contentText }) => contentText.includes("loud")).map(({ slug }) => slug);
  expect(other).toEqual(loud.reverse().slice(0, MAX_HITS));
  expect(await titles("harbour")).toEqual(["renamed", ...newest.slice(2, MAX_HITS + 1)]);
});
