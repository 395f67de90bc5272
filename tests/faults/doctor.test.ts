import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { openTestContext } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";
import { unpackRelease } from "../support/old-data.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";

const PAGE_BYTES = 4096;
const MARK = "the page that breaks";

/** A folder whose notes fill many pages, and nobody works with it. */
async function closedSite(): Promise<{ dataDir: string; file: string; env: Record<string, string> }> {
  const { ctx, dir } = await openTestContext();
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  await publishNote(ctx, { content: `${MARK} ${"lorem ipsum ".repeat(100)}` }, { madeBy: "admin" });
  for (let number = 0; number < 40; number += 1)
    await publishNote(ctx, { content: `Note ${number} ${"lorem ipsum ".repeat(100)}` }, { madeBy: "admin" });
  ctx.db.close();
  return { dataDir: dir, file: join(dir, "starpunk.db"), env: { DATA_DIR: dir } };
}

function doctor(env: Record<string, string>, ...words: string[]) {
  return runProgram({ words: ["doctor", ...words], env });
}

/** Overwrites the beginning of a page that holds the marked text, as a failing disk would. */
function breakPage(file: string): void {
  const bytes = readFileSync(file);
  const page = Math.floor(bytes.indexOf(MARK) / PAGE_BYTES);
  bytes.fill("\u2588", page * PAGE_BYTES, page * PAGE_BYTES + 64);
  writeFileSync(file, bytes);
}

test("a damaged page inside the database is found, and nothing is overwritten, not even by --fix", async () => {
  const { file, env } = await closedSite();
  breakPage(file);
  const damaged = readFileSync(file);

  const looked = await doctor(env);
  const fixed = await doctor(env, "--fix");

  expect([looked.code, fixed.code]).toEqual([1, 1]);
  expect(looked.stdout).toMatch(/^error +integrity +.*(?:page|btree|malformed)/imu);
  expect(looked.stdout).toContain("copy DATA_DIR before anything else");
  expect(looked.stdout).toMatch(/^ok +node/mu);
  expect(looked.stderr).toMatch(/^\d of these lose data or stop the site\.\n$/u);
  expect(readFileSync(file).equals(damaged)).toBe(true);
});

test.each<[what: string, spoil: (file: string) => void, line: RegExp]>([
  ["cut short", (file) => truncateSync(file, 20 * PAGE_BYTES), /^error +integrity +.*cut short/mu],
  ["overwritten", (file) => writeFileSync(file, "x".repeat(9_000)), /^error +integrity +.*header is overwritten/mu],
  ["gone, but for its log", (file) => renameSync(file, `${file}-wal`), /^error +integrity +.*is gone/mu],
  [
    "of a newer version",
    (file) => tamper(file, "INSERT INTO schema_migrations VALUES (900, '900-x.sql', 'x', '2026', 900)"),
    /^error +schema +.*made by a newer StarPunk/mu,
  ],
  [
    "of another program",
    (file) => tamper(file, "DROP TABLE schema_migrations"),
    /^error +schema +.*database of another program/mu,
  ],
])("a database that is %s is an error, and is left as it is", async (_what, spoil, line) => {
  const { dataDir, file, env } = await closedSite();
  spoil(file);
  const names = readdirSync(dataDir);
  const bytes = names.map((name) => name.startsWith("starpunk.db") && readFileSync(join(dataDir, name), "hex"));

  const { code, stdout } = await doctor(env, "--fix");

  expect([code, stdout]).toEqual([1, expect.stringMatching(line)]);
  expect(readdirSync(dataDir).filter((name) => name !== "starpunk.lock")).toEqual(names);
  expect(names.map((name) => name.startsWith("starpunk.db") && readFileSync(join(dataDir, name), "hex"))).toEqual(
    bytes,
  );
});

test("in a folder that cannot be written it says so, and looks at the rest all the same", async () => {
  const { dataDir, file } = await closedSite();
  for (const name of readdirSync(dataDir)) chmodSync(join(dataDir, name), 0o400);
  chmodSync(dataDir, 0o500);
  // The superuser writes wherever it likes, unless that right is taken away.
  const isSuperuser = process.getuid?.() === 0;
  const through = isSuperuser ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"] : [];

  const { code, stdout } = await runProgram({ words: ["doctor"], env: { DATA_DIR: dataDir }, through });

  chmodSync(dataDir, 0o700);
  expect(code).toBe(1);
  expect(stdout).toContain(`${dataDir} cannot be written by this user`);
  expect(stdout).toContain(`${file} cannot be written by this user`);
  expect(stdout).toMatch(/^ok +integrity +41 notes, every page is sound$/mu);
});

test("beside a server it finds that SITE_URL leads to it, and mends what is to be mended", async () => {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const { url, port } = await startServing(dataDir);
  const env = { DATA_DIR: dataDir, SITE_URL: url, PORT: String(port) };
  const file = join(dataDir, "starpunk.db");
  tamper(file, "DELETE FROM note_search WHERE rowid = 2");

  const looked = await doctor(env);
  const fixed = await doctor(env, "--fix");
  const again = await doctor(env, "--json");

  expect(looked.stdout).toMatch(new RegExp(`^ok +site_url +${url} is this site$`, "mu"));
  expect(looked.stdout).toMatch(/^warning +search_index +lacks 1 notes/mu);
  expect(fixed.stderr).toContain("mended: made the search index anew\n");
  const left = (JSON.parse(again.stdout) as { check: string; status: string }[]).filter(
    ({ status }) => status !== "ok",
  );
  expect(left.map(({ check }) => check).filter((check) => check !== "backup")).toEqual([]);
  expect([looked.code, fixed.code, again.code]).toEqual([0, 0, 0]);
  expect(query(file, "SELECT count(*) AS entries FROM note_search")).toEqual([{ entries: 8 }]);
});

test("where there is no site yet, nothing is made", async () => {
  const dataDir = join(createFolder(), "none");

  const { code, stdout } = await doctor({ DATA_DIR: dataDir });

  expect([code, stdout]).toEqual([0, expect.stringMatching(/^warning +integrity +there is no database at/mu)]);
  expect(() => readdirSync(dataDir)).toThrow("ENOENT");
});
