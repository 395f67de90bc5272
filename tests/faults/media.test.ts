import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { sweepMedia } from "../../src/media/sweep-media.ts";
import { startChild } from "../support/child.ts";
import { testContext } from "../support/context.ts";
import type { Answer } from "./media-child.ts";

const CHILD = new URL("./media-child.ts", import.meta.url);

/** Lets no file grow past about 1 MiB: a write beyond fails as it does on a full disk. */
const SMALL_DISK = "ulimit -S -f 2048";

const ROUNDS = 6;

test("an upload that the disk has no room for is refused and leaves nothing; a smaller one is taken", async () => {
  const { ctx, dir } = await testContext();
  const child = await startChild(CHILD, SMALL_DISK);
  await child.ask({ do: "open", dir });

  const refused = await child.ask<Answer>({ do: "save", side: 700 });
  const after = readdirSync(join(dir, "media"));
  const taken = await child.ask<Answer>({ do: "save", side: 100 });

  expect(refused.error).toEqual({
    code: "storage_full",
    message: "The disk of the server is full. Make room on it, then upload the file again.",
  });
  expect(after).toEqual([]);
  expect(readdirSync(join(dir, "media"))).toEqual([taken.name]);
  expect(ctx.db.all("SELECT name FROM media")).toEqual([{ name: taken.name }]);
});

test(`over ${ROUNDS} kills no acknowledged upload is lost, none is half there, and what is left over is swept`, {
  timeout: 60_000,
}, async () => {
  const { ctx, clock, dir } = await testContext();
  const acknowledged: (string | undefined)[] = [];

  for (let round = 0; round < ROUNDS; round += 1) {
    const child = await startChild(CHILD);
    await child.ask({ do: "open", dir });
    acknowledged.push((await child.ask<Answer>({ do: "save", side: 60 })).name);
    void child.ask({ do: "save", side: 900 }).catch(() => undefined);
    await sleep(Math.random() * 150);
    await child.kill();
  }

  const folder = join(dir, "media");
  const rows = ctx.db.all<{ name: string }>("SELECT name FROM media").map(({ name }) => name);
  expect(rows).toEqual(expect.arrayContaining(acknowledged));
  for (const name of rows) {
    const hash = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("base64url");
    expect(name).toBe(`${hash.slice(0, 22)}.png`);
  }
  clock.set("2100-01-01T00:00:00.000Z" as Timestamp);
  await sweepMedia(ctx);
  expect(existsSync(folder) ? readdirSync(folder).sort() : []).toEqual(rows.sort());
});

test("a kill while variants are made leaves nothing half: the next process makes them all", {
  timeout: 60_000,
}, async () => {
  const { ctx, clock, dir } = await testContext();
  const folder = join(dir, "variants");
  const killed = await startChild(CHILD);
  await killed.ask({ do: "open", dir });
  const { name } = await killed.ask<Answer>({ do: "save", side: 700 });
  const asked = killed.ask({ do: "vary" }).catch(() => undefined);
  await vi.waitFor(() => expect(listFiles(folder).length).toBeGreaterThan(0), { timeout: 30_000, interval: 5 });
  await killed.kill();
  await asked;
  const rows = ctx.db.all("SELECT name FROM media_variants");

  const child = await startChild(CHILD);
  await child.ask({ do: "open", dir });
  const made = await child.ask<Answer>({ do: "vary" });

  expect(made.name).toBe("done");
  clock.set("2100-01-01T00:00:00.000Z" as Timestamp);
  await sweepMedia(ctx);
  const variants = ctx.db.all<{ name: string; size: number }>(
    "SELECT name, size_bytes AS size FROM media_variants WHERE media_name = :name ORDER BY name",
    { name },
  );
  expect(variants.length).toBeGreaterThan(3);
  expect([0, variants.length]).toContain(rows.length); // All of them, on a machine where the kill came late.
  expect(listFiles(folder)).toEqual(variants.map((variant) => variant.name));
  for (const variant of variants) expect(statSync(join(folder, variant.name)).size).toBe(variant.size);
});

function listFiles(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
