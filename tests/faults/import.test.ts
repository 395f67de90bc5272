import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { query } from "../support/database-files.ts";
import { picture } from "../support/images.ts";
import { writeFolder } from "../support/import.ts";
import { createFolder, runProgram, startProgram, startServing } from "../support/server-process.ts";

const NOTES = 60;

/** A folder of notes of about 8 KB each, every third with an image of its own. */
async function createNotes(): Promise<string> {
  const files: Record<string, string | Buffer> = {};
  for (let number = 0; number < NOTES; number += 1) {
    const image = number % 3 === 0 ? `![Picture](pic-${number}.png)\n\n` : "";
    files[`note-${number}.md`] = `---\ntags: [t${number % 5}]\n---\n${image}${`Words of note ${number}. `.repeat(400)}`;
    if (image !== "")
      files[`pic-${number}.png`] = await picture(10 + number, 10)
        .png()
        .toBuffer();
  }
  return writeFolder(files);
}

function countRows(file: string, table: string): number {
  const [found] = query(file, `SELECT count(*) AS rows FROM ${table}`) as { rows: number }[];
  return found?.rows ?? 0;
}

function expectWhole(dataDir: string): void {
  const file = join(dataDir, "starpunk.db");
  const tables = ["notes", "note_revisions", "note_tags", "media"];
  expect(tables.map((table) => countRows(file, table))).toEqual([NOTES, NOTES, NOTES, NOTES / 3]);
  expect(query(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
}

test("an import that is killed goes on where it was, and loses and doubles nothing", async () => {
  const root = await createNotes();
  const env = { DATA_DIR: createFolder() };
  const words = ["import", root];
  await runProgram({ words: ["migrate"], env });

  const file = join(env.DATA_DIR, "starpunk.db");
  for (const rows of [1, NOTES / 3, NOTES / 2]) {
    const { child, exited } = startProgram({ words, env });
    const hasMade = () => expect(countRows(file, "notes")).toBeGreaterThanOrEqual(rows);
    await vi.waitFor(hasMade, { timeout: 20_000, interval: 1 });
    child.kill("SIGKILL");
    expect((await exited).signal).toBe("SIGKILL");
  }
  const last = await runProgram({ words, env });
  const again = await runProgram({ words, env });

  expect(last.code).toBe(0);
  expect(again.stdout).toBe(`0 created, 0 changed, ${NOTES} unchanged, 0 skipped\n`);
  expectWhole(env.DATA_DIR);
}, 60_000);

test("two imports of one folder at once make each note once", async () => {
  const root = await createNotes();
  const env = { DATA_DIR: createFolder() };

  const both = await Promise.all([1, 2].map(() => runProgram({ words: ["import", root], env })));

  const numbers = both.map(({ stdout }) => stdout.match(/\d+/gu)?.map(Number) ?? []);
  expect(both.map(({ code, stderr }) => ({ code, stderr }))).toEqual(Array(2).fill({ code: 0, stderr: "" }));
  expect((numbers[0]?.[0] ?? 0) + (numbers[1]?.[0] ?? 0)).toBe(NOTES);
  expect((numbers[0]?.[2] ?? 0) + (numbers[1]?.[2] ?? 0)).toBe(NOTES);
  expectWhole(env.DATA_DIR);
}, 60_000);

test("a full disk stops an import with one sentence; with room it goes on where it was", async () => {
  const root = await createNotes();
  const env = { DATA_DIR: createFolder() };
  await runProgram({ words: ["migrate"], env });

  const full = await runProgram({
    words: ["import", root],
    env,
    through: ["sh", "-c", 'ulimit -f 1000; exec "$@"', "sh"],
  });
  const later = await runProgram({ words: ["import", root], env });

  const [, done = "0"] = full.stderr.match(/after (\d+) of 60 files/u) ?? [];
  expect(full.code).toBe(1);
  expect(full.stdout).toBe("");
  expect(full.stderr).toBe(
    `The import stopped after ${done} of 60 files, which are kept. The disk is full: make room, then import again.\n`,
  );
  expect(Number(done)).toBeGreaterThan(3);
  expect(later.stdout).toBe(`${NOTES - Number(done)} created, 0 changed, ${done} unchanged, 0 skipped\n`);
  expectWhole(env.DATA_DIR);
}, 60_000);

test("what is imported while a server runs is on its pages at once, and the log has a line of it", async () => {
  const env = { DATA_DIR: createFolder() };
  const { url } = await startServing(env.DATA_DIR);
  const before = await (await fetch(url)).text();

  const { code } = await runProgram({ words: ["import", writeFolder({ "a.md": "A quiet word" })], env });
  const after = await (await fetch(url)).text();

  expect(code).toBe(0);
  expect([before.includes("A quiet word"), after.includes("A quiet word")]).toEqual([false, true]);
  const log = readdirSync(join(env.DATA_DIR, "logs")).map((name) =>
    readFileSync(join(env.DATA_DIR, "logs", name), "utf8"),
  );
  expect(log.join("").match(/"event":"import\.run","count":1/gu)).toHaveLength(1);
});
