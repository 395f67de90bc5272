import type { Database } from "../db/database.ts";
import type { Clock, Timestamp } from "../lib/clock.ts";
import type { Outcome } from "../lib/outcome.ts";
import type { Attempt, NewJob } from "./job.ts";
import { enqueue } from "./job.ts";
import { insertJobByTime } from "./job-store.ts";

/** Key of the one job of its kind that waits for its next time. */
const RECURRING_KEY = "recurring";

/** What comes again and again. However many processes there are, one of them does it each time: who claims the job. */
export type RecurringJob = Pick<NewJob, "kind" | "payload"> & {
  /** When it comes next, seen from `now`. */
  readonly nextRunAt: (now: Timestamp) => Timestamp;
};

/**
 * Sees to it that a recurring job runs at its next time. Each start does so for each kind: a clock that ran ahead, or a
 * process that was killed once too often, puts none off for ever.
 */
export function ensureRecurring(
  { db, clock }: RecurringTools,
  { kind, payload, nextRunAt }: RecurringJob,
): Promise<void> {
  return db.write(() => {
    const now = clock();
    const job = { kind, payload: JSON.stringify(payload), uniqueKey: RECURRING_KEY, runAt: nextRunAt(now), now };
    insertJobByTime(db, job);
  });
}

/**
 * Does a recurring job, and queues it for its next time once nothing more comes of this one: when it is done, given up, or
 * fails at its last attempt. What may pass is tried again before.
 */
export async function runRecurring(
  tools: RecurringTools,
  job: RecurringJob & { readonly attempt: Pick<Attempt, "isLast"> },
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  let outcome: Outcome | undefined;
  try {
    outcome = await work();
    return outcome;
  } finally {
    // A throw counts as `retry`.
    const isOver = outcome !== undefined && outcome.result !== "retry";
    if (isOver || job.attempt.isLast) await queueNext(tools, job);
  }
}

type RecurringTools = { readonly db: Database; readonly clock: Clock };

function queueNext({ db, clock }: RecurringTools, { nextRunAt, ...job }: RecurringJob): Promise<void> {
  return db.write(() => {
    const now = clock();
    // Kind and payload belong together as RecurringJob was made of a NewJob.
    enqueue(db, { ...job, now, runAt: nextRunAt(now), uniqueKey: RECURRING_KEY } as NewJob);
  });
}
