import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createToken } from "../../src/auth/tokens.ts";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { eraseNote } from "../../src/notes/trash.ts";
import { findListedNotes, findListedNow, findWrittenNotes } from "../../src/search/search-aside.ts";
import {
  INDEX_PIECE,
  indexNewNotes,
  isIndexBehind,
  MAX_AWAITED_NOTES,
  readIndexState,
} from "../../src/search/search-index.ts";
import { emptySearchIndex, findIndexPlace, indexWaitingNotes } from "../../src/search/search-index-store.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";
import { copyMigrations } from "../support/database-files.ts";
import { openLocked } from "../support/locked-database.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

/** Ids of the notes that the index has, each as often as it has it. */
function indexed(db: Database, word: string): number[] {
  const sql = "SELECT doc AS id FROM note_search_words WHERE term = :word ORDER BY doc";
  return db.all<{ id: number }>(sql, { word }).map(({ id }) => id);
}

/** How many notes and words the index has counted: a note that came twice is counted twice, and found once. */
function sumsOf(db: Database): unknown {
  return db.get("SELECT hex(block) AS sums FROM note_search_data WHERE id = 1");
}

/** Rejects where the index disagrees with itself. */
function checkIndex(db: Database): Promise<unknown> {
  return db.write(() => db.run("INSERT INTO note_search (note_search) VALUES ('integrity-check')"));
}

/** What is found of listed notes, as their slugs. */
async function find(db: Database, text: string): Promise<string[]> {
  return (await findListedNotes(db, text)).hits.map(({ note }) => note.slug);
}

function needles(count: number): StoredNoteInput[] {
  return Array.from({ length: count }, (_, index) => ({
    slug: `n${index}`,
    contentText: "needle",
    publishedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString() as Timestamp,
  }));
}

/** The file of a site, opened as another process would. */
function openBeside({ db }: Pick<Context, "db">): Database {
  const beside = Database.open({ file: db.file, readers: 1 });
  onTestFinished(() => beside.close());
  return beside;
}

test("a note is found as soon as its 201 is there, though nothing but the request has run", async () => {
  const { ctx, port } = await testApp();
  await createAuthor(ctx);
  const { token } = await createToken(ctx, { scope: "create", clientId: "https://app.example/" });
  const site = `http://127.0.0.1:${port}`;
  const headers = { "Content-Type": "application/x-www-form-urlencoded", Authorization: `Bearer ${token}` };

  const { status } = await fetch(`${site}/micropub`, {
    method: "POST",
    headers,
    body: "h=entry&content=quiet+harbour",
  });
  const before = indexed(ctx.db, "harbour");
  const page = await (await fetch(`${site}/search?q=harbour`)).text();

  expect([status, before]).toEqual([201, []]);
  expect(page).toContain("quiet <mark>harbour</mark>");
});

test("a search that need not wait is answered at once, and one that has to is handed over until it has waited", async () => {
  const { ctx } = await testContext();
  const before = findListedNow(ctx.db, "harbour")?.hits;
  await publishNote(ctx, { content: "harbour", slug: "one" }, AUTHOR);

  const waiting = [findListedNow(ctx.db, "harbour"), findListedNow(ctx.db, "")?.hits];
  const found = await find(ctx.db, "harbour");

  expect([before, waiting, found]).toEqual([[], [undefined, []], ["one"]]);
  expect(findListedNow(ctx.db, "harbour")?.hits).toHaveLength(1);
});

test("the author finds a draft as soon as it is saved", async () => {
  const { ctx } = await testContext();
  await saveDraft(ctx, { content: "harbour", slug: "draft" }, AUTHOR);

  const { hits } = await findWrittenNotes(ctx.db, "harbour");

  expect(hits.map(({ slug }) => slug)).toEqual(["draft"]);
});

test("a note that was revised before it was indexed is found as it is now, and stands in the index once", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "harbour pier", slug: "one" }, AUTHOR);
  await reviseNote(ctx, note.id, { content: "lighthouse pier", origin: AUTHOR });
  const before = indexed(ctx.db, "pier");

  const found = [await find(ctx.db, "harbour"), await find(ctx.db, "lighthouse")];

  expect([before, found, indexed(ctx.db, "pier")]).toEqual([[], [[], ["one"]], [note.id]]);
  await reviseNote(ctx, note.id, { content: "boat", origin: AUTHOR });
  expect([indexed(ctx.db, "pier"), indexed(ctx.db, "boat")]).toEqual([[], [note.id]]);
});

test("a note that was erased before it was indexed never comes into the index, and those after it do", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "harbour" }, AUTHOR);
  await publishNote(ctx, { content: "harbour", slug: "two" }, AUTHOR);
  await eraseNote(ctx, note.id);

  const found = await find(ctx.db, "harbour");

  expect([found, indexed(ctx.db, "harbour")]).toEqual([["two"], [note.id + 1]]);
  expect(readIndexState(ctx.db)).toEqual({ isReadable: true, notes: 1, indexed: 1 });
});

test("a search waits for as many notes as the limit, and finds what is there so far while one more waits", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, [
    { slug: "early", contentText: "needle", publishedAt: "2025-01-01T00:00:00.000Z" as Timestamp },
  ]);
  await indexNewNotes(ctx.db);
  const [last, ...others] = needles(MAX_AWAITED_NOTES + 1).reverse();

  await storeNotes(ctx, [last ?? {}, ...others]);
  const tooMany = [await find(ctx.db, "needle"), findListedNow(ctx.db, "needle")?.hits.length, isIndexBehind(ctx.db)];
  await ctx.db.write(() => indexWaitingNotes(ctx.db, 1));
  const atTheLimit = isIndexBehind(ctx.db);
  const found = await find(ctx.db, "needle");

  expect(tooMany).toEqual([["early"], 1, false]);
  expect([atTheLimit, found.slice(0, 2), found.length]).toEqual([true, [last?.slug, others[0]?.slug], 20]);
  expect(indexed(ctx.db, "needle")).toHaveLength(MAX_AWAITED_NOTES + 2);
});

test("two processes that index at once index each note once", async () => {
  const { ctx } = await testContext();
  const beside = openBeside(ctx);
  const notes = await storeNotes(ctx, needles(4 * INDEX_PIECE + 1));

  await Promise.all([indexNewNotes(ctx.db), indexNewNotes(beside), indexNewNotes(ctx.db), indexNewNotes(beside)]);

  expect(indexed(ctx.db, "needle")).toEqual(notes.map(({ id }) => id));
  expect(findIndexPlace(beside)).toBe(notes.at(-1)?.id);
  await checkIndex(ctx.db);
  const sums = sumsOf(ctx.db);
  await ctx.db.write(() => {
    emptySearchIndex(ctx.db);
    indexWaitingNotes(ctx.db, notes.length);
  });
  expect(sums).toEqual(sumsOf(ctx.db));
});

test("one write indexes as many notes as a piece has, and no more, so that others have their turn", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, needles(2 * INDEX_PIECE));
  const counts: number[] = [];

  const indexing = indexNewNotes(ctx.db);
  const counting = ctx.db.write(() => counts.push(indexed(ctx.db, "needle").length));
  await Promise.all([indexing, counting]);

  expect(counts).toEqual([INDEX_PIECE]);
});

test("an index that is marked as damaged takes no notes, and no search waits for it", async () => {
  const { ctx } = await testContext();
  await ctx.db.write(() => ctx.db.run("INSERT INTO search_index_damage (found_at) VALUES ('2026')"));
  await publishNote(ctx, { content: "harbour", slug: "one" }, AUTHOR);

  // First: who waited for it would wait for ever.
  expect(isIndexBehind(ctx.db)).toBe(false);
  await indexNewNotes(ctx.db);
  await ctx.db.write(() => indexWaitingNotes(ctx.db, INDEX_PIECE));

  expect([indexed(ctx.db, "harbour"), findIndexPlace(ctx.db)]).toEqual([[], 0]);
  expect(await findListedNotes(ctx.db, "harbour")).toMatchObject({
    isScanned: true,
    hits: [{ note: { slug: "one" } }],
  });
});

test("where the index cannot be written, a search finds what it has", async () => {
  const { ctx, dir } = await testContext();
  await publishNote(ctx, { content: "harbour", slug: "one" }, AUTHOR);
  await indexNewNotes(ctx.db);
  await publishNote(ctx, { content: "harbour", slug: "two" }, AUTHOR);
  const db = openLocked(dir);

  const listed = await find(db, "harbour");
  const written = (await findWrittenNotes(db, "harbour")).hits.map(({ slug }) => slug);

  expect([listed, written]).toEqual([["one"], ["one"]]);
  expect(isIndexBehind(db)).toBe(true);
});

test("a site of the version before keeps the index that it has, and new notes come after it", async () => {
  const file = join(testFolder(), "starpunk.db");
  const clock = () => NOW;
  // As it was before 042, when a trigger put each new note into the index.
  await migrate({ file, clock, folder: copyMigrations(testFolder(), 41) });
  const old = Database.open({ file, readers: 1 });
  await storeNotes({ db: old, clock }, [{ contentText: "harbour" }, { contentText: "harbour" }]);
  old.close();

  await migrate({ file, clock });
  const db = Database.open({ file, readers: 1 });
  onTestFinished(() => db.close());
  const before = [indexed(db, "harbour"), isIndexBehind(db)];
  await storeNotes({ db, clock }, [{ contentText: "harbour" }]);

  expect(before).toEqual([[1, 2], false]);
  expect(await find(db, "harbour")).toHaveLength(3);
  expect(indexed(db, "harbour")).toEqual([1, 2, 3]);
});

test("an index that was made anew by halves goes on there, with what has changed meanwhile", async () => {
  const { ctx } = await testContext();
  const notes = await storeNotes(ctx, needles(INDEX_PIECE + 2));
  await indexNewNotes(ctx.db);
  await ctx.db.write(() => emptySearchIndex(ctx.db));
  await ctx.db.write(() => indexWaitingNotes(ctx.db, INDEX_PIECE));
  const [first, last] = [notes[0]?.id ?? 0, notes.at(-1)?.id ?? 0];
  await reviseNote(ctx, first, { content: "harbour one", origin: AUTHOR });
  await reviseNote(ctx, last, { content: "harbour two", origin: AUTHOR });
  const halfway = [indexed(ctx.db, "needle").length, indexed(ctx.db, "harbour")];

  await indexNewNotes(openBeside(ctx));

  expect(halfway).toEqual([INDEX_PIECE - 1, [first]]);
  expect([indexed(ctx.db, "needle").length, indexed(ctx.db, "harbour")]).toEqual([INDEX_PIECE, [first, last]]);
  await checkIndex(ctx.db);
});
