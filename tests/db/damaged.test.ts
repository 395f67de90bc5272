import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import { NOW, testFolder } from "../support/context.ts";
import { fingerprint, query } from "../support/database-files.ts";

const PAGE_BYTES = 4096;
const NOISE = Buffer.from("\u2588 this was never SQLite ".repeat(400));

test.each<[string, string, (bytes: Buffer) => Buffer]>([
  ["whose name for itself is overwritten", "its header is overwritten", (bytes) => over(bytes, 0, 16)],
  ["whose header is overwritten", "its header is overwritten", (bytes) => over(bytes, 0, 100)],
  ["whose header is zeros", "its header is overwritten", (bytes) => bytes.fill(0, 0, 100)],
  ["whose first pages are overwritten", "its header is overwritten", (bytes) => over(bytes, 0, 2 * PAGE_BYTES)],
  ["whose header lost all but its first words", "its header is overwritten", (bytes) => over(bytes, 16, 84)],
  ["whose page size is none", "its header is overwritten", (bytes) => bytes.fill(3, 16, 18)],
  ["whose schema is overwritten", "SQLite cannot read it", (bytes) => over(bytes, 100, 3000)],
  ["cut short between two pages", "it is cut short", (bytes) => bytes.subarray(0, 10 * PAGE_BYTES)],
  ["cut short within a page", "it is cut short", (bytes) => bytes.subarray(0, 10 * PAGE_BYTES + 1000)],
  ["without its last byte", "it is cut short", (bytes) => bytes.subarray(0, -1)],
  ["without its last page", "it is cut short", (bytes) => bytes.subarray(0, -PAGE_BYTES)],
  ["cut short to its header", "it is cut short", (bytes) => bytes.subarray(0, 100)],
  ["cut short within its header", "it is cut short", (bytes) => bytes.subarray(0, 99)],
  ["of one byte", "it is cut short", (bytes) => bytes.subarray(0, 1)],
  ["that is empty", "it is empty", (bytes) => bytes.subarray(0, 0)],
  ["that is text", "its header is overwritten", () => Buffer.from("# My notes\n".repeat(1000))],
])("a database %s is named, with the way out, and not touched", async (_, reason, damage) => {
  const { dir, file } = await filledDatabase();
  writeFileSync(file, damage(readFileSync(file)));
  const before = fingerprint(dir);

  const start = migrate({ file, clock: () => NOW });

  await expect(start).rejects.toMatchObject({
    name: "DatabaseError",
    code: "damaged",
    message: `The database ${file} is damaged (${reason}): nothing in it was changed; restore it from a backup.`,
  });
  expect(fingerprint(dir)).toEqual(before);
});

test("a database with a log that fills its gaps comes up whole after a crash while the log was folded in", async () => {
  const { file } = await crashedDatabase();
  const whole = await foldedBytes(file);
  const old = readFileSync(file);
  expect(whole.length).toBeGreaterThan(2 * old.length);
  // Page after page, from the first on; any may be the last one written.
  for (const pages of [0, 1, 2, old.length / PAGE_BYTES, 100, whole.length / PAGE_BYTES - 1]) {
    const crashed = join(testFolder(), "starpunk.db");
    const written = pages * PAGE_BYTES;
    writeFileSync(crashed, Buffer.concat([whole.subarray(0, written), old.subarray(written)]));
    copyFileSync(`${file}-wal`, `${crashed}-wal`);

    await migrate({ file: crashed, clock: () => NOW });

    expect(query(crashed, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(query(crashed, "SELECT count(*) AS rows FROM settings")).toEqual([{ rows: 50 }]);
  }
});

test("a database that is cut short is damaged also when there is a log, unless that fills the gap", async () => {
  const { dir, file } = await filledDatabase();
  const db = Database.open({ file, readers: 1 });
  await fill(db, "more", 1);
  const [crashedDir, crashed] = copyAsCrashed(file);
  db.close();
  truncateSync(crashed, 5 * PAGE_BYTES);
  const before = fingerprint(crashedDir);

  const start = migrate({ file: crashed, clock: () => NOW });

  await expect(start).rejects.toMatchObject({ code: "damaged", message: expect.stringContaining("(it is cut short)") });
  expect(fingerprint(crashedDir)).toEqual(before);
  expect(query(join(dir, "starpunk.db"), "SELECT count(*) AS rows FROM settings")).toEqual([{ rows: 51 }]);
});

test("a log whose last commit was cut off holds what came before it", async () => {
  const { file } = await filledDatabase();
  const db = Database.open({ file, readers: 1 });
  await fill(db, "first", 1);
  const size = statSync(`${file}-wal`).size;
  await fill(db, "second", 1);
  const [, crashed] = copyAsCrashed(file);
  db.close();
  truncateSync(`${crashed}-wal`, size + 1000);

  await migrate({ file: crashed, clock: () => NOW });

  expect(query(crashed, "SELECT name FROM settings WHERE name NOT LIKE 'n%'")).toEqual([{ name: "first0" }]);
});

test("a log that is noise changes nothing about a whole database", async () => {
  const { file } = await filledDatabase();
  writeFileSync(`${file}-wal`, NOISE);

  await migrate({ file, clock: () => NOW });

  expect(query(file, "SELECT count(*) AS rows FROM settings")).toEqual([{ rows: 50 }]);
});

function over(bytes: Buffer, start: number, length: number): Buffer {
  NOISE.copy(bytes, start, 0, length);
  return bytes;
}

/** A database of some 300 pages, closed. */
async function filledDatabase(): Promise<{ dir: string; file: string }> {
  const dir = testFolder();
  const file = join(dir, "starpunk.db");
  await migrate({ file, clock: () => NOW });
  const db = Database.open({ file, readers: 1 });
  await fill(db, "n", 50);
  db.close();
  return { dir, file };
}

/** The same as it stands after a crash: the main file is that of an older moment, all else is in the log. */
async function crashedDatabase(): Promise<{ file: string }> {
  const dir = testFolder();
  const file = join(dir, "starpunk.db");
  await migrate({ file, clock: () => NOW });
  const db = Database.open({ file, readers: 1 });
  await fill(db, "n", 50);
  const [, crashed] = copyAsCrashed(file);
  db.close();
  return { file: crashed };
}

function copyAsCrashed(file: string): [dir: string, file: string] {
  const dir = testFolder();
  const crashed = join(dir, "starpunk.db");
  copyFileSync(file, crashed);
  copyFileSync(`${file}-wal`, `${crashed}-wal`);
  return [dir, crashed];
}

/** What the main file will be once SQLite has folded the log into it. */
async function foldedBytes(file: string): Promise<Buffer> {
  const copy = join(testFolder(), "starpunk.db");
  copyFileSync(file, copy);
  copyFileSync(`${file}-wal`, `${copy}-wal`);
  query(copy, "SELECT 1 FROM settings");
  return readFileSync(copy);
}

async function fill(db: Database, prefix: string, count: number): Promise<void> {
  const value = JSON.stringify("x".repeat(20_000));
  for (let number = 0; number < count; number += 1) {
    await db.write(() =>
      db.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, :value, :now)", {
        name: `${prefix}${number}`,
        value,
        now: NOW,
      }),
    );
  }
}
