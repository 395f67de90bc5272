import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../lib/root.ts";
import { hashSecret } from "../lib/secrets.ts";
import { DatabaseError } from "./database-error.ts";

/** The migrations of this version. */
export const MIGRATIONS_FOLDER = join(ROOT, "migrations");

/** One file `NNN-subject.sql`. */
export type Migration = {
  readonly number: number;
  /** The name of the file. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex, line ends taken as LF. */
  readonly checksum: string;
  /** Whether the first line is `-- foreign_keys=off`, for rebuilding a table that others point at. */
  readonly rebuildsTables: boolean;
};

const NAME = /^(\d{3})-[a-z0-9]+(?:-[a-z0-9]+)*\.sql$/;

/** Reads the migrations of a folder in their order. Throws DatabaseError for a wrong name, a double number or a gap. */
export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const migrations = names.map((name) => readMigration(folder, name));
  for (const [index, migration] of migrations.entries()) {
    if (migration.number !== index + 1) throw misnumbered(migration.name, index + 1);
  }
  return migrations;
}

function readMigration(folder: string, name: string): Migration {
  const number = NAME.exec(name)?.[1];
  if (number === undefined) {
    throw new DatabaseError("migrations", `The migration "${name}" must be named like 007-subject.sql.`);
  }
  const sql = readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n");
  return {
    number: Number(number),
    name,
    sql,
    checksum: hashSecret(sql),
    rebuildsTables: sql.startsWith("-- foreign_keys=off\n"),
  };
}

function misnumbered(name: string, expected: number): DatabaseError {
  const number = String(expected).padStart(3, "0");
  return new DatabaseError(
    "migrations",
    `The migrations must be numbered without gaps or doubles: "${name}" stands where number ${number} belongs; install this version of StarPunk again.`,
  );
}
