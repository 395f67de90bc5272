import type { Timestamp } from "../lib/clock.ts";
import type { Connection } from "./connection.ts";
import { sqliteCode } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";
import type { Migration } from "./migration-files.ts";
import type { History } from "./migration-history.ts";
import { createHistory, insertMigration, readHistory } from "./migration-history.ts";
import { copyBefore } from "./snapshot.ts";

/** What a migration is applied to. */
export type ApplyOptions = {
  readonly connection: Connection;
  /** All migrations of this version. */
  readonly migrations: readonly Migration[];
  readonly file: string;
  readonly now: Timestamp;
};

/** The name of the migration that was applied; `lost` when another process was faster; `done` when none is left. */
export type ApplyStep = string;

/** Applies the next migration that the database needs, in one transaction with its record. Throws when the lock is held. */
export function applyNext(options: ApplyOptions): ApplyStep {
  const [next] = readHistory(options.connection, options.migrations, options.file).pending;
  if (next === undefined) return "done";
  return withForeignKeysOff(options.connection, next.rebuildsTables, () =>
    inTransaction(options.connection, () => applyUnlessLost(next, options)),
  );
}

function applyUnlessLost(next: Migration, options: ApplyOptions): ApplyStep {
  const { connection, migrations, file, now } = options;
  const history = readHistory(connection, migrations, file);
  if (history.pending[0] !== next) return "lost";

  prepare(next, history, options);
  run(next, connection, file);
  insertMigration(connection, next, { now, target: migrations.length });
  return next.name;
}

function prepare(next: Migration, history: History, { connection, file }: ApplyOptions): void {
  if (history.applied === 0) createHistory(connection);
  else if (!history.isUnderWay) copyBefore(next, file);
}

function run(migration: Migration, connection: Connection, file: string): void {
  try {
    connection.exec(migration.sql);
    if (!connection.inTransaction) throw new Error("it ends its own transaction");
    if (migration.rebuildsTables && connection.get("PRAGMA foreign_key_check") !== undefined) {
      throw new Error("it leaves rows that point at nothing");
    }
  } catch (error) {
    throw isDiskFailure(error) ? error : failed(migration, file, error);
  }
}

function isDiskFailure(error: unknown): boolean {
  return /^SQLITE_(FULL|IOERR|CORRUPT|READONLY|NOMEM)/.test(sqliteCode(error) ?? "");
}

function failed(migration: Migration, file: string, cause: unknown): DatabaseError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError(
    "failed",
    `The migration ${migration.name} broke off (${reason}), and the database ${file} is as it was before it: go back to the version of StarPunk that you had, and report this.`,
    { cause },
  );
}

/** `PRAGMA foreign_keys` does nothing inside a transaction. */
function withForeignKeysOff<T>(connection: Connection, isOff: boolean, fn: () => T): T {
  if (!isOff) return fn();
  connection.exec("PRAGMA foreign_keys = OFF");
  try {
    return fn();
  } finally {
    connection.exec("PRAGMA foreign_keys = ON");
  }
}

function inTransaction<T>(connection: Connection, fn: () => T): T {
  connection.exec("BEGIN IMMEDIATE");
  try {
    const value = fn();
    connection.exec("COMMIT");
    return value;
  } finally {
    if (connection.inTransaction) connection.exec("ROLLBACK");
  }
}
