import { closeSync, fsyncSync, openSync } from "node:fs";
import type { Reader } from "./connection.ts";
import { Connection } from "./connection.ts";
import { PRIVATE_FILE_MODE } from "./create-file.ts";
import { toDatabaseError } from "./start-error.ts";

/** How long a copy waits for a lock, in milliseconds. Only recovery after a crash makes it wait at all. */
export const COPY_WAIT_MS = 5_000;

/** Most faults of a database that are told. */
export const MAX_FAULTS_TOLD = 20;

/**
 * Copies a database as it is at one moment into the new file `copy` (0600), compact and safe on the disk, while others
 * read and write it. Holds up its thread for as long as that takes. Throws SqliteError; the caller removes what is there
 * of the copy then.
 */
export function copyDatabase(file: string, copy: string, waitMs: number = COPY_WAIT_MS): void {
  closeSync(openSync(copy, "wx", PRIVATE_FILE_MODE));
  withReader(file, waitMs, (connection) => connection.run("VACUUM INTO :copy", { copy }));
  flush(copy);
}

/** Lets `look` read a database that nobody writes to. Throws DatabaseError when it is damaged. */
export function readCopy<T>(file: string, look: (reader: Reader) => T): T {
  try {
    return withReader(file, COPY_WAIT_MS, look);
  } catch (error) {
    throw toDatabaseError(error, file);
  }
}

/**
 * What SQLite finds wrong in a database, in its own words: pages, indexes and constraints by `integrity_check`, rows that
 * point at nothing by `foreign_key_check`. Empty for a sound one. Reads all of it.
 */
export function findDatabaseFaults(reader: Reader): string[] {
  const checked = reader.all<{ integrity_check: string }>("PRAGMA integrity_check(20)");
  const broken = checked.map((row) => row.integrity_check).filter((line) => line !== "ok");
  const dangling = reader.all<{ table: string; rowid: number | null; parent: string }>("PRAGMA foreign_key_check");
  const lines = dangling.map(({ table, rowid, parent }) => `row ${rowid} of ${table} points at no row of ${parent}`);
  return [...broken, ...lines].slice(0, MAX_FAULTS_TOLD);
}

/** Makes a file, or the names in a folder, safe from a power cut. */
export function flush(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function withReader<T>(file: string, waitMs: number, use: (connection: Connection) => T): T {
  const connection = new Connection({ file, readonly: true, busyTimeoutMs: waitMs });
  try {
    return use(connection);
  } finally {
    connection.close();
  }
}
