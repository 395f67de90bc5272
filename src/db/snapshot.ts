import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Connection } from "./connection.ts";
import { PRIVATE_FILE_MODE } from "./create-file.ts";
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
    closeSync(openSync(draft, "wx", PRIVATE_FILE_MODE));
    vacuumInto(draft, file);
    flush(draft);
    renameSync(draft, copy);
    flush(dirname(copy));
  } finally {
    rmSync(draft, { force: true });
  }
}

function vacuumInto(copy: string, file: string): void {
  const connection = new Connection({ file, readonly: true, busyTimeoutMs: 0 });
  try {
    connection.run("VACUUM INTO :copy", { copy });
  } finally {
    connection.close();
  }
}

/** Waits until a file, or the names in a folder, are safe on the disk. */
export function flush(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
