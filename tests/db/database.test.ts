import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { isSafeSqlite, OLDEST_SQLITE } from "../../src/db/open-existing.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";

describe("reading", () => {
  test("sees at once what another process has written", async () => {
    const { db, other } = await openTwice();

    for (let round = 1; round <= 50; round += 1) {
      await other.write(() => insert(other, `n${round}`));

      expect(db.all("SELECT name FROM settings")).toHaveLength(round);
      expect(db.get("SELECT 1 AS found FROM settings WHERE name = :name", { name: `n${round}` })).toEqual({ found: 1 });
    }
    other.close();
  });

  test("the data version moves with every commit, of this and of another process, and with nothing else", async () => {
    const { db, other } = await openTwice();
    const versions = [db.dataVersion()];
    db.all("SELECT * FROM settings");
    expect(db.dataVersion()).toBe(versions[0]);

    await db.write(() => insert(db, "mine"));
    versions.push(db.dataVersion());
    await other.write(() => insert(other, "theirs"));
    versions.push(db.dataVersion());
    await expect(other.write(() => fail(other))).rejects.toThrow("no");

    expect(db.dataVersion()).toBe(versions[2]);
    expect(new Set(versions).size).toBe(3);
    other.close();
  });

  test("a look ahead sees what is committed by anyone, is one moment, and inside a write is part of it", async () => {
    const { db, other } = await openTwice();
    const count = () => db.all("SELECT name FROM settings").length;
    await db.write(() => insert(db, "mine"));
    await other.write(() => insert(other, "theirs"));

    const seen = db.lookAhead(() => [count(), db.lookAhead(count), db.moment(count)]);
    const within = await db.write(() => {
      insert(db, "more");
      return db.lookAhead(count);
    });

    expect([seen, within, db.lookAhead(count)]).toEqual([[2, 2, 2], 3, 3]);
    expect(() => db.lookAhead(() => insert(db, "late"))).toThrow("outside of write");
    expect(() => db.lookAhead(() => fail(db))).toThrow();
    await db.write(() => insert(db, "after"));
    expect(count()).toBe(4);
    other.close();
  });

  test("a moment sees nothing of what is written meanwhile, and what comes after it sees everything", async () => {
    const { db, other, file } = await openTwice();
    const count = () => db.all("SELECT * FROM settings").length;

    const seen = db.moment(() => {
      const before = count();
      tamper(file, "INSERT INTO settings (name, value, changed_at) VALUES ('theirs', '1', 'now')");
      return [before, db.moment(count), db.get("SELECT 1 FROM settings WHERE name = 'theirs'")];
    });

    expect(seen).toEqual([0, 0, undefined]);
    expect(count()).toBe(1);
    expect(() =>
      db.moment(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    const inside = await db.write(() => {
      insert(db, "mine");
      return db.moment(count);
    });
    expect(inside).toBe(2);
    expect(count()).toBe(2);
    other.close();
  });

  test("what is remembered is read again after any commit, and each time inside of a write", async () => {
    const { db, other } = await openTwice();
    let reads = 0;
    const countSettings = (reader: Database): number => {
      reads += 1;
      return reader.all("SELECT * FROM settings").length;
    };

    expect([db.remember(countSettings), db.remember(countSettings), reads]).toEqual([0, 0, 1]);
    await other.write(() => insert(other, "theirs"));
    expect([db.remember(countSettings), db.remember(countSettings), reads]).toEqual([1, 1, 2]);
    const inside = await db.write(() => {
      insert(db, "mine");
      return [db.remember(countSettings), db.remember(countSettings), reads];
    });
    expect(inside).toEqual([2, 2, 4]);
    expect([db.remember(countSettings), reads]).toEqual([2, 5]);
    await expect(db.write(() => fail(db))).rejects.toThrow("no");
    expect([db.remember(countSettings), reads]).toEqual([2, 5]);
    other.close();
  });

  test("takes undefined for NULL, and refuses booleans and dates", async () => {
    const { db } = (await testContext()).ctx;

    expect(db.get("SELECT :value AS value", { value: undefined })).toEqual({ value: null });
    expect(db.get("SELECT 1 WHERE 0")).toBeUndefined();
    expect(() => db.get("SELECT :value", { value: true })).toThrow(TypeError);
    expect(() => db.get("SELECT :value", { value: new Date(0) })).toThrow(TypeError);
    expect(() => db.get("SELECT :value", {})).toThrow(RangeError);
  });

  test("cannot change anything", async () => {
    const { db } = (await testContext()).ctx;

    expect(() => db.get("DELETE FROM settings RETURNING name")).toThrow(/readonly/);
    expect(() => db.run("DELETE FROM settings")).toThrow(/outside of write/);
  });
});

describe("writing", () => {
  test("says what changed, and reads its own changes while others do not yet", async () => {
    const { db, other } = await openTwice();

    const seen = await db.write(() => {
      const first = db.run(
        "INSERT INTO media (name, source_hash, media_type, size_bytes, created_at) VALUES ('a', 'h', 't', 1, 'now')",
      );
      const all = db.run("UPDATE media SET size_bytes = 2");
      return { first, all, own: db.get("SELECT size_bytes FROM media"), others: other.all("SELECT name FROM media") };
    });

    expect(seen).toEqual({
      first: { changes: 1, lastInsertRowid: 1 },
      all: { changes: 1, lastInsertRowid: 1 },
      own: { size_bytes: 2 },
      others: [],
    });
    expect(other.all("SELECT name FROM media")).toEqual([{ name: "a" }]);
    other.close();
  });

  test("of one process happens in the order in which it was asked for", async () => {
    const { db } = (await testContext()).ctx;
    const order: number[] = [];

    await Promise.all(Array.from({ length: 100 }, (_, number) => db.write(() => order.push(number))));

    expect(order).toEqual(Array.from({ length: 100 }, (_, number) => number));
  });

  test("leaves nothing when its function throws, passes that error on, and goes on with the next", async () => {
    const { db } = (await testContext()).ctx;

    const failed = db.write(() => fail(db));
    const next = db.write(() => insert(db, "next"));

    await expect(failed).rejects.toThrow("no");
    await next;
    expect(db.all("SELECT name FROM settings")).toEqual([{ name: "next" }]);
  });

  test("passes the failure of a constraint on with its code", async () => {
    const { db } = (await testContext()).ctx;
    await db.write(() => insert(db, "a"));

    await expect(db.write(() => insert(db, "a"))).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT_PRIMARYKEY" });
    await expect(db.write(() => db.run("INSERT INTO note_aliases VALUES ('/a', 7, 'now')"))).rejects.toMatchObject({
      code: "SQLITE_CONSTRAINT_FOREIGNKEY",
    });
  });

  test("refuses a function that is slow, and undoes what it did", async () => {
    const { db } = (await testContext()).ctx;

    const slow = db.write(async () => {
      insert(db, "slow");
      throw new Error("this is heard by nobody");
    });

    await expect(slow).rejects.toThrow(/returned a promise/);
    expect(db.all("SELECT name FROM settings")).toEqual([]);
  });

  test("inside a write is refused, and undoes the outer one", async () => {
    const { db } = (await testContext()).ctx;

    const outer = db.write(() => {
      insert(db, "outer");
      db.write(() => insert(db, "inner")).catch(() => undefined);
    });

    await expect(outer).rejects.toThrow(/inside write/);
    expect(db.all("SELECT name FROM settings")).toEqual([]);
  });

  test("into a file that has become read-only says so", async () => {
    const { db } = (await testContext()).ctx;
    await db.write(() => db.run("PRAGMA query_only = ON"));

    await expect(db.write(() => insert(db, "a"))).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/starpunk\.db is read-only: give the server the right/),
    });
  });

  test("keeps an acknowledged change through a power cut, and the log within bounds", async () => {
    const { db } = (await testContext()).ctx;

    // Read inside of a write, so from the connection that writes.
    const pragmas = await db.write(() => [
      db.get("PRAGMA journal_mode"),
      db.get("PRAGMA synchronous"),
      db.get("PRAGMA foreign_keys"),
      db.get("PRAGMA trusted_schema"),
      db.get("PRAGMA journal_size_limit"),
    ]);

    expect(pragmas).toEqual([
      { journal_mode: "wal" },
      { synchronous: 2 },
      { foreign_keys: 1 },
      { trusted_schema: 0 },
      { journal_size_limit: 64 * 1024 * 1024 },
    ]);
  });
});

describe("opening and closing", () => {
  test("refuses a file that is not there, and makes none", () => {
    const dir = testFolder();

    expect(() => Database.open({ file: join(dir, "starpunk.db"), readers: 1 })).toThrow(
      expect.objectContaining({ name: "DatabaseError", code: "missing" }),
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  test("closing leaves one file, which only its user may read, and refuses whatever comes later", async () => {
    const { ctx, dir } = await testContext();
    await ctx.db.write(() => insert(ctx.db, "a"));
    await ctx.db.lease(async (reader) => reader.get("SELECT 1"));
    expect(readdirSync(dir).sort()).toEqual(["starpunk.db", "starpunk.db-shm", "starpunk.db-wal"]);

    ctx.db.close();
    ctx.db.close();

    expect(readdirSync(dir)).toEqual(["starpunk.db"]);
    const closed = { code: "unavailable", message: "The site is shutting down: try again in a moment." };
    expect(() => ctx.db.get("SELECT 1")).toThrow(expect.objectContaining(closed));
    expect(() => ctx.db.all("SELECT 1")).toThrow(expect.objectContaining(closed));
    expect(() => ctx.db.dataVersion()).toThrow(expect.objectContaining(closed));
    await expect(ctx.db.write(() => 1)).rejects.toMatchObject(closed);
    await expect(ctx.db.lease(async () => 1)).rejects.toMatchObject(closed);
  });

  test("the log has the rights of the database", async () => {
    const { ctx, dir } = await testContext();
    await ctx.db.write(() => insert(ctx.db, "a"));

    const modes = readdirSync(dir).map((name) => statSync(join(dir, name)).mode & 0o777);

    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  test("closing goes through while another process holds the lock", async () => {
    const { db, file } = await openTwice();
    const holder = Database.open({ file, readers: 1 });
    await db.write(() => insert(db, "a"));

    await holder.write(() => db.close());

    expect(holder.get("SELECT name FROM settings")).toEqual({ name: "a" });
    holder.close();
  });

  test("a database that was restored in another journal mode is put back into WAL", async () => {
    const { ctx, dir } = await testContext();
    ctx.db.close();
    const file = join(dir, "starpunk.db");
    tamper(file, "PRAGMA journal_mode = DELETE");

    const db = Database.open({ file, readers: 1 });

    await db.write(() => insert(db, "a"));
    expect(db.get("SELECT name FROM settings")).toEqual({ name: "a" });
    expect(query(file, "PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    db.close();
  });

  test.each([
    ["3.7.0", false],
    ["3.51.2", false],
    [OLDEST_SQLITE, true],
    ["3.53.2", true],
    ["3.100.0", true],
    ["4.0.0", true],
    ["", false],
  ])("whether SQLite %s is safe with several writing processes: %s", (version, expected) => {
    expect(isSafeSqlite(version)).toBe(expected);
  });
});

describe("Node 24 aborts when a handle is garbage-collected, so", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, text: readFileSync(join("src", name), "utf8") }));

  test("only one file knows better-sqlite3", () => {
    const users = sources.filter(({ text }) => text.includes('from "better-sqlite3"'));

    expect(users.map(({ name }) => name)).toEqual([join("db", "connection.ts")]);
  });

  test("no statement is made that the cache does not keep", () => {
    const connection = sources.find(({ name }) => name === join("db", "connection.ts"))?.text ?? "";

    expect(connection).not.toMatch(/\.(pragma|iterate|backup|transaction)\(/);
    expect(connection.match(/\.prepare\(/g)).toHaveLength(1);
    expect(connection.match(/new SQLite\(/g)).toHaveLength(1);
  });
});

/** The same file opened twice, as two processes have it. */
async function openTwice(): Promise<{ db: Database; other: Database; file: string }> {
  const { ctx, dir } = await testContext();
  const file = join(dir, "starpunk.db");
  return { db: ctx.db, other: Database.open({ file, readers: 1 }), file };
}

function insert(db: Database, name: string): void {
  db.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, '1', :now)", { name, now: NOW });
}

function fail(db: Database): void {
  insert(db, "lost");
  throw new Error("no");
}
