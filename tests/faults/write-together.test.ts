import { join } from "node:path";
import { expect, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import type { Child } from "../support/child.ts";
import { startChild } from "../support/child.ts";
import { NOW, testContext } from "../support/context.ts";
import { query } from "../support/database-files.ts";
import type { Answer } from "./database-child.ts";

const PROCESSES = 4;
const WRITES = 150;

test("processes that write at once lose nothing of what was acknowledged, also when one is killed", {
  timeout: 120_000,
}, async () => {
  const { ctx, dir } = await testContext();
  const file = join(dir, "starpunk.db");
  const children = await Promise.all(
    Array.from({ length: PROCESSES }, () => startChild(new URL("./database-child.ts", import.meta.url))),
  );
  await Promise.all(children.map((child) => child.ask({ do: "open", file })));
  const acknowledged: string[] = [];
  const acknowledge = (name: string): void => {
    acknowledged.push(name);
    if (name === "p0-20") void children[0]?.kill();
  };

  const results = await Promise.all(children.map((child, number) => writeMany(child, `p${number}`, acknowledge)));

  expect(results).toEqual(["ended", "done", "done", "done"]);
  expect(acknowledged.length).toBeGreaterThanOrEqual((PROCESSES - 1) * WRITES + 21);
  const names = ctx.db.all<{ name: string }>("SELECT name FROM settings").map((row) => row.name);
  expect(acknowledged.filter((name) => !names.includes(name))).toEqual([]);
  ctx.db.close();
  await Promise.all(children.slice(1).map((child) => child.ask({ do: "close" })));
  await migrate({ file, clock: () => NOW });
  expect(query(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
});

async function writeMany(child: Child, prefix: string, acknowledge: (name: string) => void): Promise<string> {
  for (let number = 0; number < WRITES; number += 1) {
    const name = `${prefix}-${number}`;
    const answer = await child.ask<Answer>({ do: "write", name, size: 2_000 }).catch(() => undefined);
    if (answer === undefined) return "ended";
    if (answer.error) return answer.error.message;
    acknowledge(name);
  }
  return "done";
}
