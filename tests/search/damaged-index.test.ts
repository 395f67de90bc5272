import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { DatabaseError } from "../../src/db/database-error.ts";
import { createHealthChecks } from "../../src/monitoring/health-checks.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { findListedNotes, findWrittenNotes } from "../../src/search/search-aside.ts";
import { indexNewNotes, readIndexState, rebuildSearchIndex } from "../../src/search/search-index.ts";
import { testContext } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import { inEnglish } from "../support/in-english.ts";

const AUTHOR = { madeBy: "admin" };

/** A site with two notes whose search index cannot be written to any more, as seen by a program that starts then. */
async function damagedSite(script: string) {
  const { ctx } = await testContext();
  for (const word of ["first", "second"]) await publishNote(ctx, { content: `${word} harbour`, slug: word }, AUTHOR);
  await indexNewNotes(ctx.db);
  const told: DatabaseError[] = [];
  tamper(ctx.db.file, script);
  const db = Database.open({ file: ctx.db.file, readers: 1, onDamage: (error) => told.push(error) });
  return { ctx: { ...ctx, db }, db, told };
}

const slugsOf = async (db: Database, text: string) =>
  (await findListedNotes(db, text)).hits.map(({ note }) => note.slug);

test.each([
  ["its structure is noise", "UPDATE note_search_data SET block = randomblob(length(block)) WHERE id = 10"],
  // Its list of segments says that it has two thousand million.
  [
    "a count in it is past all memory",
    "UPDATE note_search_data SET block = x'00000000ff0000010101010087ffffff7f00000000' WHERE id = 10",
  ],
  ["all of it is zero", "UPDATE note_search_data SET block = zeroblob(length(block))"],
  ["its pages are gone", "DELETE FROM note_search_data"],
])("notes are published, revised and erased where the search index is damaged: %s", async (_what, script) => {
  const { ctx, db, told } = await damagedSite(script);

  const note = await publishNote(ctx, { content: "third harbour", slug: "third" }, AUTHOR);
  await reviseNote(ctx, 1, { content: "first lighthouse", origin: AUTHOR });
  await trashNote(ctx, 2, AUTHOR);
  await eraseNote(ctx, 2);

  expect(note.status).toBe("published");
  expect([await slugsOf(db, "harbour"), await slugsOf(db, "lighthouse"), await slugsOf(db, "second")]).toEqual([
    ["third"],
    ["first"],
    [],
  ]);
  expect(await findListedNotes(db, "third")).toMatchObject({ isScanned: true });
  expect(await findWrittenNotes(db, "harbour")).toMatchObject({ isScanned: true, hits: [{ slug: "third" }] });
  expect(readIndexState(db)).toEqual({ isReadable: false });
  expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('"starpunk reindex" makes it anew')]);
});

test("health says so until the index is made anew, and then everything is found by it again", async () => {
  const { ctx, db } = await damagedSite("UPDATE note_search_data SET block = zeroblob(length(block))");
  const health = createHealthChecks(ctx, { read: () => ({}) as never }).find(({ name }) => name === "search_index");
  await publishNote(ctx, { content: "third harbour", slug: "third" }, AUTHOR);

  await indexNewNotes(db);
  const before = await health?.look();
  await rebuildSearchIndex(db);
  await publishNote(ctx, { content: "fourth harbour", slug: "fourth" }, AUTHOR);
  await indexNewNotes(db);

  expect(inEnglish(before)).toMatchObject({ status: "warning", figure: "not readable" });
  expect(inEnglish(await health?.look())).toMatchObject({ status: "ok", figure: "4 of 4 notes" });
  expect(await findListedNotes(db, "harbour")).toMatchObject({ isScanned: false });
  expect((await slugsOf(db, "harbour")).sort()).toEqual(["first", "fourth", "second", "third"]);
});

test("notes are published, revised and erased where the index is missing altogether, until it is made anew", async () => {
  const { ctx, db } = await damagedSite("DROP TABLE note_search");
  const schema = (of: Database) => of.get("SELECT sql FROM sqlite_schema WHERE name = 'note_search'");
  const whole = (await testContext()).ctx.db;

  await publishNote(ctx, { content: "third harbour", slug: "third" }, AUTHOR);
  await reviseNote(ctx, 1, { content: "first lighthouse", origin: AUTHOR });
  await eraseNote(ctx, 2);
  const found = await findListedNotes(db, "harbour");
  const state = readIndexState(db);
  await rebuildSearchIndex(db);

  expect([found.hits.map(({ note }) => note.slug), found.isScanned]).toEqual([["third"], true]);
  expect(state).toEqual({ isReadable: false });
  expect(readIndexState(db)).toEqual({ isReadable: true, notes: 2, indexed: 2 });
  expect([await slugsOf(db, "harbour"), await slugsOf(db, "lighthouse")]).toEqual([["third"], ["first"]]);
  expect(schema(db)).toEqual(schema(whole));
});

test("an index that is missing is made anew before anything was written", async () => {
  const { db } = await damagedSite("DROP TABLE note_search");

  expect(await rebuildSearchIndex(db)).toBe(2);
  expect(await findListedNotes(db, "harbour")).toMatchObject({ isScanned: false });
});

test("a write that fails for another reason marks nothing, and is not tried again", async () => {
  const { ctx } = await testContext();
  let runs = 0;

  const write = ctx.db.write(() => {
    runs += 1;
    ctx.db.run("INSERT INTO note_search (note_search) VALUES ('no such command')");
  });

  await expect(write).rejects.toThrow();
  expect(runs).toBe(1);
  expect(readIndexState(ctx.db)).toMatchObject({ isReadable: true });
});
