import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { expect, onTestFinished, test, vi } from "vitest";
import { createFolder, findFreePort, runProgram } from "../support/server-process.ts";

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** Runs `serve`, which is expected to end by itself. */
async function serve(env: Record<string, string>, through: string[] = []) {
  const port = String(await findFreePort());
  return runProgram({ words: ["serve"], env: { PORT: port, ...env }, through });
}

/** One clear sentence or two on one line, and nothing of the inside of the program. */
function expectOneLine(stderr: string, ...words: string[]): void {
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|Error:/);
  for (const word of words) expect(stderr).toContain(word);
}

function hashOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** A folder that was served before, with the path of its database. */
async function createUsedFolder() {
  const dataDir = createFolder();
  await runProgram({ words: ["migrate"], env: { DATA_DIR: dataDir } });
  return { dataDir, file: join(dataDir, "starpunk.db") };
}

test("all configuration problems are told at once, and nothing is made", async () => {
  const dataDir = join(createFolder(), "data");

  const result = await serve({
    DATA_DIR: dataDir,
    PORT: "http",
    SITE_URL: "blog",
    FEED_ITEMS: "every",
    LOG_LEVL: "info",
  });

  expect(result.code).toBe(1);
  expect(result.stdout).toBe("");
  expect(result.stderr.match(/^ {2}\w+/gm)).toEqual(["  PORT", "  SITE_URL", "  FEED_ITEMS", "  LOG_LEVL"]);
  expect(() => readdirSync(dataDir)).toThrow("ENOENT");
});

test("a port that is in use ends the start with one sentence that names it", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };

  const result = await serve({ DATA_DIR: createFolder(), PORT: String(port) });

  expect(result.code).toBe(1);
  expectOneLine(result.stderr, "PORT", String(port), "in use");
});

test("an address that is not of this machine ends the start with one sentence that names HOST", async () => {
  const result = await serve({ DATA_DIR: createFolder(), HOST: "192.0.2.1" });

  expect(result.code).toBe(1);
  expectOneLine(result.stderr, "HOST", "192.0.2.1");
});

test.each(["DATA_DIR", "LOG_DIR"])("a file in the place of the folder %s is named and left alone", async (option) => {
  const folder = createFolder();
  const file = join(folder, "file");
  writeFileSync(file, "mine");

  const inPlace = await serve({ DATA_DIR: join(folder, "data"), [option]: file });
  const above = await serve({ DATA_DIR: join(folder, "data"), [option]: join(file, "below") });

  expect([inPlace.code, above.code]).toEqual([1, 1]);
  expectOneLine(inPlace.stderr, option, file, "a file stands in its place");
  expectOneLine(above.stderr, option, file, "a file stands in its place");
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test("a folder that may not be written to is named", async () => {
  const folder = createFolder();
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  chmodSync(dataDir, 0o555);
  // The superuser writes wherever it likes, unless that right is taken away.
  const isSuperuser = process.getuid?.() === 0;
  const through = isSuperuser ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"] : [];

  const result = await serve({ DATA_DIR: dataDir }, through);

  expect(result.code).toBe(1);
  expectOneLine(result.stderr, "DATA_DIR", dataDir, "cannot be written to");
  expect(readdirSync(dataDir)).toEqual([]);
});

test("a disk without room is named, and nothing half-made is left", async () => {
  const dataDir = createFolder();

  // No file may grow past 0 bytes: what a full disk does to those that write.
  const result = await serve({ DATA_DIR: dataDir }, ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh"]);

  expect(result.code).toBe(1);
  expectOneLine(result.stderr, "DATA_DIR", dataDir, "full");
  expect(readdirSync(dataDir)).toEqual([]);
});

test("a disk that fills up while the database is made is named, and a later start succeeds", async () => {
  const dataDir = createFolder();

  const full = await serve({ DATA_DIR: dataDir }, ["sh", "-c", 'ulimit -f 60; exec "$@"', "sh"]);
  const later = await runProgram({ words: ["migrate"], env: { DATA_DIR: dataDir } });

  expect(full.code).toBe(1);
  expectOneLine(full.stderr, dataDir, "full");
  expect(later.code).toBe(0);
});

/** Records a migration that this version does not know. */
function makeNewer(file: string): void {
  const sqlite = new SQLite(file);
  sqlite.exec(`INSERT INTO schema_migrations (number, name, checksum, applied_at, target)
               SELECT max(number) + 1, 'later', 'x', applied_at, target + 1 FROM schema_migrations`);
  sqlite.close();
}

test.each([
  ["been migrated by a newer version", makeNewer],
  [
    "a damaged header",
    (file: string) => writeFileSync(file, Buffer.concat([Buffer.alloc(64, 7), readFileSync(file).subarray(64)])),
  ],
  ["been cut short", (file: string) => truncateSync(file, 8192)],
  ["nothing of a database", (file: string) => writeFileSync(file, "These are my notes, not a database. ".repeat(500))],
])("a database that has %s ends the start with one sentence, and is not touched", async (_what, damage) => {
  const { dataDir, file } = await createUsedFolder();
  damage(file);
  const before = hashOf(file);

  const result = await serve({ DATA_DIR: dataDir });

  expect(result.code).toBe(1);
  expectOneLine(result.stderr, file);
  expect(hashOf(file)).toBe(before);
});
