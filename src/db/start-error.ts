import { dirname } from "node:path";
import { isLocked, sqliteCode } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";

const UNWRITABLE = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "ENOENT", "EISDIR", "ELOOP"]);
const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"]);
const DAMAGED = /^SQLITE_(NOTADB|CORRUPT)/;
const NO_RIGHTS = /^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/;

/** Says in one sentence why the database could not be opened or migrated; an error of our own stays as it is. */
export function toDatabaseError(error: unknown, file: string): unknown {
  const code = sqliteCode(error) ?? systemCode(error);
  if (code === undefined) return error;
  if (DAMAGED.test(code)) return damaged(file, "SQLite cannot read it", error);
  if (FULL.has(code)) return full(file, error);
  if (UNWRITABLE.has(code) || NO_RIGHTS.test(code)) return unwritable(file, error);
  if (isLocked(error)) return locked(file, error);
  return error;
}

/** The file is not what was written. `reason` continues "because". */
export function damaged(file: string, reason: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    "damaged",
    `The database ${file} is damaged (${reason}): nothing in it was changed; restore it from a backup.`,
    { cause },
  );
}

/** Another program held the lock for longer than we wait. */
export function locked(file: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    "locked",
    `The database ${file} stayed locked: another StarPunk that is migrating it, a backup or a database tool may hold it; end that program, then start again.`,
    { cause },
  );
}

/** There is no room to write. */
export function full(file: string, cause?: unknown): DatabaseError {
  return new DatabaseError("full", `The disk of ${dirname(file)} is full: make room, then start again.`, { cause });
}

/** The folder or the file refuses to be written. */
export function unwritable(file: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    "unwritable",
    `The folder ${dirname(file)} or the database in it cannot be written: give the user of this process the right to, or set DATA_DIR to another folder.`,
    { cause },
  );
}

function systemCode(error: unknown): string | undefined {
  const isSystem = error instanceof Error && "code" in error && "syscall" in error && typeof error.code === "string";
  return isSystem ? (error.code as string) : undefined;
}
