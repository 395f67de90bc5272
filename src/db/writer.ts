import { setTimeout as sleep } from "node:timers/promises";
import type { Backoff } from "./backoff.ts";
import { backoffMs } from "./backoff.ts";
import type { CheckpointLimits } from "./checkpointer.ts";
import { Checkpointer } from "./checkpointer.ts";
import type { Changes, Connection, Params, Reader } from "./connection.ts";
import { isLocked } from "./connection.ts";
import type { DamageWatch } from "./damage.ts";
import type { MeasureStatement } from "./measure-statement.ts";
import { COMMIT_NAME, LOCK_NAME } from "./measure-statement.ts";
import { gatherStatistics } from "./statistics.ts";
import { closedDatabase, lockedTooLong, toWriteError } from "./write-error.ts";

/** How long one try for the lock may hold up this thread. */
export const LOCK_TRY_MS = 50;

/** How long a write waits for the lock in all. */
export const LOCK_WAIT_MS = 5_000;

const BACKOFF: Backoff = { firstMs: 10, longestMs: 250 };

/** What a writer works with. */
export type WriterOptions = {
  readonly connection: Connection;
  readonly file: string;
  readonly limits: CheckpointLimits & { readonly lockWaitMs: number };
  readonly damage: DamageWatch;
  readonly measure?: MeasureStatement | undefined;
};

/** The one connection that writes. Transactions run in the order in which they were asked for. */
export class Writer {
  readonly #connection: Connection;
  readonly #file: string;
  readonly #lockWaitMs: number;
  readonly #checkpointer: Checkpointer;
  readonly #damage: DamageWatch;
  readonly #measure: MeasureStatement | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #lockedAt = Number.NEGATIVE_INFINITY;
  #isWriting = false;
  #isLooking = false;
  #isClosed = false;

  constructor({ connection, file, limits, damage, measure }: WriterOptions) {
    this.#damage = damage;
    this.#measure = measure;
    this.#connection = connection;
    this.#file = file;
    this.#lockWaitMs = limits.lockWaitMs;
    this.#checkpointer = new Checkpointer(connection, limits, measure);
  }

  /** What a running transaction reads from, and a look ahead of one; undefined outside of both. */
  get current(): Reader | undefined {
    return this.#isWriting || this.#isLooking ? this.#connection : undefined;
  }

  /** See `Database.lookAhead`. */
  lookAhead<T>(read: () => T): T {
    if (this.#isWriting || this.#isLooking) return read();
    this.#isLooking = true;
    try {
      return this.#connection.moment(read);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Runs one statement of the running transaction. */
  run(sql: string, params?: Params): Changes {
    if (!this.#isWriting) throw new Error("run() was called outside of write(): every change is part of a transaction");
    return this.#connection.run(sql, params);
  }

  /** See `Database.write`. */
  write<T>(fn: () => T): Promise<T> {
    if (this.#isWriting) throw new Error("write() was called inside write(): one operation is one transaction");
    const askedAt = performance.now();
    const result = this.#turn.then(() => this.#transaction(fn, askedAt));
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Refuses what waits, and closes the connection. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      gatherStatistics(this.#connection);
    } catch {
      // A lock or a full disk must not stand in the way of closing.
    }
    this.#checkpointer.close();
    this.#connection.close();
  }

  async #transaction<T>(fn: () => T, askedAt: number): Promise<T> {
    await this.#begin(askedAt);
    this.#isWriting = true;
    try {
      const value = withoutPromise(fn());
      this.#commit();
      this.#checkpointer.afterCommit();
      return value;
    } catch (error) {
      this.#rollBack();
      throw toWriteError(error, this.#file);
    } finally {
      this.#isWriting = false;
    }
  }

  async #begin(askedAt: number): Promise<void> {
    const startedAt = performance.now();
    let attempt = 1;
    for (; !this.#tryToBegin(askedAt); attempt += 1) {
      await sleep(backoffMs(attempt, BACKOFF));
    }
    if (attempt > 1) this.#tell(LOCK_NAME, startedAt);
  }

  #commit(): void {
    const startedAt = performance.now();
    try {
      this.#connection.exec("COMMIT");
    } catch (error) {
      throw this.#damage.translate(error);
    }
    this.#tell(COMMIT_NAME, startedAt);
  }

  #tell(name: string, startedAt: number): void {
    const durationMs = performance.now() - startedAt;
    this.#measure?.({ name, kind: "write", durationMs, rows: 0, isFailed: false, sql: "" });
  }

  #tryToBegin(askedAt: number): boolean {
    if (this.#isClosed) throw closedDatabase();
    this.#damage.requireWhole();
    const isLate = performance.now() - askedAt > this.#lockWaitMs;
    // Those that waited in the queue behind it must not each hold up the thread for one more try.
    if (isLate && performance.now() - this.#lockedAt < LOCK_TRY_MS) throw lockedTooLong(undefined);
    try {
      this.#connection.exec("BEGIN IMMEDIATE");
      return true;
    } catch (error) {
      if (!isLocked(error)) throw toWriteError(error, this.#file);
      this.#lockedAt = performance.now();
      if (isLate) throw lockedTooLong(error);
      return false;
    }
  }

  #rollBack(): void {
    if (this.#connection.inTransaction) this.#connection.exec("ROLLBACK");
  }
}

function withoutPromise<T>(value: T): T {
  if (!(value instanceof Promise)) return value;
  value.catch(() => undefined);
  throw new Error("The function of write() returned a promise: whatever is slow comes before the transaction");
}
