// Another process that uses the database, for tests of locks, kills and full disks. It does what it is told by message.
import SQLite from "better-sqlite3";
import { Database } from "../../src/db/database.ts";
import type { MigrateOptions } from "../../src/db/migrate.ts";
import { migrate } from "../../src/db/migrate.ts";
import type { Timestamp } from "../../src/lib/clock.ts";

/** What it can be asked for. */
export type Request =
  | { do: "migrate"; options: Omit<MigrateOptions, "clock"> }
  | { do: "open"; file: string }
  | { do: "lock"; file: string }
  | { do: "release" }
  | { do: "write"; name: string; size: number }
  | { do: "count" }
  | { do: "close" }
  | { do: "become"; user: number };

/** What it answers. */
export type Answer = { readonly value?: unknown; readonly error?: { name: string; code: string; message: string } };

const NOW = "2026-03-01T09:30:00.000Z" as Timestamp;

let database: Database | undefined;
let holder: SQLite.Database | undefined;

process.on("message", (request: Request) => {
  answer(request).then(
    (value) => process.send?.({ value }),
    (error) => process.send?.({ error: { name: error.name, code: error.code, message: error.message } }),
  );
});
process.send?.("ready");

async function answer(request: Request): Promise<unknown> {
  switch (request.do) {
    case "migrate":
      return (await migrate({ ...request.options, clock: () => NOW })).applied;
    case "open":
      database = Database.open({ file: request.file, readers: 1 });
      return undefined;
    case "lock":
      holder = new SQLite(request.file);
      holder.exec("BEGIN IMMEDIATE");
      return undefined;
    case "release":
      holder?.close();
      return undefined;
    case "write":
      return write(request.name, request.size);
    case "count":
      return database?.get<{ rows: number }>("SELECT count(*) AS rows FROM settings")?.rows;
    case "close":
      return database?.close();
    case "become":
      // Loads the native part while this user may still read it.
      new SQLite(":memory:").close();
      return process.setuid?.(request.user);
  }
}

async function write(name: string, size: number): Promise<unknown> {
  const value = JSON.stringify("x".repeat(size));
  return database?.write(() =>
    database?.run("INSERT INTO settings (name, value, changed_at) VALUES (:name, :value, :now)", {
      name,
      value,
      now: NOW,
    }),
  );
}
