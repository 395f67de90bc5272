import type { Clock, Timestamp } from "../lib/clock.ts";
import type { MeasureStatement, StatementRun } from "./measure-statement.ts";

/** Slow statements that are remembered; past that, the one that was slow longest ago makes room. */
export const MAX_SLOW_STATEMENTS = 50;

/** A statement that was slow. Its text has names where its parameters stand, so none of what was written or asked. */
export type SlowStatement = {
  /** Function that asked for it. */
  readonly name: string;
  readonly text: string;
  /** How often it was slow. */
  readonly count: number;
  readonly maxMs: number;
  /** When it was slow last. */
  readonly at: Timestamp;
};

/** The same with its steps, a line for each: `SEARCH notes USING INDEX …`. */
export type ExplainedStatement = SlowStatement & { readonly plan: readonly string[] };

/** From how long on a statement is slow, and the clock that says when. */
export type SlowOptions = { readonly slowMs: number; readonly clock: Clock };

/** Remembers statements that were slow, by their text. */
export class SlowStatements {
  readonly #options: SlowOptions;
  readonly #statements = new Map<string, SlowStatement>();

  constructor(options: SlowOptions) {
    this.#options = options;
  }

  /** Tells `measure` of every run, and keeps the slow ones in mind. */
  watch(measure: MeasureStatement): MeasureStatement {
    return (run) => {
      measure(run);
      // Neither a commit nor the wait for a lock has a text.
      if (run.durationMs >= this.#options.slowMs && run.sql !== "") this.#add(run);
    };
  }

  /** Those that took longest first. */
  list(): SlowStatement[] {
    return [...this.#statements.values()].sort((a, b) => b.maxMs - a.maxMs);
  }

  #add({ sql, name, durationMs }: StatementRun): void {
    const known = this.#statements.get(sql);
    this.#statements.delete(sql); // What was slow last stands last.
    const count = (known?.count ?? 0) + 1;
    const maxMs = Math.max(known?.maxMs ?? 0, durationMs);
    this.#statements.set(sql, { name, text: sql, count, maxMs, at: this.#options.clock() });
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > MAX_SLOW_STATEMENTS && oldest !== undefined) this.#statements.delete(oldest);
  }
}
