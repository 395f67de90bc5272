import { chmodSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { startChild } from "../support/child.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";
import { copyMigrations, fingerprint, migrationNames, query, tamper } from "../support/database-files.ts";
import type { Answer } from "./database-child.ts";

const CHILD = new URL("./database-child.ts", import.meta.url);

/** Lets no file grow past about 1 MiB: a write beyond fails as it does on a full disk. */
const SMALL_DISK = "ulimit -S -f 2048";

test("a write to a full disk is refused, readers go on, and it works again when there is room", async () => {
  const { dir } = await testContext();
  const file = join(dir, "starpunk.db");
  const child = await startChild(CHILD, SMALL_DISK);
  await child.ask({ do: "open", file });

  const refused = await writeUntilRefused(child.ask);
  const rows = await child.ask<Answer>({ do: "count" });

  expect(refused.error).toEqual({
    name: "AppError",
    code: "storage_full",
    message: "Nothing was saved, because the disk is full: make room, then save again.",
  });
  expect(refused.writes).toBeGreaterThan(5);
  expect(rows.value).toBe(refused.writes);

  // Folds the log into the database, so that the log has room again.
  tamper(file, "PRAGMA wal_checkpoint(TRUNCATE)");
  expect(await child.ask({ do: "write", name: "after", size: 1_000 })).not.toHaveProperty("error");
  await child.ask({ do: "close" });
  expect(query(file, "SELECT count(*) AS rows FROM settings")).toEqual([{ rows: refused.writes + 1 }]);
  expect(query(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

test("a full database is refused as a full disk is, and takes writes again when there is room", async () => {
  const { ctx } = await testContext();
  const insert = (name: string): Promise<unknown> =>
    ctx.db.write(() =>
      ctx.db.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, :value, :now)", {
        name,
        value: JSON.stringify("x".repeat(100_000)),
        now: NOW,
      }),
    );
  await ctx.db.write(() => ctx.db.get("PRAGMA max_page_count = 1"));

  await expect(insert("a")).rejects.toMatchObject({ code: "storage_full", cause: { code: "SQLITE_FULL" } });
  expect(ctx.db.get("SELECT count(*) AS rows FROM settings")).toEqual({ rows: 0 });

  await ctx.db.write(() => ctx.db.get("PRAGMA max_page_count = 100000"));
  await insert("a");
  expect(ctx.db.get("SELECT count(*) AS rows FROM settings")).toEqual({ rows: 1 });
});

test("a start on a disk that is too full to migrate says so and changes nothing; with room it succeeds", async () => {
  const dir = testFolder();
  const file = join(dir, "starpunk.db");
  await migrate({ file, folder: copyMigrations(join(testFolder(), "old"), 2), clock: () => NOW });
  tamper(file, `INSERT INTO settings VALUES ('a', json_quote(hex(zeroblob(800000))), '${NOW}')`);
  const before = fingerprint(dir);
  const child = await startChild(CHILD, SMALL_DISK);

  const answer = await child.ask<Answer>({ do: "migrate", options: { file } });

  expect(answer.error).toMatchObject({
    name: "DatabaseError",
    code: "full",
    message: `The disk of ${dir} is full: make room, then start again.`,
  });
  expect(fingerprint(dir)).toEqual(before);
  await expect(migrate({ file, clock: () => NOW })).resolves.toMatchObject({ applied: migrationNames().slice(2) });
  expect(readdirSync(dir)).toEqual(["starpunk-before-003.db", "starpunk.db"]);
});

test("a folder or a file that this user may not write to is named, and stays as it is", async () => {
  const dir = testFolder();
  const file = join(dir, "starpunk.db");
  await migrate({ file, clock: () => NOW });
  const before = fingerprint(dir);
  const child = await startChild(CHILD);
  // The super-user may write anywhere.
  if (process.getuid?.() === 0) await child.ask({ do: "become", user: 65_534 });
  chmodSync(file, 0o444);
  chmodSync(dir, 0o555);

  const existing = await child.ask<Answer>({ do: "open", file });
  const fresh = await child.ask<Answer>({ do: "migrate", options: { file: join(dir, "below", "starpunk.db") } });

  for (const answer of [existing, fresh]) {
    expect(answer.error).toMatchObject({
      name: "DatabaseError",
      code: "unwritable",
      message: expect.stringMatching(/cannot be written: give the user of this process the right to, or set DATA_DIR/),
    });
  }
  chmodSync(dir, 0o700);
  expect(fingerprint(dir)).toEqual(before);
});

async function writeUntilRefused(
  ask: <Reply>(request: object) => Promise<Reply>,
): Promise<{ error: Answer["error"]; writes: number }> {
  for (let writes = 0; writes < 1_000; writes += 1) {
    const { error } = await ask<Answer>({ do: "write", name: `n${writes}`, size: 50_000 });
    if (error) return { error, writes };
  }
  throw new Error("The disk never was full");
}
