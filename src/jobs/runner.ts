import { performance } from "node:perf_hooks";
import type { Database } from "../db/database.ts";
import type { Clock, Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Recorder } from "../lib/measure.ts";
import type { JobHandlers } from "./job.ts";
import type { ClaimedJob } from "./job-store.ts";
import { claimJob, findNextRunAt, postponeJob } from "./job-store.ts";
import { recoverJobs } from "./recover-jobs.ts";
import type { JobTools } from "./run-job.ts";
import { runJob } from "./run-job.ts";

/** Jobs that one process runs at once. */
export const JOBS_AT_ONCE = 4;
/** How long a job of another process, or one whose process died, goes unnoticed at most, in milliseconds and seconds. */
export const POLL_MS = 1_000;
/** How long a claim holds without being renewed: so long after a crash another process takes the job over. */
export const LEASE_SECONDS = 30;
/** How often the queue is put in order, in milliseconds. */
export const RECOVERY_MS = 10_000;
/** How long `stop` waits for jobs that are running, in milliseconds. */
export const STOP_WAIT_MS = 8_000;

/** What a runner works with, and limits that a test makes smaller. */
export type RunnerOptions = {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Recorder;
  readonly handlers: JobHandlers;
  readonly pollMs?: number;
  readonly leaseSeconds?: number;
  readonly recoveryMs?: number;
  readonly stopWaitMs?: number;
  readonly random?: () => number;
};

/** A queue that is being worked on. */
export type Runner = {
  /** Looks for due jobs now, instead of within a second. */
  wake(): void;
  /** Claims no more, waits for what runs, and puts back what does not end in time. A second time does nothing. */
  stop(): Promise<void>;
};

/** Starts to run jobs as they come due, also those that other processes queue. */
export function startRunner(options: RunnerOptions): Runner {
  const runner = new JobRunner(options);
  runner.wake();
  return runner;
}

class JobRunner implements Runner {
  readonly #tools: JobTools;
  readonly #pollMs: number;
  readonly #recoveryMs: number;
  readonly #stopWaitMs: number;
  readonly #running = new Map<ClaimedJob, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> | undefined;
  #isWoken = false;
  #isStopping = false;
  #isFailing = false;
  #seenVersion: number | undefined;
  #nextRunAt: Timestamp | undefined;
  #recoveredAt = Number.NEGATIVE_INFINITY;

  constructor({ db, clock, log, metrics, handlers, ...limits }: RunnerOptions) {
    const { leaseSeconds = LEASE_SECONDS, random = Math.random } = limits;
    this.#tools = { db, clock, log, metrics, handlers, leaseSeconds, random };
    this.#pollMs = limits.pollMs ?? POLL_MS;
    this.#recoveryMs = limits.recoveryMs ?? RECOVERY_MS;
    this.#stopWaitMs = limits.stopWaitMs ?? STOP_WAIT_MS;
  }

  wake(): void {
    this.#isWoken = true;
    if (this.#isStopping || this.#turn !== undefined) return;
    clearTimeout(this.#timer);
    this.#turn = this.#takeTurn().finally(() => {
      this.#turn = undefined;
      this.#schedule();
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#turn;
    await this.#waitForRunning();
    await this.#putBack();
  }

  async #takeTurn(): Promise<void> {
    this.#isWoken = false;
    try {
      await this.#recover();
      await this.#claimDue();
      this.#isFailing = false;
    } catch (err) {
      // The database is locked, or its disk is full: that passes, and the next turn tries again.
      this.#nextRunAt = undefined;
      this.#seenVersion = undefined;
      if (!this.#isFailing) this.#tools.log.error({ event: "job.run", err }, "jobs cannot be run for now");
      this.#isFailing = true;
    }
  }

  #schedule(): void {
    if (this.#isStopping) return;
    const dueInMs =
      this.#nextRunAt === undefined || this.#isFull()
        ? this.#pollMs
        : toMilliseconds(this.#nextRunAt) - toMilliseconds(this.#tools.clock());
    const delayMs = this.#isWoken ? 0 : Math.max(0, Math.min(this.#pollMs, dueInMs));
    this.#timer = setTimeout(() => this.wake(), delayMs);
  }

  async #recover(): Promise<void> {
    if (performance.now() - this.#recoveredAt < this.#recoveryMs) return;
    const { db, clock, leaseSeconds } = this.#tools;
    await recoverJobs(db, clock, leaseSeconds);
    this.#recoveredAt = performance.now();
  }

  async #claimDue(): Promise<void> {
    const { db, clock, leaseSeconds } = this.#tools;
    while (!this.#isStopping && !this.#isFull() && this.#isDue()) {
      const job = await db.write(() => {
        const now = clock();
        return claimJob(db, { now, leaseUntil: addSeconds(now, leaseSeconds) });
      });
      if (job !== undefined) this.#start(job);
    }
  }

  /** Asks the table only when something was written since it was last asked. */
  #isDue(): boolean {
    const { db, clock } = this.#tools;
    const version = db.dataVersion();
    if (version !== this.#seenVersion) {
      this.#nextRunAt = findNextRunAt(db);
      this.#seenVersion = version;
    }
    return this.#nextRunAt !== undefined && this.#nextRunAt <= clock();
  }

  #isFull(): boolean {
    return this.#running.size >= JOBS_AT_ONCE;
  }

  #start(job: ClaimedJob): void {
    const { log } = this.#tools;
    const run = runJob(this.#tools, job)
      // Its lease will end, and the job runs again.
      .catch((err: unknown) =>
        log.error({ event: "job.run", job_id: job.id, kind: job.kind, err }, "outcome not written"),
      )
      .finally(() => {
        this.#running.delete(job);
        this.wake();
      });
    this.#running.set(job, run);
  }

  async #waitForRunning(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#stopWaitMs);
    });
    await Promise.race([Promise.all(this.#running.values()), tooLong]);
    clearTimeout(timer);
  }

  async #putBack(): Promise<void> {
    const { db, clock, log } = this.#tools;
    const jobs = [...this.#running.keys()];
    if (jobs.length === 0) return;
    const putBack = () => {
      const now = clock();
      for (const job of jobs) postponeJob(db, job, { runAt: now, reason: "The program was stopped.", now });
    };
    // Where even that fails, the leases end by themselves.
    await db.write(putBack).catch((err: unknown) => log.error({ event: "job.run", err }, "jobs not put back"));
  }
}
