import { join } from "node:path";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrate.ts";
import type { Child } from "../support/child.ts";
import { startChild } from "../support/child.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";
import { copyMigrations, fingerprint, migrationNames } from "../support/database-files.ts";

const HELD_MS = 1_000;

test("a write waits while another process holds the lock, and neither readers nor this thread do", async () => {
  const { ctx, dir } = await testContext();
  const holder = await lock(join(dir, "starpunk.db"));
  const turns = watchThread();

  const writes = [1, 2, 3].map((number) => ctx.db.write(() => insert(ctx.db, `n${number}`)));
  const reads = await readFor(ctx.db, HELD_MS);
  await holder.ask({ do: "release" });
  await Promise.all(writes);

  expect(reads.count).toBeGreaterThan(10);
  expect(reads.longestMs).toBeLessThan(200);
  // One try for the lock takes 50 ms; the rest is room for a busy machine.
  expect(turns.longestMs()).toBeLessThan(500);
  expect(names(ctx.db)).toEqual(["n1", "n2", "n3"]);
});

test("a write gives up when the lock stays held, changes nothing, and the next one succeeds", async () => {
  const { dir } = await testContext();
  const file = join(dir, "starpunk.db");
  const db = Database.open({ file, readers: 1, limits: { lockWaitMs: 300 } });
  const holder = await lock(file);

  const startedAt = performance.now();
  const writes = ["a", "b", "c", "d", "e"].map((name) => db.write(() => insert(db, name)));
  const results = await Promise.allSettled(writes);
  const tookMs = performance.now() - startedAt;

  for (const result of results) {
    expect(result).toMatchObject({
      status: "rejected",
      reason: { code: "unavailable", retryAfterSeconds: 5, message: expect.stringContaining("another program") },
    });
  }
  expect(tookMs).toBeGreaterThanOrEqual(300);
  expect(tookMs).toBeLessThan(3_000);
  expect(names(db)).toEqual([]);
  await holder.ask({ do: "release" });
  await db.write(() => insert(db, "later"));
  expect(names(db)).toEqual(["later"]);
  db.close();
});

test("closing ends a write that waits for the lock, and leaves it undone", async () => {
  const { ctx, dir } = await testContext();
  const holder = await lock(join(dir, "starpunk.db"));

  const write = ctx.db.write(() => insert(ctx.db, "late"));
  const refused = expect(write).rejects.toMatchObject({ code: "unavailable" });
  ctx.db.close();
  await refused;
  await holder.ask({ do: "release" });

  const reopened = Database.open({ file: join(dir, "starpunk.db"), readers: 1 });
  expect(names(reopened)).toEqual([]);
  reopened.close();
});

test.each([
  ["tries", { attempts: 3, waitMs: 60_000, tryMs: 10 }],
  ["seconds", { attempts: 1_000_000, waitMs: 500, tryMs: 10 }],
])("a start gives up when its %s are used up, says who may hold the lock, and changes nothing", async (_, limits) => {
  const dir = testFolder();
  const file = join(dir, "starpunk.db");
  await migrate({ file, folder: copyMigrations(join(testFolder(), "old"), 1), clock: () => NOW });
  const holder = await lock(file);
  const before = fingerprint(dir);

  const start = migrate({ file, clock: () => NOW, limits });

  await expect(start).rejects.toMatchObject({
    name: "DatabaseError",
    code: "locked",
    message: expect.stringMatching(/starpunk\.db stayed locked: another StarPunk .*, a backup or a database tool/),
  });
  expect(fingerprint(dir)["starpunk.db"]).toBe(before["starpunk.db"]);
  await holder.ask({ do: "release" });
  await expect(migrate({ file, clock: () => NOW, limits })).resolves.toMatchObject({
    applied: migrationNames().slice(1),
  });
});

test("a start waits for a lock that is given back in time", async () => {
  const file = join(testFolder(), "starpunk.db");
  await migrate({ file, folder: copyMigrations(join(testFolder(), "old"), 1), clock: () => NOW });
  const holder = await lock(file);

  const start = migrate({ file, clock: () => NOW, limits: { tryMs: 10 } });
  await holder.ask({ do: "release" });

  await expect(start).resolves.toMatchObject({ applied: migrationNames().slice(1) });
});

async function lock(file: string): Promise<Child> {
  const child = await startChild(new URL("./database-child.ts", import.meta.url));
  await child.ask({ do: "lock", file });
  return child;
}

function insert(db: Database, name: string): void {
  db.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, '1', :now)", { name, now: NOW });
}

function names(db: Database): string[] {
  return db.all<{ name: string }>("SELECT name FROM settings ORDER BY name").map((row) => row.name);
}

/** Reads in every turn of the event loop, and says how long one took at most. */
async function readFor(db: Database, ms: number): Promise<{ count: number; longestMs: number }> {
  const startedAt = performance.now();
  let longestMs = 0;
  let count = 0;
  for (; performance.now() - startedAt < ms; count += 1) {
    const readAt = performance.now();
    names(db);
    longestMs = Math.max(longestMs, performance.now() - readAt);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return { count, longestMs };
}

/** How long the event loop stood still at most, in milliseconds. */
function watchThread(): { longestMs: () => number } {
  let last = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 1);
  timer.unref();
  return {
    longestMs() {
      clearInterval(timer);
      return longestMs;
    },
  };
}
