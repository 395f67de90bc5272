import SQLite from "better-sqlite3";
import { onTestFinished } from "vitest";
import { Database } from "../../src/db/database.ts";

// Under Node 24 a connection that is garbage-collected aborts the process.
const kept: unknown[] = [];

/** Opens the database of a test anew while another program holds its lock: reads go on, every write is given up soon. */
export function openLocked(dir: string): Database {
  const file = `${dir}/starpunk.db`;
  const other = new SQLite(file);
  kept.push(other);
  other.exec("BEGIN IMMEDIATE");
  const db = Database.open({ file, readers: 1, limits: { lockWaitMs: 100 } });
  onTestFinished(() => {
    db.close();
    other.close();
  });
  return db;
}
