import { renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { copyDatabase, flush } from "./copy-database.ts";
import type { Migration } from "./migration-files.ts";

/** What snapshots are called: `starpunk-before-007.db`. */
export const SNAPSHOT_NAME = /^starpunk-before-(\d{3})\.db$/;

/** Where the copy stands that is made before a migration: `starpunk-before-007.db` beside `starpunk.db`. */
export function snapshotFile(file: string, migration: Pick<Migration, "name">): string {
  return `${file.replace(/\.db$/, "")}-before-${migration.name.slice(0, 3)}.db`;
}

/**
 * Copies the database as it stands to its `snapshotFile`, replacing an older one, whole or not at all. The caller
 * holds the write lock on another connection, so that nothing comes after the copy but the migration.
 */
export function copyBefore(migration: Migration, file: string): void {
  const copy = snapshotFile(file, migration);
  const draft = `${copy}.new`;
  rmSync(draft, { force: true });
  try {
    copyDatabase(file, draft, 0);
    renameSync(draft, copy);
    flush(dirname(copy));
  } finally {
    rmSync(draft, { force: true });
  }
}
