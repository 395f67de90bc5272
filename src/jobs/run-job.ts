import { performance } from "node:perf_hooks";
import type { Database } from "../db/database.ts";
import type { Clock } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import type { Logger } from "../lib/log.ts";
import type { Recorder } from "../lib/measure.ts";
import type { Failure, Outcome } from "../lib/outcome.ts";
import { giveUp, retry } from "../lib/outcome.ts";
import type { Attempt, JobHandlers, JobKind } from "./job.ts";
import type { ClaimedJob } from "./job-store.ts";
import { finishJob, postponeJob, renewLease } from "./job-store.ts";
import type { RetryRule } from "./retry-rule.ts";
import { MAX_RETRY_AFTER_SECONDS, pauseSeconds, RETRY_RULES } from "./retry-rule.ts";

/** What running a job takes. */
export type JobTools = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Recorder;
  readonly handlers: JobHandlers;
  /** How long a claim holds without being renewed; it is, three times in that span. */
  readonly leaseSeconds: number;
  /** 0 to 1; spreads the pauses. */
  readonly random: () => number;
};

const NO_RULE: RetryRule = { attemptsMax: 1, firstPauseSeconds: 0, longestPauseSeconds: 0 };

/** Runs a claimed job once and writes down how it ended. Throws only when that cannot be written. */
export async function runJob(tools: JobTools, job: ClaimedJob): Promise<void> {
  const startedAt = performance.now();
  const outcome = await whileRenewing(tools, job, () => attempt(tools, job));
  const failsForGood = await tools.db.write(() => recordOutcome(tools, job, outcome));

  const durationMs = performance.now() - startedAt;
  const isFailed = outcome.result !== "done";
  tools.metrics.record({ type: "job", name: job.kind, durationMs, outcome: outcome.result, isFailed, size: 0 });
  const fields = {
    job_id: job.id,
    kind: job.kind,
    attempts: job.attempts,
    result: outcome.result,
    reason: outcome.result === "done" ? undefined : outcome.reason,
    duration_ms: Math.round(durationMs),
  };
  if (failsForGood) tools.log.warn({ event: "job.failed", ...fields }, "job failed for good");
  else tools.log.info({ event: "job.run", ...fields }, "job run");
}

/** The rule for a kind; one attempt for a kind that only another version of the program knows. */
export function ruleOf(kind: string): RetryRule {
  return isKnown(kind) ? RETRY_RULES[kind] : NO_RULE;
}

async function attempt({ handlers, log }: JobTools, job: ClaimedJob): Promise<Outcome> {
  if (!isKnown(job.kind)) return giveUp("This version of the program does not know that kind of job.");
  const isLast = job.attempts >= ruleOf(job.kind).attemptsMax;
  // The type of the payload follows from the kind: enqueue() wrote both.
  const handle = handlers[job.kind] as (payload: unknown, attempt: Attempt) => Promise<Outcome>;
  try {
    return await handle(JSON.parse(job.payload), { jobId: job.id, number: job.attempts, isLast });
  } catch (err) {
    log.error({ event: "job.run", job_id: job.id, kind: job.kind, attempts: job.attempts, err }, "job threw");
    return retry(err instanceof AppError ? err.message : "Something unexpected went wrong; the log says more.");
  }
}

async function whileRenewing<T>(tools: JobTools, job: ClaimedJob, work: () => Promise<T>): Promise<T> {
  const { db, clock, leaseSeconds } = tools;
  const renew = () => void renewLease(db, job, addSeconds(clock(), leaseSeconds));
  // A failed renewal is no reason to stop: the next may succeed, and a lost lease only means that the job runs twice.
  const timer = setInterval(() => void db.write(renew).catch(() => undefined), (leaseSeconds * 1000) / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Writes the end or the next time. Returns whether the job has failed for good. */
function recordOutcome({ db, clock, random }: JobTools, job: ClaimedJob, outcome: Outcome): boolean {
  const now = clock();
  if (outcome.result === "done") {
    finishJob(db, job, { state: "done", reason: undefined, now });
    return false;
  }
  const rule = ruleOf(job.kind);
  if (outcome.result === "give_up" || job.attempts >= rule.attemptsMax) {
    finishJob(db, job, { state: "failed", reason: outcome.reason, now });
    return true;
  }
  const pause = Math.max(askedPause(outcome), pauseSeconds(rule, job.attempts, random()));
  postponeJob(db, job, { runAt: addSeconds(now, pause), reason: outcome.reason, now });
  return false;
}

function askedPause(failure: Failure & { result: "retry" }): number {
  return Math.min(failure.retryAfterSeconds ?? 0, MAX_RETRY_AFTER_SECONDS);
}

function isKnown(kind: string): kind is JobKind {
  return Object.hasOwn(RETRY_RULES, kind);
}
