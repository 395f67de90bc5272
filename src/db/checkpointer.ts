import type { Connection } from "./connection.ts";
import type { MeasureStatement } from "./measure-statement.ts";
import { CHECKPOINT_NAME } from "./measure-statement.ts";

/** Pages in the log that are worth a checkpoint in the next quiet moment. SQLite would take it within a commit. */
export const CHECKPOINT_PAGES = 1_000;

/**
 * Pages in the log at which a checkpoint waits for no quiet moment, so that the log does not grow on: 16 MiB, and what
 * CHECKPOINT_LOOK_COMMITS write.
 */
export const CHECKPOINT_PAGES_MAX = 4_096;

/** How long this process must not have written for a moment to be quiet, in milliseconds. */
export const CHECKPOINT_QUIET_MS = 25;

/** After so many commits without a quiet moment the log is looked at: the look takes locks of its own, as a small commit does. */
export const CHECKPOINT_LOOK_COMMITS = 8;

/** How long after a checkpoint that could not end another is tried, in milliseconds. */
export const CHECKPOINT_RETRY_MS = 1_000;

/** Limits that a test makes smaller. */
export type CheckpointLimits = {
  /** See CHECKPOINT_PAGES. */
  readonly checkpointPages: number;
  /** See CHECKPOINT_PAGES_MAX. */
  readonly checkpointPagesMax: number;
};

/** Pages that the log holds, and how many of them are in the database too. */
type LogState = { readonly log: number; readonly checkpointed: number };

/**
 * Brings the write-ahead log into the database between commits rather than within one, where an author would wait for it.
 * It counts the pages of all processes, so the log stays bounded whoever writes; only a reader of another process that
 * holds on to an old moment, or a lease, lets it grow meanwhile.
 */
export class Checkpointer {
  readonly #connection: Connection;
  readonly #limits: CheckpointLimits;
  readonly #measure: MeasureStatement | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #commits = 0;
  #notBefore = Number.NEGATIVE_INFINITY;

  /** Takes the checkpoints of a connection over from SQLite. */
  constructor(connection: Connection, limits: CheckpointLimits, measure?: MeasureStatement) {
    this.#measure = measure;
    this.#connection = connection;
    this.#limits = limits;
    connection.exec("PRAGMA wal_autocheckpoint = 0");
  }

  /** Right after a commit, outside of any transaction. Never throws: what was committed stays so. */
  afterCommit(): void {
    this.#commits += 1;
    if (this.#commits >= CHECKPOINT_LOOK_COMMITS) this.#look();
    // Put off rather than made anew: this is once for each commit.
    this.#quiet = this.#quiet?.refresh() ?? setTimeout(() => this.#useMoment(), CHECKPOINT_QUIET_MS).unref();
  }

  /** Leaves a log of moderate size to the other processes. The last one to close the file folds it in whole. */
  close(): void {
    clearTimeout(this.#quiet);
    clearTimeout(this.#retry);
    if (this.#pagesToDo() >= this.#limits.checkpointPages) this.#bringIn();
  }

  #look(): void {
    this.#commits = 0;
    if (performance.now() < this.#notBefore) return;
    if (this.#pagesToDo() >= this.#limits.checkpointPagesMax) this.#checkpoint();
  }

  #useMoment(): void {
    this.#commits = 0;
    if (this.#pagesToDo() >= this.#limits.checkpointPages) this.#checkpoint();
  }

  #checkpoint(): void {
    clearTimeout(this.#retry);
    const state = this.#bringIn();
    if (state !== undefined && state.checkpointed === state.log) return;
    this.#notBefore = performance.now() + CHECKPOINT_RETRY_MS;
    this.#retry = setTimeout(() => this.#checkpoint(), CHECKPOINT_RETRY_MS).unref();
  }

  #bringIn(): LogState | undefined {
    const before = this.#run("PRAGMA wal_checkpoint(NOOP)")?.checkpointed ?? 0;
    const startedAt = performance.now();
    const state = this.#run("PRAGMA wal_checkpoint(PASSIVE)");
    const durationMs = performance.now() - startedAt;
    const rows = Math.max(0, (state?.checkpointed ?? 0) - before);
    const run = { name: CHECKPOINT_NAME, kind: "write", durationMs, rows, sql: "" } as const;
    this.#measure?.({ ...run, isFailed: state === undefined });
    return state;
  }

  #pagesToDo(): number {
    const state = this.#run("PRAGMA wal_checkpoint(NOOP)");
    return state === undefined ? 0 : state.log - state.checkpointed;
  }

  /** Undefined where it failed: then the log still has everything, and a later checkpoint does what this one could not. */
  #run(pragma: string): LogState | undefined {
    try {
      return this.#connection.get<LogState>(pragma);
    } catch {
      return undefined;
    }
  }
}
