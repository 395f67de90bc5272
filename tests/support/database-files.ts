import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import SQLite from "better-sqlite3";
import { MIGRATIONS_FOLDER, readMigrations } from "../../src/db/migration-files.ts";

/** Copies the first `count` migrations of this version into `folder`, for a database as an older version left it. */
export function copyMigrations(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(MIGRATIONS_FOLDER).sort().slice(0, count)) {
    cpSync(join(MIGRATIONS_FOLDER, name), join(folder, name));
  }
  return folder;
}

/** Every object of the schema with its text, and what `integrity_check` says. */
export function readSchema(file: string): unknown {
  return withSqlite(file, (sqlite) => ({
    objects: sqlite.prepare("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").all(),
    integrity: sqlite.prepare("PRAGMA integrity_check").all(),
  }));
}

/** Rows of one statement, read on a connection of its own. */
export function query(file: string, sql: string): unknown[] {
  return withSqlite(file, (sqlite) => sqlite.prepare(sql).all());
}

/** Changes a database behind the back of the program, also the inner tables of its search index. */
export function tamper(file: string, script: string): void {
  withSqlite(file, (sqlite) => sqlite.unsafeMode().exec(script));
}

/** Name and SHA-256 of every file of a folder: equal before and after means that nothing was touched. */
export function fingerprint(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [
        name,
        createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex"),
      ]),
  );
}

// Under Node 24 a connection that is garbage-collected aborts the process.
const kept: unknown[] = [];

function withSqlite<T>(file: string, use: (sqlite: SQLite.Database) => T): T {
  const sqlite = new SQLite(file);
  kept.push(sqlite);
  try {
    return use(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Names of all migrations of this version, in their order. */
export function migrationNames(): string[] {
  return readMigrations(MIGRATIONS_FOLDER).map(({ name }) => name);
}
