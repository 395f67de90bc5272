import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { Connection, isLocked } from "./connection.ts";
import { PRIVATE_FILE_MODE } from "./create-file.ts";
import { DatabaseError } from "./database-error.ts";

/** The empty file in DATA_DIR whose lock says that somebody works with the folder. It stays, and means nothing by itself. */
export const FOLDER_LOCK = "starpunk.lock";

/** How long a start or a restore waits for the lock, in milliseconds: another one may be looking at this moment. */
export const FOLDER_LOCK_WAIT_MS = 2_000;

/** A lock that this process has. The system takes it back when the process ends, however it ends. */
export type Hold = { readonly release: () => void };

/**
 * Says that this process works with the folder, beside any number of others. Throws DatabaseError `locked` while a
 * restore is replacing what is in it.
 */
export function holdFolder(folder: string, waitMs: number = FOLDER_LOCK_WAIT_MS): Hold {
  const hold = tryLock(join(folder, FOLDER_LOCK), { isAlone: false, waitMs });
  if (hold !== undefined) return hold;
  throw new DatabaseError("locked", `A restore into the folder ${folder} is under way: start again when it has ended.`);
}

/**
 * Claims the folder for this process alone; undefined while any process holds it: a server, or a command that works with
 * the folder. What a killed process held is free.
 */
export function claimFolder(folder: string, waitMs: number = FOLDER_LOCK_WAIT_MS): Hold | undefined {
  return tryLock(join(folder, FOLDER_LOCK), { isAlone: true, waitMs });
}

/** Whether a server, or a command that opened the folder, runs on it at this moment. It may end or start right after. */
export function isFolderInUse(folder: string): boolean {
  if (!existsSync(join(folder, FOLDER_LOCK))) return false;
  const claim = claimFolder(folder, 0);
  claim?.release();
  return claim === undefined;
}

/**
 * Locks an empty file, made when missing: shared, or alone. Undefined when others hold it otherwise. SQLite does it,
 * because Node has no locks that end with their process; of one process, each call has a lock of its own.
 */
export function tryLock(file: string, how: { isAlone: boolean; waitMs: number }): Hold | undefined {
  // Only where it is missing: closing a file drops all locks that this process has on it.
  if (!existsSync(file)) closeSync(openSync(file, "a", PRIVATE_FILE_MODE));
  let connection: Connection | undefined;
  try {
    // Its pragmas read the file already.
    connection = new Connection({ file, readonly: !how.isAlone, busyTimeoutMs: how.waitMs });
    connection.exec(how.isAlone ? "BEGIN EXCLUSIVE" : "BEGIN");
    connection.get("SELECT count(*) AS count FROM sqlite_schema");
    const locked = connection;
    return { release: () => locked.close() };
  } catch (error) {
    connection?.close();
    if (isLocked(error)) return undefined;
    throw error;
  }
}
