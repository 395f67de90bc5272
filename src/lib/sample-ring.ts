import type { Timestamp } from "./clock.ts";
import type { Measurement, MetricType, Sample } from "./measurement.ts";

/** The newest operations of a type. Its room is taken once; keeping one more writes over the oldest. */
export class SampleRing {
  readonly #type: MetricType;
  readonly #names: string[];
  readonly #outcomes: string[];
  readonly #requestIds: (string | undefined)[];
  readonly #times: Timestamp[];
  readonly #durations: Float64Array;
  readonly #sizes: Float64Array;
  readonly #failed: Uint8Array;
  #next = 0;
  #kept = 0;

  /** `capacity` is the number of operations that it holds, at least 1. */
  constructor(type: MetricType, capacity: number) {
    this.#type = type;
    this.#names = new Array<string>(capacity).fill("");
    this.#outcomes = new Array<string>(capacity).fill("");
    this.#requestIds = new Array<string | undefined>(capacity).fill(undefined);
    this.#times = new Array<Timestamp>(capacity).fill("" as Timestamp);
    this.#durations = new Float64Array(capacity);
    this.#sizes = new Float64Array(capacity);
    this.#failed = new Uint8Array(capacity);
  }

  /** How many operations it holds at most. */
  get capacity(): number {
    return this.#names.length;
  }

  /** How many it holds now. */
  get size(): number {
    return Math.min(this.#kept, this.capacity);
  }

  /** How many were ever kept, those that others took the place of included. */
  get kept(): number {
    return this.#kept;
  }

  /** Keeps an operation. */
  add(measurement: Measurement, time: Timestamp): void {
    const at = this.#next;
    this.#names[at] = measurement.name;
    this.#outcomes[at] = measurement.outcome;
    this.#requestIds[at] = measurement.requestId;
    this.#times[at] = time;
    this.#durations[at] = measurement.durationMs;
    this.#sizes[at] = measurement.size;
    this.#failed[at] = measurement.isFailed ? 1 : 0;
    this.#next = at + 1 === this.capacity ? 0 : at + 1;
    this.#kept += 1;
  }

  /** What it holds, newest first. */
  list(): Sample[] {
    const { capacity, size } = this;
    return Array.from({ length: size }, (_, age) => this.#read((this.#next - 1 - age + capacity) % capacity));
  }

  #read(at: number): Sample {
    return {
      type: this.#type,
      name: this.#names[at] ?? "",
      outcome: this.#outcomes[at] ?? "",
      requestId: this.#requestIds[at],
      time: this.#times[at] as Timestamp,
      durationMs: this.#durations[at] ?? 0,
      size: this.#sizes[at] ?? 0,
      isFailed: this.#failed[at] === 1,
      processId: process.pid,
    };
  }
}
