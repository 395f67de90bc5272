import type { Timestamp } from "./clock.ts";

/** What is measured. */
export const METRIC_TYPES = ["http", "database", "render", "job", "fetch"] as const;

/** A kind of operation that is measured. */
export type MetricType = (typeof METRIC_TYPES)[number];

/** One operation that has ended. */
export type Measurement = {
  readonly type: MetricType;
  /** A name of ours, of which there are few: route pattern, function of a statement, template, job kind, host. */
  readonly name: string;
  readonly durationMs: number;
  /** How it ended, in a word of ours: a status, `ok`, `retry`, `aborted`. */
  readonly outcome: string;
  readonly isFailed: boolean;
  /** What went out or came in, in bytes; rows for the database. */
  readonly size: number;
  /** When the first byte of an answer went out, after its request came, in milliseconds. */
  readonly firstByteMs?: number | undefined;
  readonly requestId?: string | undefined;
};

/** An operation that was kept whole. */
export type Sample = Omit<Measurement, "firstByteMs"> & { readonly time: Timestamp; readonly processId: number };
