import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLastBackup } from "../../src/backup/last-backup.ts";
import { loadConfig } from "../../src/config/config.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testContext } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";

test("a server of the bundle makes and proves the backup that was asked for, while it serves", async () => {
  const dir = createFolder();
  const server = await startServing(dir);
  const now = systemClock();

  tamper(
    join(dir, "starpunk.db"),
    `INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('backup.make', '{}', 'waiting', '${now}', '${now}')`,
  );

  const config = loadConfig({ DATA_DIR: dir });
  await until(() => expect(readLastBackup({ config, clock: systemClock })?.proof).toBe("ok"));
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(readdirSync(join(dir, "backups"))).toEqual([
    expect.stringMatching(/^starpunk-by-hand-.*Z\.zip$/),
    expect.stringMatching(/^starpunk-by-hand-.*Z\.zip\.json$/),
  ]);
});

test("a backup on the command line is proved on demand, and one that fails its proof is told with exit 1", async () => {
  const { ctx, dir } = await testContext();
  await publishNote(ctx, { content: "hello" }, { madeBy: "admin" });
  const file = join(createFolder(), "a.zip");

  const sound = await runProgram({ words: ["backup", file, "--prove"], env: { DATA_DIR: dir } });
  tamper(join(dir, "starpunk.db"), "PRAGMA foreign_keys = OFF; UPDATE note_revisions SET note_id = 99");
  const broken = await runProgram({ words: ["backup", file, "--prove", "--force"], env: { DATA_DIR: dir } });

  expect(sound).toMatchObject({ code: 0, stdout: expect.stringContaining("is sound") });
  expect(broken).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/failed its proof: .*points at no row of notes/),
  });
  expect(existsSync(file)).toBe(true);
  expect(JSON.parse(readFileSync(`${file}.json`, "utf8"))).toMatchObject({
    notes: 1,
    problem: expect.stringMatching(/./),
  });
});
