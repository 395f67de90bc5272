import { readFileSync } from "node:fs";
import SQLite from "better-sqlite3";
import { expect, test } from "vitest";
import { CHECKPOINT_PAGES } from "../../src/db/checkpointer.ts";
import { testContext } from "../support/context.ts";
import { query } from "../support/database-files.ts";

/** Litestream knows one log from the next by the salt in its head (SQLite's file format, section 4.1). */
const salt = (file: string) => readFileSync(`${file}-wal`).subarray(16, 24).toString("hex");

test("no checkpoint begins a new log while Litestream reads this one, so that it misses no page", async () => {
  const { ctx, dir } = await testContext();
  const file = `${dir}/starpunk.db`;
  await ctx.db.write(() => ctx.db.run("INSERT INTO public_changes (key, changed_at) VALUES ('site', '')"));
  const litestream = new SQLite(file);
  litestream.exec("BEGIN; SELECT count(*) FROM public_changes");
  const before = salt(file);
  const row = "x".repeat(8_000);

  for (let pages = 0; pages < 3 * CHECKPOINT_PAGES; pages += 200) {
    await ctx.db.write(() => {
      for (let index = 0; index < 100; index += 1) {
        ctx.db.run("INSERT INTO public_changes (key, changed_at) VALUES (:row, '')", { row: row + pages + index });
      }
    });
  }
  const [state] = query(file, "PRAGMA wal_checkpoint(NOOP)") as { log: number }[];
  litestream.exec("COMMIT; BEGIN; SELECT count(*) FROM public_changes");
  ctx.db.close();
  const after = salt(file);
  litestream.close();

  expect(state?.log).toBeGreaterThan(3 * CHECKPOINT_PAGES);
  expect(after).toBe(before);
});
