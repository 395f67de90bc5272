import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { DatabaseError } from "../../src/db/database-error.ts";
import { migrate } from "../../src/db/migrate.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { findListedNotes } from "../../src/search/search-aside.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";

const PAGE_BYTES = 4096;

/** A database whose table of jobs has lost its only page. */
async function damagedDatabase() {
  const file = join(testFolder(), "starpunk.db");
  await migrate({ file, clock: () => NOW });
  const [{ rootpage }] = query(file, "SELECT rootpage FROM sqlite_schema WHERE name = 'jobs'") as [
    { rootpage: number },
  ];
  const bytes = readFileSync(file);
  bytes.fill("\u2588", (rootpage - 1) * PAGE_BYTES, rootpage * PAGE_BYTES);
  writeFileSync(file, bytes);
  const told: DatabaseError[] = [];
  const db = Database.open({ file, readers: 1, onDamage: (error) => told.push(error) });
  return { db, file, told };
}

const readJobs = (db: Pick<Database, "all">) => db.all("SELECT id FROM jobs");

const addSetting = (db: Database) =>
  db.write(() => db.run("INSERT INTO settings (name, value, changed_at) VALUES ('a', '1', :now)", { now: NOW }));

test("until a damaged page is met, everything else is read and written", async () => {
  const { db, told } = await damagedDatabase();

  await addSetting(db);

  expect(db.all("SELECT name FROM settings")).toEqual([{ name: "a" }]);
  expect(told).toEqual([]);
});

test("whoever reads a damaged page is told that it is not available, and the operator once which file, and what to do", async () => {
  const { db, file, told } = await damagedDatabase();

  expect(() => readJobs(db)).toThrow(expect.objectContaining({ code: "unavailable" }));
  expect(() => readJobs(db)).toThrow(expect.objectContaining({ code: "unavailable" }));
  await expect(db.lease(async (reader) => reader.all("SELECT id FROM jobs"))).rejects.toMatchObject({
    code: "unavailable",
  });

  expect(told).toHaveLength(1);
  expect(told[0]?.message).toContain(
    `The database ${file} is damaged (SQLITE_CORRUPT): nothing more is written to it.`,
  );
  expect(told[0]?.message).toContain("restore a backup");
});

test("once a damaged page was met, nothing is written any more, and reads of whole pages go on", async () => {
  const { db } = await damagedDatabase();
  expect(() => readJobs(db)).toThrow();

  await expect(addSetting(db)).rejects.toMatchObject({ code: "unavailable" });

  expect(db.all("SELECT name FROM settings")).toEqual([]);
});

test("a write that meets a damaged page is taken back whole", async () => {
  const { db } = await damagedDatabase();

  const write = db.write(() => {
    db.run("INSERT INTO settings (name, value, changed_at) VALUES ('a', '1', :now)", { now: NOW });
    readJobs(db);
  });

  await expect(write).rejects.toMatchObject({ code: "unavailable" });
  expect(db.all("SELECT name FROM settings")).toEqual([]);
});

test("a damaged index of words is named with its remedy, and leaves the notes readable and writable", async () => {
  const { ctx } = await testContext();
  await publishNote(ctx, { content: "Some words" }, { madeBy: "admin" });
  await indexNewNotes(ctx.db);
  const [{ file }] = ctx.db.all("SELECT file FROM pragma_database_list") as [{ file: string }];
  tamper(file, "DELETE FROM note_search_data WHERE id > 100");
  const told: DatabaseError[] = [];
  const db = Database.open({ file, readers: 1, onDamage: (error) => told.push(error) });

  const found = await findListedNotes(db, "words");

  expect(found).toMatchObject({ isScanned: true, hits: [{ note: { contentText: "Some words" } }] });
  expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('"starpunk reindex" makes it anew')]);
  await addSetting(db);
  expect(db.all("SELECT content FROM notes")).toEqual([{ content: "Some words" }]);
});
