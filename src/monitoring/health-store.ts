import type { Database } from "../db/database.ts";

/** Whether a table of ours can be read at this moment. */
export function isReadable(db: Database): boolean {
  try {
    db.get("SELECT name FROM settings LIMIT 1");
    return true;
  } catch {
    return false; // Whatever the reason is, it is the answer: the process cannot serve.
  }
}
