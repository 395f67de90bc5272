import type { Timestamp } from "../lib/clock.ts";
import type { Connection } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";
import type { Migration } from "./migration-files.ts";

/** Where a database stands among the migrations of this version. */
export type History = {
  /** How many it has had. */
  readonly applied: number;
  /** Those that it still needs, in their order. */
  readonly pending: readonly Migration[];
  /** Whether some process has begun to bring it up to date, and so has already copied it. */
  readonly isUnderWay: boolean;
};

type MigrationRow = { number: number; name: string; checksum: string; target: number };

/** Compares the record in the database with the files. Throws DatabaseError `foreign`, `edited` or `newer`. */
export function readHistory(connection: Connection, migrations: readonly Migration[], file: string): History {
  const rows = listApplied(connection, file);
  for (const [index, row] of rows.entries()) requireSame(row, migrations[index], file);
  return {
    applied: rows.length,
    pending: migrations.slice(rows.length),
    isUnderWay: (rows.at(-1)?.target ?? 0) > rows.length,
  };
}

/** Makes the table of the record, in a database that has none. */
export function createHistory(connection: Connection): void {
  connection.exec(`
    CREATE TABLE schema_migrations (
      number     INTEGER PRIMARY KEY,
      name       TEXT NOT NULL,
      checksum   TEXT NOT NULL,           -- SHA-256 of the file, hex
      applied_at TEXT NOT NULL,
      target     INTEGER NOT NULL         -- number of the last migration that was to be applied in this run
    ) STRICT
  `);
}

/** Records a migration as applied. */
export function insertMigration(
  connection: Connection,
  { number, name, checksum }: Migration,
  { now, target }: { now: Timestamp; target: number },
): void {
  connection.run(
    `INSERT INTO schema_migrations (number, name, checksum, applied_at, target)
     VALUES (:number, :name, :checksum, :now, :target)`,
    { number, name, checksum, now, target },
  );
}

function listApplied(connection: Connection, file: string): MigrationRow[] {
  const tables = connection.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
  if (tables.length === 0) return [];
  if (!tables.some(({ name }) => name === "schema_migrations")) {
    throw new DatabaseError(
      "foreign",
      `The file ${file} is a database of another program: set DATA_DIR to a folder of its own.`,
    );
  }
  return connection.all<MigrationRow>("SELECT number, name, checksum, target FROM schema_migrations ORDER BY number");
}

function requireSame(row: MigrationRow, migration: Migration | undefined, file: string): void {
  if (migration === undefined) {
    throw new DatabaseError(
      "newer",
      `The database ${file} was made by a newer StarPunk (it has had the migration ${row.name}, which is unknown here): install that version or restore an older backup.`,
    );
  }
  if (row.number === migration.number && row.checksum === migration.checksum) return;
  throw new DatabaseError(
    "edited",
    `The migration ${migration.name} was edited after the database ${file} had it: put the file back as it was released.`,
  );
}
