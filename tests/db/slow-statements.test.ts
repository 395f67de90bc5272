import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { StatementRun } from "../../src/db/measure-statement.ts";
import { MAX_SLOW_STATEMENTS, SlowStatements } from "../../src/db/slow-statements.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { NOW, testContext } from "../support/context.ts";

const RUN: StatementRun = { name: "find", kind: "read", durationMs: 100, rows: 1, isFailed: false, sql: "SELECT 1" };

/** A context to whose database every statement is slow. */
async function slowContext() {
  const { ctx, clock, dir } = await testContext();
  ctx.db.close();
  const runs: StatementRun[] = [];
  const slow = { slowMs: 0, clock: clock.now };
  const db = Database.open({ file: join(dir, "starpunk.db"), readers: 1, measure: (run) => runs.push(run), slow });
  return { ctx: { ...ctx, db }, db, runs };
}

test("a slow statement keeps its text without what was asked for, and says how SQLite runs it", async () => {
  const { db } = await slowContext();
  const find = () => db.get("SELECT id FROM notes WHERE slug = :slug", { slug: "a secret" });
  find();
  find();

  const slow = db.slowStatements().find(({ text }) => text.includes("FROM notes"));
  db.close();

  expect(slow).toMatchObject({
    name: "find",
    text: "SELECT id FROM notes WHERE slug = :slug",
    count: 2,
    at: NOW,
    plan: [expect.stringMatching(/^SEARCH notes USING COVERING INDEX/u)],
  });
});

test("every statement of publishing and searching has a plan, and asking for plans is not measured", async () => {
  const { ctx, db, runs } = await slowContext();
  await publishNote(ctx, { content: "hello #tag", slug: "hello" }, { madeBy: "admin" });
  const before = runs.length;

  const slow = db.slowStatements();
  db.close();

  expect(slow.length).toBeGreaterThan(3);
  expect(slow.flatMap(({ plan }) => plan).join("\n")).toContain("SEARCH notes");
  expect(runs).toHaveLength(before);
});

test("what is fast, a commit and the wait for a lock are not among them", () => {
  const slow = new SlowStatements({ slowMs: 100, clock: () => NOW });
  const hear = slow.watch(() => undefined);
  hear({ ...RUN, durationMs: 99.9 });
  hear({ ...RUN, sql: "", name: "commit" });

  expect(slow.list()).toEqual([]);
});

test("the slowest stands first, and the one that was slow longest ago makes room", () => {
  let now = NOW;
  const slow = new SlowStatements({ slowMs: 100, clock: () => now });
  const hear = slow.watch(() => undefined);
  for (let count = 0; count < MAX_SLOW_STATEMENTS; count += 1) hear({ ...RUN, sql: ["SELECT", count].join(" ") });
  now = addSeconds(NOW, 1);
  hear({ ...RUN, sql: "SELECT 0", durationMs: 300 });
  const full = slow.list();
  hear({ ...RUN, sql: "SELECT 'one more'", durationMs: 200 });

  const list = slow.list();

  expect(full).toHaveLength(MAX_SLOW_STATEMENTS);
  expect(list.slice(0, 2)).toEqual([
    { name: "find", text: "SELECT 0", count: 2, maxMs: 300, at: now },
    { name: "find", text: "SELECT 'one more'", count: 1, maxMs: 200, at: now },
  ]);
  expect(list).toHaveLength(MAX_SLOW_STATEMENTS);
  expect(list.map(({ text }) => text)).not.toContain("SELECT 1");
});
