import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import SQLite from "better-sqlite3";
import { expect, onTestFinished, test } from "vitest";
import { migrate } from "../../src/db/migrate.ts";
import { NOW, testFolder } from "../support/context.ts";
import { copyMigrations, migrationNames, query, readSchema, tamper } from "../support/database-files.ts";
import { RELEASES, unpackRelease } from "../support/old-data.ts";
import { createFolder, runProgram, startProgram, startServing } from "../support/server-process.ts";

const NEW_NOTE = "INSERT INTO notes SELECT id + 100, 'urn:uuid:new', anchor, 'since', kind, status, restore_status";
const COLUMNS_AFTER = `visibility, published_at, published_offset, updated_at, first_public_at, created_at,
  '2026-12-01T00:00:00.000Z', trashed_at, version, made_by, import_path, import_hash, import_version, content_format,
  renderer_version, language, 'Written since', tags, properties, unspaced_text, content_text, content, content_html`;

/** All that readers and the author see of a database. */
function contentOf(file: string): unknown {
  return [query(file, "SELECT * FROM notes ORDER BY id"), query(file, "SELECT * FROM settings ORDER BY name")];
}

/** A folder of a release that this version has brought up to date, with a note written since and another one changed. */
async function upgradedFolder(version = "0.1.0") {
  const dataDir = unpackRelease(version, createFolder());
  const file = join(dataDir, "starpunk.db");
  const before = { schema: readSchema(file), content: contentOf(file) };
  await migrate({ file, clock: () => NOW });
  tamper(file, `${NEW_NOTE}, ${COLUMNS_AFTER} FROM notes WHERE id = 2; UPDATE notes SET version = 9 WHERE id = 4`);
  return { dataDir, file, before, env: { DATA_DIR: dataDir } };
}

function asideIn(dataDir: string): string[] {
  return readdirSync(dataDir).filter((name) => name.startsWith("rolled-back-"));
}

function snapshotsIn(dataDir: string): string[] {
  return readdirSync(dataDir).filter((name) => name.startsWith("starpunk-before-"));
}

test.each(RELEASES)(
  "a data folder of %s that was upgraded goes back to what it was, and says what is lost",
  async (version) => {
    const { dataDir, file, before, env } = await upgradedFolder(version);
    const media = readdirSync(join(dataDir, "media"));

    const { code, stdout, stderr } = await runProgram({ words: ["rollback"], env });

    const [aside = ""] = asideIn(dataDir);
    expect({ code, schema: readSchema(file), content: contentOf(file) }).toEqual({ code: 0, ...before });
    expect(stdout).toMatch(/^changed\ta-draft\t\S+Z\t\nnew\tsince\t2026-12-01T00:00:00\.000Z\tWritten since\n$/u);
    expect(stderr).toContain(`kept, with its media files, in ${join(dataDir, aside)}`);
    expect(stderr).toContain("whose newest migration is 006-search.sql: this one would upgrade the database again");
    expect(readdirSync(join(dataDir, aside)).sort()).toEqual(["media", "starpunk.db"]);
    expect(readdirSync(join(dataDir, aside, "media"))).toEqual(media);
    expect(query(join(dataDir, aside, "starpunk.db"), "SELECT slug FROM notes WHERE id = 102")).toEqual([
      { slug: "since" },
    ]);
    expect(snapshotsIn(dataDir)).toEqual([]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  },
);

test("after a rollback the same version goes forward again, and back again", async () => {
  const { dataDir, file, before, env } = await upgradedFolder();
  await runProgram({ words: ["rollback"], env });

  const twice = await runProgram({ words: ["rollback"], env });
  const forward = await runProgram({ words: ["migrate"], env });
  const back = await runProgram({ words: ["rollback"], env });

  expect(twice).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("was never upgraded"),
  });
  expect(forward.stdout.trim().split("\n")).toEqual(migrationNames().slice(6));
  expect(back).toMatchObject({
    code: 0,
    stdout: "",
    stderr: expect.stringContaining("no note that the restored one lacks"),
  });
  expect({ schema: readSchema(file), content: contentOf(file) }).toEqual(before);
  expect(asideIn(dataDir)).toHaveLength(2);
});

test("the audit log of the database that is back says so", async () => {
  const folder = testFolder();
  const file = join(folder, "starpunk.db");
  const newest = migrationNames().length;
  await migrate({ file, folder: copyMigrations(join(folder, "before"), newest - 1), clock: () => NOW });
  await migrate({ file, clock: () => NOW });

  const { code, stderr } = await runProgram({ words: ["rollback"], env: { DATA_DIR: folder } });

  expect([code, stderr]).toEqual([0, expect.not.stringContaining("audit log")]);
  expect(query(file, "SELECT kind, doer, name, detail FROM audit_events")).toEqual([
    {
      kind: "site.roll_back",
      doer: "machine",
      name: "rollback",
      detail: migrationNames().slice(-2).toReversed().join(" → "),
    },
  ]);
});

test("an upgrade of several steps that broke off goes back to before its first", async () => {
  const folder = testFolder();
  const file = join(folder, "starpunk.db");
  await migrate({ file, folder: copyMigrations(join(folder, "one"), 2), clock: () => NOW });
  await migrate({ file, folder: copyMigrations(join(folder, "two"), 3), clock: () => NOW });
  await migrate({ file, folder: copyMigrations(join(folder, "three"), 5), clock: () => NOW });
  tamper(file, "UPDATE schema_migrations SET target = 7 WHERE number > 3");

  const { code, stderr } = await runProgram({ words: ["rollback"], env: { DATA_DIR: folder } });
  const twice = await runProgram({ words: ["rollback"], env: { DATA_DIR: folder } });

  expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining("is not upgraded to this version") });
  expect([code, stderr]).toEqual([
    0,
    expect.stringContaining("its schema is 003-jobs.sql again (it was 005-notes.sql)"),
  ]);
  expect(query(file, "SELECT max(number) AS newest FROM schema_migrations")).toEqual([{ newest: 3 }]);
  expect(snapshotsIn(folder)).toEqual(["starpunk-before-003.db"]);
});

test("nothing is put back while a server runs on the folder", async () => {
  const { dataDir, env } = await upgradedFolder();
  const { child, exited } = await startServing(dataDir);

  const refused = await runProgram({ words: ["rollback"], env });
  child.kill("SIGKILL");
  await exited;
  const allowed = await runProgram({ words: ["rollback"], env });

  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/stop (?:it|the server)/u) });
  expect(allowed.code).toBe(0);
});

test("nothing is put back while a program of another kind has the database open", async () => {
  const { dataDir, file, env } = await upgradedFolder();
  const other = new SQLite(file);
  onTestFinished(() => {
    other.close();
  });
  other.prepare("SELECT count(*) FROM notes").get();

  const { code, stderr } = await runProgram({ words: ["rollback"], env });

  expect([code, stderr]).toEqual([1, expect.stringContaining("Another program has the database")]);
  expect(asideIn(dataDir)).toEqual([]);
});

test.each([
  [
    "was never upgraded",
    async (file: string) => {
      rmSync(file);
      await migrate({ file, clock: () => NOW });
    },
  ],
  ["starpunk-before-007.db is gone", (file: string) => rmSync(file.replace(".db", "-before-007.db"))],
  [
    "starpunk-before-007.db cannot be used",
    (file: string) => writeFileSync(file.replace(".db", "-before-007.db"), "no"),
  ],
  ["There is no database", (file: string) => rmSync(file)],
])("a folder that cannot go back is left as it is: %s", async (sentence, spoil) => {
  const { dataDir, file, env } = await upgradedFolder();
  await spoil(file);
  const before = stateOf(dataDir);

  const { code, stdout, stderr } = await runProgram({ words: ["rollback"], env });

  expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining(sentence)]);
  expect(stateOf(dataDir)).toEqual(before);
});

test("of eight processes at once exactly one rolls back", async () => {
  const { dataDir, file, before, env } = await upgradedFolder();

  const ends = await Promise.all(Array.from({ length: 8 }, () => runProgram({ words: ["rollback"], env })));

  expect(ends.map(({ code }) => code).sort()).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
  expect({ schema: readSchema(file), content: contentOf(file) }).toEqual(before);
  expect(asideIn(dataDir)).toHaveLength(1);
});

test("a rollback that is killed at any moment leaves the one database or the other, whole", {
  timeout: 120_000,
}, async () => {
  const { file, env } = await upgradedFolder();
  const newest = () => query(file, "SELECT max(number) AS number FROM schema_migrations");

  for (let round = 0; round < 12; round += 1) {
    const { child, exited } = startProgram({ words: ["rollback"], env });
    await sleep(150 + Math.random() * 250);
    child.kill("SIGKILL");
    await exited;
    expect(readSchema(file)).toMatchObject({ integrity: [{ integrity_check: "ok" }] });
    expect([[{ number: 6 }], [{ number: migrationNames().length }]]).toContainEqual(newest());
    await migrate({ file, clock: () => NOW });
  }

  expect((await runProgram({ words: ["rollback"], env })).code).toBe(0);
  expect(newest()).toEqual([{ number: 6 }]);
});

/** What a rollback could have changed. */
function stateOf(dataDir: string): unknown {
  const names = readdirSync(dataDir).filter(
    (name) => !/^(?:logs|starpunk\.lock|starpunk\.db-(?:wal|shm))$/u.test(name),
  );
  return { names, notes: names.includes("starpunk.db") && contentOf(join(dataDir, "starpunk.db")) };
}
