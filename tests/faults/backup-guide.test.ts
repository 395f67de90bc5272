import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLastBackup } from "../../src/backup/last-backup.ts";
import { loadConfig } from "../../src/config/config.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { testContext } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";
import { until } from "../support/until.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Every command of the guide, in its order, but those that serve until they are stopped. */
function commandsOfGuide(): string[] {
  const page = readFileSync(join(ROOT, "docs/operations/backup.md"), "utf8");
  const blocks = [...page.matchAll(/^ *```\n([\s\S]*?)^ *```$/gm)].map(([, block]) => block ?? "");
  return blocks.flatMap((block) => block.split("\n").map((line) => line.trim())).filter((line) => line !== "");
}

test("every command of the guide does what it says, in its order", async () => {
  const { ctx, dir } = await testContext();
  await publishNote(ctx, { content: "hello" }, { madeBy: "admin" });
  const folder = createFolder();
  const places = { "/mnt/usb": "usb", "/tmp/rehearsal": "rehearsal", "/var/lib/starpunk": "site", "/home/ada": "home" };
  for (const name of Object.values(places)) mkdirSync(join(folder, name));
  mkdirSync(join(folder, "site", "backups"));
  writeFileSync(join(folder, "site", "backups", "a.zip"), "zip");
  await runProgram({ words: ["migrate"], env: { DATA_DIR: dir } });
  const commands = commandsOfGuide().filter((line) => !line.endsWith(" serve"));

  const failed: string[] = [];
  for (const command of commands) {
    const line = Object.entries(places).reduce((text, [from, to]) => text.replaceAll(from, join(folder, to)), command);
    // A machine that has no rsync still reads the line; the other machine of that line is this one.
    if (line.startsWith("rsync") && spawnSync("rsync", ["--version"]).status !== 0) continue;
    const script = `starpunk() { "${process.execPath}" "${join(ROOT, "dist/main.js")}" "$@"; }\n${line.replace("server:", "")}`;
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script], { env: { PATH: process.env.PATH, DATA_DIR: dir } });
    if (status !== 0) failed.push(`${line}: ${stderr}`);
  }

  expect(commands.length).toBeGreaterThanOrEqual(5);
  expect(failed).toEqual([]);
  for (const name of ["site", "rehearsal"]) {
    expect(query(join(folder, name, "starpunk.db"), "SELECT content FROM notes")).toEqual([{ content: "hello" }]);
  }
});

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
