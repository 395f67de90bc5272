import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { SCANNED_CHARACTERS, SCANNED_NOTES } from "../../src/search/scan.ts";
import { findListedNotes, findWrittenNotes } from "../../src/search/search-aside.ts";
import { INDEX_PIECE, indexNewNotes, readIndexState, rebuildSearchIndex } from "../../src/search/search-index.ts";
import { MAX_HITS } from "../../src/search/search-store.ts";
import { testContext } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNotes } from "../support/stored-note.ts";

const DAMAGE = "DELETE FROM note_search_data WHERE id > 10";

/** A database with these notes, whose search index something was done to. */
async function databaseWith(notes: readonly StoredNoteInput[], script: string): Promise<Database> {
  const { ctx } = await testContext();
  await storeNotes(ctx, notes);
  await indexNewNotes(ctx.db);
  const [{ file }] = ctx.db.all("SELECT file FROM pragma_database_list") as [{ file: string }];
  tamper(file, script);
  return Database.open({ file, readers: 1 });
}

test.each([
  ["its pages are gone", DAMAGE],
  ["it is gone", "DROP TABLE note_search_words; DROP TABLE note_search"],
])("where the search index cannot be read, since %s, the newest notes are looked through", async (_what, script) => {
  const tags = [{ name: "deep-sea", label: "Deep Sea" }];
  const db = await databaseWith(
    [
      {
        slug: "photo",
        title: "Crème",
        contentText: "<b>quiet</b> harbour 東京塔",
        kind: "photo",
        tags,
        publishedAt: at(2),
      },
      { slug: "note", contentText: "a loud harbour", publishedAt: at(1) },
      { slug: "hidden", contentText: "harbour", visibility: "private" },
    ],
    script,
  );
  const find = async (query: string) => (await findListedNotes(db, query)).hits.map(({ note }) => note.slug);

  expect(await findListedNotes(db, "harb")).toMatchObject({ isScanned: true, suggestion: undefined, older: undefined });
  const findAll = (queries: readonly string[]) => Promise.all(queries.map(find));
  expect(
    await findAll([
      "harbour",
      "HARB",
      "creme 京",
      "harbour -loud",
      "sea tag:deep-sea",
      "deep -kind:note",
      "harbour arbour",
    ]),
  ).toEqual([["photo", "note"], ["photo", "note"], ["photo"], ["photo"], ["photo"], ["photo"], []]);
  expect(await findAll(["kind:photo harbour year:2026", "tag:deep-sea -year:2026", "harbour -tag:deep-sea"])).toEqual([
    ["photo"],
    [],
    ["note"],
  ]);
  expect((await findListedNotes(db, "quiet")).hits[0]?.excerptHtml).toContain("&lt;b&gt;<mark>quiet</mark>");
  expect((await findWrittenNotes(db, "harbour")).hits).toHaveLength(3);
  expect((await findWrittenNotes(db, "harbour", { status: "draft" })).hits).toEqual([]);
});

test("such a search looks at no more notes than the limit, and the next page goes on there", async () => {
  const notes = Array.from({ length: SCANNED_NOTES + 1 }, (_, index) => ({
    slug: `n${index}`,
    publishedAt: at(index),
  }));
  const [oldest, second, ...others] = notes;
  const db = await databaseWith(
    [{ ...oldest, contentText: "needle old" }, { ...second, contentText: "needle new" }, ...others],
    DAMAGE,
  );

  const first = await findListedNotes(db, "needle");
  const next = await findListedNotes(db, "needle", { before: first.older });

  expect([first, next].map(({ hits }) => hits.map(({ note }) => note.contentText))).toEqual([
    ["needle new"],
    ["needle old"],
  ]);
  expect(next.older).toBeUndefined();
});

test("such a search ends at the note that goes past its limit of characters", async () => {
  const size = 10_000;
  const count = SCANNED_CHARACTERS / size + 1;
  const long = Array.from({ length: count }, (_, index) => ({
    contentText: "x".repeat(size),
    publishedAt: at(index + 1),
  }));
  const db = await databaseWith([{ contentText: "needle", publishedAt: at(0) }, ...long], DAMAGE);

  const first = await findListedNotes(db, "needle");

  expect([first.hits, (await findListedNotes(db, "needle", { before: first.older })).hits.length]).toEqual([[], 1]);
});

test("pages of such a search are full as long as there are hits", async () => {
  const notes = Array.from({ length: MAX_HITS + 1 }, (_, index) => ({ contentText: "needle", publishedAt: at(index) }));
  const db = await databaseWith(notes, DAMAGE);

  const first = await findListedNotes(db, "needle", { order: "relevance", after: "x" });
  const second = await findListedNotes(db, "needle", { before: first.older });

  expect([first.hits.length, second.hits.length]).toEqual([MAX_HITS, 1]);
});

test("a damaged index is made anew in pieces, and the search that failed says so", async () => {
  const notes = Array.from({ length: INDEX_PIECE + 1 }, (_, index) => ({ slug: `n${index}`, contentText: "needle" }));
  const db = await databaseWith(notes, DAMAGE);
  const before = (await findListedNotes(db, "needle")).isScanned;
  const damaged = readIndexState(db);

  const count = await rebuildSearchIndex(db);

  expect([before, damaged, count]).toEqual([true, { isReadable: false }, INDEX_PIECE + 1]);
  expect((await findListedNotes(db, "needle")).isScanned).toBe(false);
  expect(readIndexState(db)).toEqual({ isReadable: true, notes: count, indexed: count });
});

test("an index that lacks a note says so, and notes that are written while it is made anew stand in it once", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{ contentText: "one" }, { contentText: "two", slug: "two" }]);
  await indexNewNotes(ctx.db);
  await ctx.db.write(() => ctx.db.run("DELETE FROM note_search WHERE rowid = 1"));
  const lacking = readIndexState(ctx.db);

  const rebuilt = rebuildSearchIndex(ctx.db);
  await publishNote(ctx, { content: "three" }, { madeBy: "admin" });
  await rebuilt;
  await indexNewNotes(ctx.db);

  expect(lacking).toEqual({ isReadable: true, notes: 2, indexed: 1 });
  expect(readIndexState(ctx.db)).toEqual({ isReadable: true, notes: 3, indexed: 3 });
  for (const word of ["one", "two", "three"]) expect((await findListedNotes(ctx.db, word)).hits).toHaveLength(1);
});

function at(minute: number): Timestamp {
  return new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() as Timestamp;
}
