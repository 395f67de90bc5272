import { existsSync } from "node:fs";
import { Connection, isLocked } from "./connection.ts";
import { DatabaseError } from "./database-error.ts";
import { toDatabaseError } from "./start-error.ts";

/** How long a look for other programs waits for a lock that one may hold for a moment, in milliseconds. */
const WAIT_MS = 500;

/**
 * Runs `use` while no other program has the database open, folded into its one file: neither -wal nor -shm stands beside
 * it then. Nothing may open or close the file within, by which the system would drop the lock.
 * Throws DatabaseError: `locked` while another program has it open, `missing` where there is none.
 */
export function withExclusive<T>(file: string, use: (connection: Connection) => T): T {
  if (!existsSync(file)) throw new DatabaseError("missing", `There is no database at ${file}.`);
  let connection: Connection | undefined;
  try {
    connection = new Connection({ file, readonly: false, busyTimeoutMs: WAIT_MS });
    fold(connection);
    return use(connection);
  } catch (error) {
    throw isLocked(error) ? inUse(file, error) : toDatabaseError(error, file);
  } finally {
    connection?.close();
  }
}

/** Leaving WAL mode needs the file alone, and in this mode of locking the connection then keeps it until it closes. */
function fold(connection: Connection): void {
  connection.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE; COMMIT");
}

function inUse(file: string, cause: unknown): DatabaseError {
  return new DatabaseError(
    "locked",
    `Another program has the database ${file} open: stop the server and every other program that uses it, then try again.`,
    { cause },
  );
}
