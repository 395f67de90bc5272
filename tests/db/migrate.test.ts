import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { DatabaseErrorCode } from "../../src/db/database-error.ts";
import { migrate } from "../../src/db/migrate.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../../src/db/migration-files.ts";
import { NOW, testFolder } from "../support/context.ts";
import { copyMigrations, fingerprint, query, readSchema, tamper } from "../support/database-files.ts";

const ALL = readdirSync(MIGRATIONS_FOLDER).sort();

describe("migrating", () => {
  test("makes folder and file, which only its user may read, and applies every migration in order", async () => {
    const dir = join(testFolder(), "new", "data");
    const file = join(dir, "starpunk.db");

    const { applied } = await migrate({ file, clock: () => NOW });

    expect(applied).toEqual(ALL);
    expect(readdirSync(dir)).toEqual(["starpunk.db"]);
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(query(file, "SELECT number, name, applied_at, length(checksum) AS hash FROM schema_migrations")).toEqual(
      ALL.map((name, index) => ({ number: index + 1, name, applied_at: NOW, hash: 64 })),
    );
  });

  test("a second time changes nothing", async () => {
    const { dir, file } = await newDatabase();
    const before = fingerprint(dir);

    const { applied } = await migrate({ file, clock: () => NOW });

    expect(applied).toEqual([]);
    expect(fingerprint(dir)).toEqual(before);
  });

  test("goes on while another process has the database open", async () => {
    const { file } = await oldDatabase(2);
    const open = Database.open({ file, readers: 1 });

    const { applied } = await migrate({ file, clock: () => NOW });

    expect(applied).toEqual(ALL.slice(2));
    expect(open.all("SELECT * FROM notes")).toEqual([]);
    open.close();
  });

  test("leaves a schema whose every table is strict", async () => {
    const { file } = await newDatabase();

    const tables = query(
      file,
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    );

    expect(tables).toEqual([]);
  });
});

describe("before it changes an older database", () => {
  test("it makes a copy of it beside it, which only its user may read", async () => {
    const { dir, file } = await oldDatabase(2);
    tamper(file, `INSERT INTO settings (name, value, changed_at) VALUES ('siteTitle', '"Old"', 'then')`);
    const before = readSchema(file);

    await migrate({ file, clock: () => NOW });

    const copy = join(dir, "starpunk-before-003.db");
    expect(readdirSync(dir)).toEqual(["starpunk-before-003.db", "starpunk.db"]);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(readSchema(copy)).toEqual(before);
    expect(query(copy, "SELECT name, value FROM settings")).toEqual([{ name: "siteTitle", value: '"Old"' }]);
  });

  test("the copy opens with the version that it is of, and can be migrated again", async () => {
    const { dir, file, folder } = await oldDatabase(2);
    await migrate({ file, clock: () => NOW });
    const restored = join(testFolder(), "starpunk.db");
    cpSync(join(dir, "starpunk-before-003.db"), restored);

    await expect(migrate({ file: restored, folder, clock: () => NOW })).resolves.toEqual({ applied: [] });
    await expect(migrate({ file: restored, clock: () => NOW })).resolves.toEqual({ applied: ALL.slice(2) });
  });

  test("an older copy of the same step gives way, since the database has gone on from there", async () => {
    const { dir, file } = await oldDatabase(2);
    writeFileSync(join(dir, "starpunk-before-003.db"), "from an upgrade that was taken back");
    tamper(file, `INSERT INTO settings (name, value, changed_at) VALUES ('siteTitle', '"Later"', 'then')`);

    await migrate({ file, clock: () => NOW });

    expect(query(join(dir, "starpunk-before-003.db"), "SELECT value FROM settings")).toEqual([{ value: '"Later"' }]);
  });

  test("a run that another process has begun is finished without a second copy", async () => {
    const { dir, file } = await oldDatabase(2);
    tamper(file, "UPDATE schema_migrations SET target = 6 WHERE number = 2");

    await migrate({ file, clock: () => NOW });

    expect(readdirSync(dir)).toEqual(["starpunk.db"]);
  });
});

describe("a migration that breaks off", () => {
  test.each([
    ["in its SQL", "CREATE TABLE half (id INTEGER) STRICT; INSERT INTO nowhere VALUES (1);", /no such table: nowhere/],
    ["at a constraint", "CREATE TABLE half (id INTEGER); INSERT INTO settings VALUES ('a', 'no JSON', 'x');", /CHECK/],
    ["by ending its transaction", "CREATE TABLE half (id INTEGER); COMMIT;", /ends its own transaction/],
    [
      "by leaving rows that point at nothing",
      "-- foreign_keys=off\nCREATE TABLE half (id INTEGER REFERENCES author (id)); INSERT INTO half VALUES (7);",
      /point at nothing/,
    ],
  ])("%s is undone, and says so in one sentence", async (_, sql, reason) => {
    const { dir, file, folder } = await oldDatabase(2);
    writeFileSync(join(folder, "003-broken.sql"), sql);
    const before = readSchema(file);

    const error = await migrate({ file, folder, clock: () => NOW }).catch((thrown) => thrown);

    expectSentence(error, "failed");
    expect(error.message).toMatch(reason);
    expect(error.message).toContain("003-broken.sql");
    if (!sql.includes("COMMIT")) expect(readSchema(file)).toEqual(before);
    expect(query(file, "SELECT number FROM schema_migrations")).toHaveLength(2);
    expect(existsSync(join(dir, "starpunk-before-003.db"))).toBe(true);
  });

  test("keeps those before it", async () => {
    const { file, folder } = await oldDatabase(2);
    writeFileSync(join(folder, "003-good.sql"), "CREATE TABLE good (id INTEGER) STRICT;");
    writeFileSync(join(folder, "004-broken.sql"), "CREATE TABLE half (id INTEGER); oops;");

    await expect(migrate({ file, folder, clock: () => NOW })).rejects.toMatchObject({ code: "failed" });

    expect(query(file, "SELECT name FROM sqlite_schema WHERE name IN ('good', 'half')")).toEqual([{ name: "good" }]);
  });
});

test("a migration marked for it may rebuild a table that others point at", async () => {
  const { file, folder } = await oldDatabase(5);
  tamper(
    file,
    `INSERT INTO notes (uid, anchor, slug, status, content, content_format, content_html, content_text,
                        renderer_version, created_at, changed_at, version, made_by)
     VALUES ('u', 'a', 'kept', 'draft', '', 'text', '', '', 1, 'now', 'now', 1, 'admin');
     INSERT INTO note_aliases (path, note_id, created_at) VALUES ('/old', 1, 'now');`,
  );
  writeFileSync(
    join(folder, "006-rebuild.sql"),
    `-- foreign_keys=off
     CREATE TABLE media_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
     DROP TABLE media;
     ALTER TABLE media_new RENAME TO media;
     CREATE TABLE notes_new AS SELECT * FROM notes;
     DROP TABLE notes;
     CREATE TABLE notes (id INTEGER PRIMARY KEY, slug TEXT NOT NULL) STRICT;
     INSERT INTO notes SELECT id, slug FROM notes_new;
     DROP TABLE notes_new;`,
  );

  await migrate({ file, folder, clock: () => NOW });

  expect(query(file, "SELECT path, slug FROM note_aliases JOIN notes ON notes.id = note_id")).toEqual([
    { path: "/old", slug: "kept" },
  ]);
});

describe("a start is refused, and the folder left as it is,", () => {
  test("when an applied migration was edited", async () => {
    const { dir, file, folder } = await oldDatabase(2);
    writeFileSync(
      join(folder, "002-auth.sql"),
      `${readFileSync(join(folder, "002-auth.sql"), "utf8")}-- one more line\n`,
    );

    await expectRefusal({ dir, file, folder }, "edited", /^The migration 002-auth\.sql was edited after the database/);
  });

  test("when a newer version has migrated it", async () => {
    const { dir, file } = await newDatabase();
    const folder = copyMigrations(join(testFolder(), "older"), 4);

    await expectRefusal({ dir, file, folder }, "newer", /made by a newer StarPunk \(it has had the migration 005-/);
  });

  test("when it belongs to another program", async () => {
    const dir = testFolder();
    const file = join(dir, "starpunk.db");
    tamper(file, "CREATE TABLE bookmarks (url TEXT)");

    await expectRefusal({ dir, file }, "foreign", /is a database of another program/);
  });

  test("when the log of a database is there without it", async () => {
    const dir = testFolder();
    const file = join(dir, "starpunk.db");
    writeFileSync(`${file}-wal`, Buffer.alloc(5000, 1));

    await expectRefusal({ dir, file }, "missing", /starpunk\.db is gone, but its log .*starpunk\.db-wal is there/);
  });

  test("when the record of an older one has a gap", async () => {
    const { dir, file } = await newDatabase();
    tamper(file, "DELETE FROM schema_migrations WHERE number = 3");

    await expectRefusal({ dir, file }, "edited", /003-jobs\.sql/);
  });
});

describe("the files must be", () => {
  test.each<[string, string[]]>([
    ["without a gap", ["001-a.sql", "003-c.sql"]],
    ["without doubles", ["001-a.sql", "002-b.sql", "002-c.sql"]],
    ["begun at 001", ["002-b.sql"]],
    ["named by number and subject", ["1-a.sql"]],
    ["named in small letters", ["001-A b.sql"]],
  ])("%s", (_, names) => {
    const folder = testFolder();
    for (const name of names) writeFileSync(join(folder, name), "");

    const error = thrownBy(() => readMigrations(folder));

    expectSentence(error, "migrations");
  });

  test("the same for every line end, and other files beside them are left alone", () => {
    const [unix, dos] = [testFolder(), testFolder()];
    writeFileSync(join(unix, "001-a.sql"), "SELECT 1;\nSELECT 2;\n");
    writeFileSync(join(dos, "001-a.sql"), "SELECT 1;\r\nSELECT 2;\r\n");
    writeFileSync(join(dos, "README.md"), "");

    expect(readMigrations(dos)).toEqual(readMigrations(unix));
  });
});

type Place = { dir: string; file: string; folder: string };

async function newDatabase(): Promise<Place> {
  return oldDatabase(ALL.length);
}

/** A database as a version with the first `count` migrations has left it. */
async function oldDatabase(count: number): Promise<Place> {
  const dir = testFolder();
  const file = join(dir, "starpunk.db");
  const folder = copyMigrations(testFolder(), count);
  await migrate({ file, folder, clock: () => NOW });
  return { dir, file, folder };
}

async function expectRefusal(
  { dir, file, folder }: Omit<Place, "folder"> & { folder?: string },
  code: DatabaseErrorCode,
  message: RegExp,
): Promise<void> {
  const before = fingerprint(dir);
  const error = await migrate({ file, clock: () => NOW, ...(folder && { folder }) }).catch((thrown) => thrown);
  expectSentence(error, code);
  expect(error.message).toMatch(message);
  expect(fingerprint(dir)).toEqual(before);
}

/** One sentence, on one line, with what to do after its colon. */
function expectSentence(error: unknown, code: DatabaseErrorCode): void {
  expect(error).toMatchObject({ name: "DatabaseError", code });
  expect((error as Error).message).toMatch(/^[A-Z][^\n]*[^.\n]\.$/);
}

function thrownBy(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
}
