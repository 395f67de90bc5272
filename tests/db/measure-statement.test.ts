import { join } from "node:path";
import { expect, test } from "vitest";
import { Connection } from "../../src/db/connection.ts";
import { Database } from "../../src/db/database.ts";
import type { StatementRun } from "../../src/db/measure-statement.ts";
import { COMMIT_NAME, LOCK_NAME } from "../../src/db/measure-statement.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { testContext } from "../support/context.ts";

/** A context whose database tells of its statements. */
async function measuredContext() {
  const { ctx, dir } = await testContext();
  const file = join(dir, "starpunk.db");
  const runs: StatementRun[] = [];
  const db = Database.open({ file, readers: 1, measure: (run) => runs.push(run) });
  return { ctx: { ...ctx, db }, db, file, runs };
}

function countNotes(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM notes")?.count ?? 0;
}

test("a statement is named by the function that asked for it, with its kind, rows and time", async () => {
  const { db, runs } = await measuredContext();
  runs.length = 0;

  countNotes(db);
  readSettings(db);
  db.close();

  expect(runs.slice(0, 2).map(({ name, kind }) => [name, kind])).toEqual([
    ["countNotes", "read"],
    ["listStoredSettings", "read"],
  ]);
  expect(runs[0]).toMatchObject({ rows: 1, isFailed: false, sql: "SELECT count(*) AS count FROM notes" });
  expect(runs[0]?.durationMs).toBeGreaterThan(0);
});

test("statements of a write are named by the functions of the stores, and its commit is measured", async () => {
  const { ctx, db, runs } = await measuredContext();

  await publishNote(ctx, { content: "hello #tag", slug: "hello" }, { madeBy: "admin" });
  db.close();

  const names = new Set(runs.map(({ name }) => name));
  expect([...names].filter((name) => /^(?:unnamed|.*\bDatabase\b.*|.*\bWriter\b.*)$/.test(name))).toEqual([]);
  expect(names).toContain("insertNote");
  expect(runs.filter(({ name, kind }) => name === COMMIT_NAME && kind === "write")).toHaveLength(1);
});

test("a statement that fails is measured as one that failed", async () => {
  const { db, runs } = await measuredContext();
  const insertTwice = () =>
    db.write(() => {
      for (const _time of [1, 2]) db.run("INSERT INTO settings VALUES ('a', '1', 'now')");
    });

  await expect(insertTwice()).rejects.toThrow();
  db.close();

  expect(runs.filter(({ kind }) => kind === "write").map(({ isFailed }) => isFailed)).toEqual([false, true]);
});

test("the time that a write waits for another connection's lock is measured, and only that", async () => {
  const { ctx, db, file, runs } = await measuredContext();
  const other = new Connection({ file, readonly: false, busyTimeoutMs: 0 });
  other.exec("BEGIN IMMEDIATE");

  const published = publishNote(ctx, { content: "waits" }, { madeBy: "admin" });
  setTimeout(() => other.exec("ROLLBACK"), 80);
  await published;
  await publishNote(ctx, { content: "does not" }, { madeBy: "admin" });
  other.close();
  db.close();

  const waits = runs.filter(({ name }) => name === LOCK_NAME);
  expect(waits).toHaveLength(1);
  expect(waits[0]?.durationMs).toBeGreaterThan(50);
});

test("the pragmas of the database itself are not measured", async () => {
  const { db, runs } = await measuredContext();
  runs.length = 0;

  db.dataVersion();
  db.close();

  expect(runs).toEqual([]);
});
