import { setTimeout as sleep } from "node:timers/promises";
import type { Backoff } from "./backoff.ts";
import { backoffMs } from "./backoff.ts";
import { isLocked } from "./connection.ts";
import { locked } from "./start-error.ts";

/** Limits of the waiting for locks at start. */
export type PatienceLimits = {
  /** How often one step tries for its lock. */
  readonly attempts: number;
  /** How long all steps together may take, in milliseconds. */
  readonly waitMs: number;
};

const BACKOFF: Backoff = { firstMs: 100, longestMs: 60_000 };

/** Repeats steps that meet a lock, within limits that they share. */
export class Patience {
  readonly #file: string;
  readonly #attempts: number;
  readonly #deadline: number;

  constructor(file: string, { attempts, waitMs }: PatienceLimits) {
    this.#file = file;
    this.#attempts = attempts;
    this.#deadline = performance.now() + waitMs;
  }

  /** The value of `step` once it got its lock. Throws DatabaseError `locked` past the limits. */
  async run<T>(step: () => T): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return step();
      } catch (error) {
        await this.#pause(attempt, error);
      }
    }
  }

  async #pause(attempt: number, error: unknown): Promise<void> {
    if (!isLocked(error)) throw error;
    const leftMs = this.#deadline - performance.now();
    if (attempt >= this.#attempts || leftMs <= 0) throw locked(this.#file, error);
    await sleep(Math.min(leftMs, backoffMs(attempt, BACKOFF)));
  }
}
