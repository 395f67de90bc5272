import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** A job that this process has claimed and may run until its lease ends. */
export type ClaimedJob = {
  readonly id: number;
  readonly kind: string;
  /** JSON. */
  readonly payload: string;
  /** This attempt included. With `id` it is the proof of the claim: a later claim has a higher number. */
  readonly attempts: number;
};

/** What became of a job, for the author. */
export type JobReport = {
  readonly id: number;
  readonly kind: string;
  /** JSON. */
  readonly payload: string;
  readonly state: "waiting" | "running" | "done" | "failed";
  readonly runAt: Timestamp;
  readonly attempts: number;
  /** Why the last attempt did not end well. */
  readonly reason: string | undefined;
  readonly finishedAt: Timestamp | undefined;
};

type JobRow = {
  id: number;
  kind: string;
  payload: string;
  state: JobReport["state"];
  run_at: Timestamp;
  attempts: number;
  reason: string | null;
  finished_at: Timestamp | null;
};

/** Inserts a waiting job. One that waits under the same kind and key becomes this one. */
export function insertJob(
  db: Database,
  job: { kind: string; payload: string; uniqueKey: string | undefined; runAt: Timestamp; now: Timestamp },
): void {
  db.run(
    `INSERT INTO jobs (kind, payload, unique_key, state, run_at, created_at)
     VALUES (:kind, :payload, :uniqueKey, 'waiting', :runAt, :now)
         ON CONFLICT (kind, unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL
         DO UPDATE SET payload = excluded.payload, run_at = excluded.run_at, attempts = 0, reason = NULL,
                       created_at = excluded.created_at`,
    job,
  );
}

/** Inserts a waiting job, unless one of its kind and key runs, or waits for no later time; brings a later one forward. */
export function insertJobByTime(
  db: Database,
  job: { kind: string; payload: string; uniqueKey: string; runAt: Timestamp; now: Timestamp },
): void {
  db.run(
    `INSERT INTO jobs (kind, payload, unique_key, state, run_at, created_at)
     SELECT :kind, :payload, :uniqueKey, 'waiting', :runAt, :now
      WHERE NOT EXISTS (SELECT 1 FROM jobs
                         WHERE kind = :kind AND unique_key = :uniqueKey
                           AND (state = 'running' OR (state = 'waiting' AND run_at <= :runAt)))
         ON CONFLICT (kind, unique_key) WHERE state = 'waiting' AND unique_key IS NOT NULL
         DO UPDATE SET run_at = excluded.run_at, created_at = excluded.created_at`,
    job,
  );
}

/** When the next job is due, in the past perhaps. Undefined while none waits. */
export function findNextRunAt(db: Database): Timestamp | undefined {
  return db.get<{ run_at: Timestamp }>(`SELECT run_at FROM jobs WHERE state = 'waiting' ORDER BY run_at, id LIMIT 1`)
    ?.run_at;
}

/** Claims the job that is due longest. Of several processes that ask at once, each gets another one. */
export function claimJob(db: Database, times: { now: Timestamp; leaseUntil: Timestamp }): ClaimedJob | undefined {
  return db.get<ClaimedJob>(
    `UPDATE jobs
        SET state = 'running', attempts = attempts + 1, lease_until = :leaseUntil
      WHERE id = (SELECT id FROM jobs WHERE state = 'waiting' AND run_at <= :now ORDER BY run_at, id LIMIT 1)
  RETURNING id, kind, payload, attempts`,
    times,
  );
}

/** Makes the lease longer. False: the job is no longer ours. */
export function renewLease(db: Database, job: ClaimedJob, leaseUntil: Timestamp): boolean {
  const { changes } = db.run(
    `UPDATE jobs SET lease_until = :leaseUntil WHERE id = :id AND attempts = :attempts AND state = 'running'`,
    { id: job.id, attempts: job.attempts, leaseUntil },
  );
  return changes === 1;
}

/** Ends a job, well or not. Nothing happens when the lease was lost and another process has the job. */
export function finishJob(
  db: Database,
  job: ClaimedJob,
  end: { state: "done" | "failed"; reason: string | undefined; now: Timestamp },
): void {
  db.run(
    `UPDATE jobs
        SET state = :state, reason = :reason, lease_until = NULL, finished_at = :now
      WHERE id = :id AND attempts = :attempts AND state = 'running'`,
    { id: job.id, attempts: job.attempts, ...end },
  );
}

/**
 * Puts a claimed job back, to run at `runAt`. Where a newer one waits under its key, that one replaces it and this one
 * is done. Nothing happens when the lease was lost.
 */
export function postponeJob(
  db: Database,
  job: ClaimedJob,
  next: { runAt: Timestamp; reason: string | undefined; now: Timestamp },
): void {
  db.run(
    `UPDATE jobs
        SET state = CASE WHEN is_replaced THEN 'done' ELSE 'waiting' END,
            finished_at = CASE WHEN is_replaced THEN :now END,
            run_at = :runAt, reason = :reason, lease_until = NULL
       FROM (SELECT EXISTS (SELECT 1 FROM jobs AS mine JOIN jobs AS newer USING (kind, unique_key)
                             WHERE mine.id = :id AND newer.state = 'waiting') AS is_replaced)
      WHERE id = :id AND attempts = :attempts AND state = 'running'`,
    { id: job.id, attempts: job.attempts, ...next },
  );
}

/** Claims that nobody holds any more: their lease ended, or stands further in the future than any lease can. */
export function listLostJobs(db: Database, times: { now: Timestamp; latest: Timestamp }): ClaimedJob[] {
  return db.all<ClaimedJob>(
    `SELECT id, kind, payload, attempts
       FROM jobs
      WHERE state = 'running' AND (lease_until <= :now OR lease_until > :latest)
      ORDER BY id
      LIMIT 100`,
    times,
  );
}

/**
 * Makes due what a clock that ran ahead has put off: jobs that were to run at once, or after a pause of at most
 * the time up to `latest`, yet stand beyond it. A note that is scheduled for next year is not among them.
 */
export function advanceStrandedJobs(db: Database, times: { now: Timestamp; latest: Timestamp }): void {
  db.run(
    `UPDATE jobs
        SET run_at = :now
      WHERE state = 'waiting' AND run_at > :latest AND (attempts > 0 OR run_at <= created_at)`,
    times,
  );
}

/** Removes finished jobs, at most 1,000 at once: done ones from before `doneBefore`, failed ones from before `failedBefore`. */
export function removeFinishedJobs(db: Database, times: { doneBefore: Timestamp; failedBefore: Timestamp }): void {
  db.run(
    `DELETE FROM jobs
      WHERE id IN (SELECT id FROM jobs
                    WHERE (state = 'done' AND finished_at < :doneBefore)
                       OR (state = 'failed' AND finished_at < :failedBefore)
                    LIMIT 1000)`,
    times,
  );
}

/** Removes what is done of one kind and key, where only the newest is of interest to anybody. */
export function removeDoneJobs(db: Database, job: { kind: string; uniqueKey: string }): void {
  db.run("DELETE FROM jobs WHERE kind = :kind AND unique_key = :uniqueKey AND state = 'done'", job);
}

/** Jobs of one kind, newest first. */
export function listJobs(db: Database, kind: string, limit: number): JobReport[] {
  return db
    .all<JobRow>(
      `SELECT id, kind, payload, state, run_at, attempts, reason, finished_at
         FROM jobs
        WHERE kind = :kind
        ORDER BY id DESC
        LIMIT :limit`,
      { kind, limit },
    )
    .map(toReport);
}

function toReport(row: JobRow): JobReport {
  return {
    id: row.id,
    kind: row.kind,
    payload: row.payload,
    state: row.state,
    runAt: row.run_at,
    attempts: row.attempts,
    reason: row.reason ?? undefined,
    finishedAt: row.finished_at ?? undefined,
  };
}
