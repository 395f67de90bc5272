import { statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Reader } from "../../src/db/connection.ts";
import { Database } from "../../src/db/database.ts";
import { NOW, testContext } from "../support/context.ts";

test("a lease sees one moment over its awaits, and blocks no write", async () => {
  const db = await openDatabase({ readers: 2 });
  await insert(db, "before");

  const seen = await db.lease(async (reader) => {
    await insert(db, "during");
    await nextTurn();
    return [names(reader), names(db)];
  });

  expect(seen).toEqual([["before"], ["before", "during"]]);
  expect(await db.lease(async (reader) => names(reader))).toEqual(["before", "during"]);
});

test("the moment is that of the lease, not of its first read", async () => {
  const db = await openDatabase({ readers: 1 });

  const seen = await db.lease(async (reader) => {
    await insert(db, "during");
    return names(reader);
  });

  expect(seen).toEqual([]);
});

test("as many leases as there are connections run at once; the next ones wait, in their order", async () => {
  const db = await openDatabase({ readers: 2 });
  const order: string[] = [];
  const gates = [openGate(), openGate(), openGate(), openGate()];

  const leases = gates.map((gate, number) =>
    db.lease(async () => {
      order.push(`begin ${number}`);
      await gate.opened;
    }),
  );
  await nextTurn();
  expect(db.leaseStatistics()).toEqual({ size: 2, active: 2, idle: 0, waiting: 2, timeouts: 0 });

  for (const [number, gate] of gates.entries()) {
    gate.open();
    await leases[number];
  }

  expect(order).toEqual(["begin 0", "begin 1", "begin 2", "begin 3"]);
  expect(db.leaseStatistics()).toEqual({ size: 2, active: 0, idle: 2, waiting: 0, timeouts: 0 });
});

test("connections are opened when they are needed, and used again", async () => {
  const db = await openDatabase({ readers: 5 });
  expect(db.leaseStatistics()).toEqual({ size: 5, active: 0, idle: 0, waiting: 0, timeouts: 0 });

  for (let round = 0; round < 3; round += 1) await db.lease(async (reader) => names(reader));

  expect(db.leaseStatistics()).toMatchObject({ active: 0, idle: 1 });
});

test("whoever waits too long for a connection is told to come back, and is counted", async () => {
  const db = await openDatabase({ readers: 1, limits: { leaseWaitMs: 50 } });
  const gate = openGate();
  const first = db.lease(() => gate.opened);

  await expect(db.lease(async () => "never")).rejects.toMatchObject({
    code: "unavailable",
    retryAfterSeconds: 5,
    message: "All connections for long reads are in use: try again in a moment.",
  });

  expect(db.leaseStatistics()).toEqual({ size: 1, active: 1, idle: 0, waiting: 0, timeouts: 1 });
  gate.open();
  await first;
  expect(await db.lease(async () => "again")).toBe("again");
});

test("a lease that lasts too long loses its reader, and its connection goes to the next", async () => {
  const db = await openDatabase({ readers: 1, limits: { leaseLifetimeMs: 50 } });
  const gate = openGate();

  const long = db.lease(async (reader) => {
    await gate.opened;
    return names(reader);
  });
  const next = db.lease(async (reader) => names(reader));

  expect(await next).toEqual([]);
  gate.open();
  await expect(long).rejects.toMatchObject({ code: "unavailable", message: expect.stringContaining("longer than") });
  expect(db.leaseStatistics()).toMatchObject({ active: 0, idle: 1 });
});

test("a reader is dead when its lease has ended, and a failure gives its connection back", async () => {
  const db = await openDatabase({ readers: 1 });
  let kept: Reader | undefined;

  const failed = db.lease(async (reader) => {
    kept = reader;
    throw new Error("no");
  });

  await expect(failed).rejects.toThrow("no");
  expect(() => kept?.get("SELECT 1")).toThrow(/after its function had ended/);
  expect(() => kept?.all("SELECT 1")).toThrow(/after its function had ended/);
  expect(db.leaseStatistics()).toMatchObject({ active: 0, idle: 1 });
});

test("a leased reader cannot write", async () => {
  const db = await openDatabase({ readers: 1 });

  await expect(db.lease(async (reader) => reader.get("DELETE FROM settings RETURNING name"))).rejects.toThrow(
    /readonly/,
  );
});

test("closing ends leases, refuses those who wait, and leaves no connection open", async () => {
  const { ctx, dir } = await testContext();
  ctx.db.close();
  const file = join(dir, "starpunk.db");
  const db = Database.open({ file, readers: 1 });
  const gate = openGate();
  const running = db.lease(async (reader) => {
    await gate.opened;
    return names(reader);
  });
  const waiting = db.lease(async (reader) => names(reader));
  const refused = [running, waiting].map((lease) => expect(lease).rejects.toMatchObject({ code: "unavailable" }));

  db.close();
  gate.open();
  await Promise.all(refused);

  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
});

test("a lease that is closed before it has begun is refused, and leaves no connection open", async () => {
  const { ctx, dir } = await testContext();
  ctx.db.close();
  const file = join(dir, "starpunk.db");
  const db = Database.open({ file, readers: 1 });

  const lease = db.lease(async (reader) => names(reader));
  const refused = expect(lease).rejects.toMatchObject({ code: "unavailable" });
  db.close();
  await refused;

  expect(statSync(`${file}-wal`, { throwIfNoEntry: false })).toBeUndefined();
});

test("the log that a long lease made grow is cut to 64 MB once it has ended", { timeout: 60_000 }, async () => {
  const { ctx, dir } = await testContext();
  const { db } = ctx;
  const log = join(dir, "starpunk.db-wal");
  const limit = 64 * 1024 * 1024;

  await db.lease(async () => {
    for (let round = 0; round < 20; round += 1) {
      await db.write(() =>
        db.run(
          "INSERT INTO settings (name, value, changed_at) VALUES (:name, json_quote(hex(randomblob(2000000))), :now)",
          { name: `big${round}`, now: NOW },
        ),
      );
    }
    expect(statSync(log).size).toBeGreaterThan(limit);
  });

  // Once the log is in the database, the next write begins it anew, and so cuts it.
  let writes = 0;
  const sizeAfterWrite = async (): Promise<number> => {
    writes += 1;
    await insert(db, `small${writes}`);
    return statSync(log).size;
  };
  await expect.poll(sizeAfterWrite, { timeout: 10_000 }).toBeLessThanOrEqual(limit);
});

async function openDatabase(options: Omit<Parameters<typeof Database.open>[0], "file">): Promise<Database> {
  const { dir } = await testContext();
  const db = Database.open({ file: join(dir, "starpunk.db"), ...options });
  onTestFinished(() => db.close());
  return db;
}

function insert(db: Database, name: string): Promise<unknown> {
  return db.write(() =>
    db.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, '1', :now)", { name, now: NOW }),
  );
}

function names(reader: Reader): string[] {
  return reader.all<{ name: string }>("SELECT name FROM settings ORDER BY name").map((row) => row.name);
}

function openGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
