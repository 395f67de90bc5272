import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Whether a table of ours can be read at this moment. */
export function isReadable(db: Database): boolean {
  try {
    db.get("SELECT name FROM settings LIMIT 1");
    return true;
  } catch {
    return false; // Whatever the reason is, it is the answer: the process cannot serve.
  }
}

/** How many migrations the database has had. */
export function countAppliedMigrations(db: Database): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM schema_migrations")?.count ?? 0;
}

/** Since when the job that is due and waits for longest is due; undefined when none is. */
export function findOldestDueJob(db: Database, now: Timestamp): Timestamp | undefined {
  return db.get<{ run_at: Timestamp }>(
    `SELECT run_at FROM jobs
      WHERE state = 'waiting' AND run_at <= :now
      ORDER BY run_at, id
      LIMIT 1`,
    { now },
  )?.run_at;
}
