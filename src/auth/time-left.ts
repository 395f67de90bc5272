import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import type { Deadlines, Ending } from "../lib/deadlines.ts";
import { createDeadlines } from "../lib/deadlines.ts";

/** What each open database holds, in the memory of this process: it goes when the database goes. */
const deadlines = new WeakMap<Database, Deadlines>();

/**
 * Seconds left of a row that ends, 0 once it has ended. `key` names the row. A clock that is set forward or back while
 * the program runs neither ends it early nor keeps it for longer.
 */
export function secondsLeft(ctx: Pick<Context, "db" | "clock">, key: string, ending: Ending): number {
  const known = deadlines.get(ctx.db) ?? createDeadlines(ctx.clock);
  deadlines.set(ctx.db, known);
  return known.secondsLeft(key, ending);
}
