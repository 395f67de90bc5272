import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** State and kind of a job; undefined when it is gone. */
export function findJobState(db: Database, id: number): { state: string; kind: string } | undefined {
  return db.get<{ state: string; kind: string }>("SELECT state, kind FROM jobs WHERE id = :id", { id });
}

/**
 * Makes a job due now, with all its attempts before it, if it waits or has failed and no newer one waits in its place.
 * Returns whether it was so. Only inside a write.
 */
export function restartJob(db: Database, id: number, now: Timestamp): boolean {
  const { changes } = db.run(
    `UPDATE jobs
        SET state = 'waiting', run_at = :now, attempts = 0, finished_at = NULL
      WHERE id = :id AND state IN ('waiting', 'failed')
        AND NOT EXISTS (SELECT 1 FROM jobs AS newer
                         WHERE newer.kind = jobs.kind AND newer.unique_key = jobs.unique_key
                           AND newer.state = 'waiting' AND newer.id <> jobs.id)`,
    { id, now },
  );
  return changes === 1;
}

/** Lets a waiting job fail for good. Returns whether it waited. Only inside a write. */
export function failWaitingJob(db: Database, id: number, end: { reason: string; now: Timestamp }): boolean {
  const { changes } = db.run(
    `UPDATE jobs
        SET state = 'failed', reason = :reason, finished_at = :now
      WHERE id = :id AND state = 'waiting'`,
    { id, ...end },
  );
  return changes === 1;
}

/** Removes a failed job. Returns whether there was one. Only inside a write. */
export function removeFailedJob(db: Database, id: number): boolean {
  return db.run("DELETE FROM jobs WHERE id = :id AND state = 'failed'", { id }).changes === 1;
}
