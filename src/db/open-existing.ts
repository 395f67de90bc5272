import { accessSync, constants, existsSync } from "node:fs";
import type { ConnectionOptions } from "./connection.ts";
import { Connection } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";
import { toDatabaseError } from "./start-error.ts";

/** Versions before this one can lose committed pages when several connections write and checkpoint at once. */
export const OLDEST_SQLITE = "3.51.3";

/** Opens one connection to an existing database in WAL mode. Throws DatabaseError. */
export function openExisting(options: ConnectionOptions): Connection {
  const { file } = options;
  if (!existsSync(file)) {
    throw new DatabaseError("missing", `There is no database at ${file}: "starpunk migrate" makes one.`);
  }
  try {
    // SQLite would quietly open a read-only file for reading, and refuse the first write.
    if (!options.readonly) accessSync(file, constants.W_OK);
    return withRules(new Connection(options), options);
  } catch (error) {
    throw toDatabaseError(error, file);
  }
}

/** Whether this version of SQLite is safe with several writing processes. */
export function isSafeSqlite(version: string): boolean {
  const oldest = OLDEST_SQLITE.split(".").map(Number);
  const parts = version.split(".").map(Number);
  const at = oldest.findIndex((number, index) => parts[index] !== number);
  return at === -1 || (parts[at] ?? 0) > (oldest[at] ?? 0);
}

function withRules(connection: Connection, { file, readonly }: ConnectionOptions): Connection {
  try {
    requireSafeSqlite(connection);
    if (readonly) connection.get("SELECT count(*) FROM sqlite_schema");
    else requireWal(connection, file);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function requireSafeSqlite(connection: Connection): void {
  const version = connection.get<{ version: string }>("SELECT sqlite_version() AS version")?.version ?? "";
  if (isSafeSqlite(version)) return;
  throw new DatabaseError(
    "sqlite",
    `SQLite ${version} can lose notes when several processes write: run "npm ci" to get at least ${OLDEST_SQLITE}.`,
  );
}

function requireWal(connection: Connection, file: string): void {
  const mode = connection.get<{ journal_mode: string }>("PRAGMA journal_mode = WAL")?.journal_mode;
  if (mode === "wal") return;
  throw new DatabaseError(
    "unwritable",
    `The disk of ${file} cannot hold a write-ahead log: put DATA_DIR on a local disk.`,
  );
}
