/** One run of a statement. */
export type StatementRun = {
  /** Function that asked for it. */
  readonly name: string;
  readonly kind: "read" | "write";
  readonly durationMs: number;
  /** Rows that it returned or changed. */
  readonly rows: number;
  readonly isFailed: boolean;
  readonly sql: string;
};

/** Name of the end of a transaction, which is when it is brought to the disk. */
export const COMMIT_NAME = "commit";

/** Name of the time that a write waited for a lock that another connection held. */
export const LOCK_NAME = "wait for the lock";

/** Name of bringing the write-ahead log into the database; its rows are the pages that came in. */
export const CHECKPOINT_NAME = "checkpoint";

/** Hears of every run of a statement. Must not throw, and must not ask the database anything. */
export type MeasureStatement = (run: StatementRun) => void;
