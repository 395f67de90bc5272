import { AppError } from "../lib/errors.ts";
import { sqliteCode } from "./connection.ts";

/** What a client is told to wait, in seconds, before it tries a write again that met a lock. */
export const RETRY_AFTER_SECONDS = 5;

// A quota and a limit on the size of files show as a failed write; a disk without room for the -shm file as SHMSIZE.
const FULL = new Set(["SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"]);

/** Turns a failure of SQLite inside a write into the application's own words; any other error stays as it is. */
export function toWriteError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === undefined) return error;
  if (FULL.has(code)) {
    return new AppError("storage_full", "Nothing was saved, because the disk is full: make room, then save again.", {
      cause: error,
    });
  }
  if (code.startsWith("SQLITE_READONLY")) {
    return new AppError(
      "unavailable",
      `Nothing was saved, because the database ${file} is read-only: give the server the right to write to it and its folder.`,
      { cause: error },
    );
  }
  return error;
}

/** The error of a write that waited for the lock as long as it may. */
export function lockedTooLong(cause: unknown): AppError {
  return new AppError("unavailable", "Nothing was saved, because another program is writing: try again in a moment.", {
    cause,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The error of whatever is asked of a closed database. */
export function closedDatabase(): AppError {
  return new AppError("unavailable", "The site is shutting down: try again in a moment.", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
