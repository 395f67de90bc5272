import type { Database } from "../db/database.ts";
import type { Clock } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { advanceStrandedJobs, finishJob, listLostJobs, postponeJob, removeFinishedJobs } from "./job-store.ts";
import { MAX_RETRY_AFTER_SECONDS } from "./retry-rule.ts";
import { ruleOf } from "./run-job.ts";

/** How long a job that is done stays, in seconds. */
export const DONE_KEPT_SECONDS = 7 * 24 * 3600;
/** How long a job that failed stays, for the author to see, in seconds. */
export const FAILED_KEPT_SECONDS = 90 * 24 * 3600;

/**
 * Puts the queue in order: jobs whose process has ended wait again, those that a wrong clock has put off come due, and
 * old ones go. A job that ends its process with every attempt fails.
 */
export function recoverJobs(db: Database, clock: Clock, leaseSeconds: number): Promise<void> {
  return db.write(() => {
    const now = clock();
    const reason = "The program ended while this was running.";
    for (const job of listLostJobs(db, { now, latest: addSeconds(now, 2 * leaseSeconds) })) {
      if (job.attempts >= ruleOf(job.kind).attemptsMax) finishJob(db, job, { state: "failed", reason, now });
      else postponeJob(db, job, { runAt: now, reason, now });
    }
    advanceStrandedJobs(db, { now, latest: addSeconds(now, MAX_RETRY_AFTER_SECONDS) });
    removeFinishedJobs(db, {
      doneBefore: addSeconds(now, -DONE_KEPT_SECONDS),
      failedBefore: addSeconds(now, -FAILED_KEPT_SECONDS),
    });
  });
}
