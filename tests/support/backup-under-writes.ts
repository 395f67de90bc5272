import { join } from "node:path";
import { expect } from "vitest";
import { testContext } from "./context.ts";
import { fillDatabase, readCounters, startCountedWrites } from "./counted-writes.ts";
import { query } from "./database-files.ts";
import { createFolder, runProgram } from "./server-process.ts";
import { until } from "./until.ts";

/**
 * Backs up a site of `megabytes` with the real program, `rounds` times, while 50 writes a second go on, and restores each
 * backup. Fails unless every one of them is the site at a single moment of its backup.
 */
export async function expectSingleMoments(rounds: number, megabytes: number): Promise<void> {
  const { ctx, dir } = await testContext();
  await fillDatabase(ctx, megabytes);
  const writes = startCountedWrites(ctx);
  const folder = createFolder();
  for (let round = 1; round <= rounds; round += 1) {
    const file = join(folder, `${round}.zip`);
    const before = await until(() => {
      expect(writes.count()).toBeGreaterThan(0);
      return writes.count();
    });
    const made = await runProgram({ words: ["backup", file], env: { DATA_DIR: dir } });
    const after = writes.count();
    const target = join(folder, String(round));
    const restored = await runProgram({ words: ["restore", file], env: { DATA_DIR: target } });
    const [left = 0, right] = readCounters(target);

    expect([made, restored]).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(right).toBe(left);
    expect(left).toBeGreaterThanOrEqual(before);
    expect(left).toBeLessThanOrEqual(after + 1);
    expect(after).toBeGreaterThan(before);
    expect(query(join(target, "starpunk.db"), "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  }
  await writes.stop();
}
