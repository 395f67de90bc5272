import {
  closeSync,
  copyFileSync,
  existsSync,
  constants as fs,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { createSecret } from "../lib/secrets.ts";
import { Connection } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";

/** Mode of every file with content of the site: only its own user reads it. */
export const PRIVATE_FILE_MODE = 0o600;

const PRIVATE_FOLDER_MODE = 0o700;

/**
 * Makes an empty database in WAL mode, and its folder, when there is no file of that name. It appears whole or not at all, and of
 * several processes at once exactly one makes it; so an empty file is never a new site, but a damaged one.
 * Throws DatabaseError when a write-ahead log is there without its database.
 */
export function createDatabaseFile(file: string): void {
  if (existsSync(file)) return;
  refuseOrphanedLog(file);
  mkdirSync(dirname(file), { recursive: true, mode: PRIVATE_FOLDER_MODE });

  const draft = `${file}.${createSecret().slice(0, 8)}.new`;
  try {
    closeSync(openSync(draft, "wx", PRIVATE_FILE_MODE));
    const connection = new Connection({ file: draft, readonly: false, busyTimeoutMs: 0 });
    connection.exec("PRAGMA journal_mode = WAL");
    connection.close();
    putInPlace(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function refuseOrphanedLog(file: string): void {
  const log = `${file}-wal`;
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  // The database may have come between the two looks, from another process.
  if (existsSync(file)) return;
  throw new DatabaseError(
    "missing",
    `The database ${file} is gone, but its log ${log} is there: put the database back or restore a backup; to begin a new site, move the log away.`,
  );
}

function putInPlace(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return;
    copyWhereLinksAreUnknown(draft, file);
  }
}

function copyWhereLinksAreUnknown(draft: string, file: string): void {
  try {
    copyFileSync(draft, file, fs.COPYFILE_EXCL);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
