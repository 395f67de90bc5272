import type { SparseHistogram } from "./histogram.ts";
import { Histogram } from "./histogram.ts";
import type { Measurement } from "./measurement.ts";

/** Closed minutes that are kept in memory. */
export const MINUTES_KEPT = 60;

/** What was counted of one kind of operation in some time. */
export type Counted = {
  readonly errors: number;
  /** Sum of sizes. */
  readonly size: number;
  readonly durations: SparseHistogram;
  /** Times to first byte; empty for what has none. */
  readonly firstBytes: SparseHistogram;
};

/** A minute that is over. `minute` counts minutes since 1970. */
export type CountedMinute = Counted & { readonly minute: number };

/** What is counted at the moment. The histogram of first bytes is made when one is told. */
class Tally {
  readonly durations = new Histogram();
  firstBytes: Histogram | undefined;
  errors = 0;
  size = 0;

  read(): Counted {
    const { errors, size, durations, firstBytes } = this;
    return { errors, size, durations: durations.toSparse(), firstBytes: firstBytes?.toSparse() ?? EMPTY };
  }

  clear(): void {
    this.durations.clear();
    this.firstBytes?.clear();
    this.errors = 0;
    this.size = 0;
  }
}

const EMPTY: SparseHistogram = { count: 0, sum: 0, min: 0, max: 0, buckets: [], counts: [] };

const NOTHING: Counted = { errors: 0, size: 0, durations: EMPTY, firstBytes: EMPTY };

/** All operations of one name and outcome: the minute that runs, the hour before it, and everything since the start. */
export class MetricSeries {
  readonly name: string;
  readonly outcome: string;
  readonly #running = new Tally();
  readonly #minutes: CountedMinute[] = [];
  #untaken: CountedMinute[] = [];
  #closed: Counted = NOTHING;

  constructor(name: string, outcome: string) {
    this.name = name;
    this.outcome = outcome;
  }

  /** Counts an operation of the minute that runs. Allocates nothing, but for the first that tells of a first byte. */
  add({ durationMs, firstByteMs, isFailed, size }: Measurement): void {
    const running = this.#running;
    running.durations.add(durationMs);
    running.size += size;
    if (isFailed) running.errors += 1;
    if (firstByteMs === undefined) return;
    running.firstBytes ??= new Histogram();
    running.firstBytes.add(firstByteMs);
  }

  /** Ends the minute that ran. */
  close(minute: number): void {
    if (this.#running.durations.count === 0) return;
    const counted = { minute, ...this.#running.read() };
    this.#running.clear();
    this.#minutes.push(counted);
    if (this.#minutes.length > MINUTES_KEPT) this.#minutes.shift();
    this.#untaken.push(counted);
    if (this.#untaken.length > MINUTES_KEPT) this.#untaken.shift();
    this.#closed = addUp([this.#closed, counted]);
  }

  /** Gives each minute that is over once: those that nobody has taken, at most the last 60 in which anything happened. */
  take(): readonly CountedMinute[] {
    const taken = this.#untaken;
    this.#untaken = [];
    return taken;
  }

  /** What nobody has taken, with the minute that runs, whose number is given. */
  untaken(minute: number): readonly CountedMinute[] {
    if (this.#running.durations.count === 0) return this.#untaken;
    return [...this.#untaken, { minute, ...this.#running.read() }];
  }

  /** What was counted since the start; with `minute`, in that minute and later. */
  count(minute?: number): Counted {
    const closed = minute === undefined ? [this.#closed] : this.#minutes.filter((each) => each.minute >= minute);
    return addUp([...closed, this.#running.read()]);
  }
}

/** Adds up what was counted, in whatever order. */
export function addUp(parts: readonly Counted[]): Counted {
  const durations = new Histogram();
  const firstBytes = new Histogram();
  for (const part of parts) {
    durations.merge(part.durations);
    firstBytes.merge(part.firstBytes);
  }
  return {
    errors: parts.reduce((sum, { errors }) => sum + errors, 0),
    size: parts.reduce((sum, { size }) => sum + size, 0),
    durations: durations.toSparse(),
    firstBytes: firstBytes.toSparse(),
  };
}
