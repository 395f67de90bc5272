import { statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import {
  CHECKPOINT_LOOK_COMMITS,
  CHECKPOINT_PAGES,
  CHECKPOINT_PAGES_MAX,
  CHECKPOINT_QUIET_MS,
  CHECKPOINT_RETRY_MS,
} from "../../src/db/checkpointer.ts";
import { Connection } from "../../src/db/connection.ts";
import type { DatabaseLimits } from "../../src/db/database.ts";
import { Database } from "../../src/db/database.ts";
import type { StatementRun } from "../../src/db/measure-statement.ts";
import { CHECKPOINT_NAME } from "../../src/db/measure-statement.ts";
import { NOW, testContext } from "../support/context.ts";

const PAGE_BYTES = 4096;
const LOG_PAGE_BYTES = PAGE_BYTES + 24;

afterEach(() => void vi.useRealTimers());

test("what a commit leaves in the log comes into the database in the next quiet moment, and no earlier", async () => {
  const { write, log } = await openLog({ checkpointPages: 1 });
  const left = await write(10 * PAGE_BYTES);

  vi.advanceTimersByTime(CHECKPOINT_QUIET_MS - 1);
  expect(log()).toEqual({ pages: left, done: 0 });

  vi.advanceTimersByTime(1);
  expect(log()).toEqual({ pages: left, done: left });
});

test("no moment is quiet while one commit follows the other", async () => {
  const { write, log } = await openLog({ checkpointPages: 1 });

  for (let count = 0; count < 20; count += 1) {
    await write(PAGE_BYTES);
    vi.advanceTimersByTime(CHECKPOINT_QUIET_MS - 1);
    expect(log().done).toBe(0);
  }

  vi.advanceTimersByTime(1);
  expect(log().done).toBe(log().pages);
});

test.each([
  ["as many pages as are worth it", 0, true],
  ["one page fewer", 1, false],
])("a quiet moment is used for %s", async (_name, more, isDone) => {
  const { write, log } = await openLog({ checkpointPages: (await pagesOfWrites(1)) + more });

  await write(10 * PAGE_BYTES);
  vi.advanceTimersByTime(CHECKPOINT_QUIET_MS);

  expect(log().done > 0).toBe(isDone);
});

test.each([
  ["at the limit a commit sees to it itself", 0, true],
  ["one page below it none does", 1, false],
])("of as many commits as are let go by, %s", async (_name, more, isDone) => {
  const pages = await pagesOfWrites(CHECKPOINT_LOOK_COMMITS);
  const { write, log } = await openLog({ checkpointPages: 1, checkpointPagesMax: pages + more });

  for (let count = 1; count < CHECKPOINT_LOOK_COMMITS; count += 1) await write(10 * PAGE_BYTES);
  expect(log().done).toBe(0);
  await write(10 * PAGE_BYTES);

  expect(log().done > 0).toBe(isDone);
});

test("the log of an import that never rests stays within its limit, and SQLite takes no checkpoint before", async () => {
  const { write, log, logBytes } = await openLog();
  const pagesEach = 1.1 * 256;
  let mostBytes = 0;

  for (let count = 0; count < 50; count += 1) {
    await write(256 * PAGE_BYTES);
    mostBytes = Math.max(mostBytes, logBytes());
    if (count === 20) expect(log()).toMatchObject({ done: 0 });
  }

  expect(mostBytes).toBeGreaterThan(CHECKPOINT_PAGES_MAX * LOG_PAGE_BYTES);
  expect(mostBytes).toBeLessThan((CHECKPOINT_PAGES_MAX + CHECKPOINT_LOOK_COMMITS * pagesEach) * LOG_PAGE_BYTES);
  expect(CHECKPOINT_PAGES).toBeLessThan(CHECKPOINT_PAGES_MAX);
});

test("a checkpoint is measured, with the pages that came in", async () => {
  const { file, runs } = await openLog({ checkpointPages: 1 });
  const measured = Database.open({
    file,
    readers: 1,
    limits: { checkpointPages: 1 },
    measure: (run) => runs.push(run),
  });

  await writeInto(measured, 10 * PAGE_BYTES);
  vi.advanceTimersByTime(CHECKPOINT_QUIET_MS);
  measured.close();

  const checkpoints = runs.filter(({ name }) => name === CHECKPOINT_NAME);
  expect(checkpoints[0]).toMatchObject({ kind: "write", isFailed: false });
  expect(checkpoints[0]?.rows).toBeGreaterThan(10);
});

test("pages that another process has left count too", async () => {
  const { write, log, file } = await openLog({ checkpointPages: 50 });
  const other = Database.open({ file, readers: 1, limits: { checkpointPages: 1_000_000 } });
  await writeInto(other, 100 * PAGE_BYTES);

  await write(1);
  vi.advanceTimersByTime(CHECKPOINT_QUIET_MS);

  expect(log().pages).toBeGreaterThan(100);
  expect(log().done).toBe(log().pages);
  other.close();
});

test("closing leaves little in the log, though others have the file open", async () => {
  const { db, write, log } = await openLog({ checkpointPages: 50 });

  await write(100 * PAGE_BYTES);
  db.close();

  expect(log().pages).toBeGreaterThan(100);
  expect(log().done).toBe(log().pages);
});

test("a lease that holds on to an old moment delays the checkpoint until it has ended, and stops no commit", async () => {
  const { db, write, log } = await openLog({ checkpointPages: 1, checkpointPagesMax: 2 });
  let end = (): void => {};
  const lease = db.lease(() => new Promise<void>((resolve) => (end = resolve)));
  await vi.advanceTimersByTimeAsync(0);

  await write(10 * PAGE_BYTES);
  await write(10 * PAGE_BYTES);
  vi.advanceTimersByTime(CHECKPOINT_RETRY_MS);
  expect(log().done).toBeLessThan(log().pages);

  end();
  await lease;
  vi.advanceTimersByTime(CHECKPOINT_RETRY_MS);
  expect(log().done).toBe(log().pages);
});

/** A database whose log somebody looks into, and time that stands still. */
async function openLog(limits: Partial<DatabaseLimits> = {}) {
  const { ctx, dir } = await testContext();
  const file = join(dir, "starpunk.db");
  ctx.db.close();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const eye = new Connection({ file, readonly: false, busyTimeoutMs: 0 });
  eye.get("SELECT count(*) FROM settings");
  const db = Database.open({ file, readers: 1, limits });
  const log = () => {
    const state = eye.get<{ log: number; checkpointed: number }>("PRAGMA wal_checkpoint(NOOP)");
    return { pages: state?.log ?? 0, done: state?.checkpointed ?? 0 };
  };
  const write = async (bytes: number): Promise<number> => {
    await writeInto(db, bytes);
    return log().pages;
  };
  return { db, file, write, log, runs: [] as StatementRun[], logBytes: () => statSync(`${file}-wal`).size };
}

async function pagesOfWrites(count: number): Promise<number> {
  const { write } = await openLog();
  let pages = 0;
  for (let written = 0; written < count; written += 1) pages = await write(10 * PAGE_BYTES);
  return pages;
}

let names = 0;

function writeInto(db: Database, bytes: number): Promise<unknown> {
  names += 1;
  const row = { name: `n${names}`, value: JSON.stringify("x".repeat(bytes)), now: NOW };
  return db.write(() => db.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, :value, :now)", row));
}
