import { randomBytes } from "node:crypto";
import type { Context } from "../context/context.ts";
import { toMilliseconds } from "../lib/clock.ts";
import type { SeriesMinute } from "../lib/metrics-buffer.ts";
import { packNames } from "./history-codec.ts";
import type { Gauges } from "./history-gauges.ts";
import type { HistoryProcess } from "./history-store.ts";
import { insertMinute, saveProcess } from "./history-store.ts";
import type { NameCounts } from "./history-sums.ts";
import { MAX_ROW_NAMES, NameSums, toNameCounts } from "./history-sums.ts";

/** Minutes that wait in memory while they cannot be written; the oldest is lost past that. */
export const MAX_WAITING_MINUTES = 60;

/** How long after the end of a minute it is written at most, in milliseconds: processes spread over it. */
export const WRITE_SPREAD_MS = 2_000;

const MINUTE_MS = 60_000;

/** One minute of this process, or a part of one. Parts are numbered from 1. */
export type HistoryPart = {
  readonly part: number;
  readonly minute: number;
  readonly names: readonly NameCounts[];
  readonly gauges: Gauges;
};

/** What a reader of history asks a process for, besides what stands in the database. */
export type UnwrittenHistory = {
  readonly process: HistoryProcess;
  /** What was counted after a part, up to now. */
  listUnwritten(afterPart: number): HistoryPart[];
};

type Waiting = HistoryPart & { isWritten: boolean };

type Tools = Pick<Context, "db" | "clock" | "log" | "metrics">;

/**
 * Writes down what this process measures: each minute when it is over, in one transaction, and what is left at a stop.
 * A minute that cannot be written waits; a process that is killed loses what it has not written, which is the minute that
 * runs and for two seconds the one before.
 */
export class HistoryRecorder implements UnwrittenHistory {
  readonly process: HistoryProcess;
  readonly #tools: Tools;
  readonly #readGauges: () => Gauges;
  readonly #spreadMs = Math.random() * WRITE_SPREAD_MS;
  #waiting: Waiting[] = [];
  #parts = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(tools: Tools, readGauges: () => Gauges) {
    this.#tools = tools;
    this.#readGauges = readGauges;
    this.process = { id: randomBytes(9).toString("base64url"), pid: process.pid, startedAt: tools.clock() };
  }

  /** Begins to write. It keeps no process alive. With metrics off it never does anything. */
  start(): void {
    if (!this.#tools.metrics.isEnabled) return;
    const now = toMilliseconds(this.#tools.clock());
    const untilNextMs = MINUTE_MS - (now % MINUTE_MS) + this.#spreadMs;
    this.#timer = setTimeout(() => {
      void this.write();
      this.start();
    }, untilNextMs).unref();
  }

  /** Writes minutes that are over and were not written. Never rejects: what fails is tried again with the next. */
  write(): Promise<void> {
    return this.#write(false);
  }

  /** Writes the minute that runs, too, and no more after it. */
  stop(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#write(true);
  }

  /** What was counted after a part, up to now; what stands in the database is known for one write longer. */
  listUnwritten(afterPart: number): HistoryPart[] {
    if (!this.#tools.metrics.isEnabled) return [];
    const waiting = this.#waiting.filter(({ part }) => part > afterPart);
    const counted = byMinute(this.#tools.metrics.untakenMinutes());
    return [...waiting, ...counted.map((minute, index) => ({ ...minute, part: this.#parts + index + 1, gauges: {} }))];
  }

  #write(isLast: boolean): Promise<void> {
    if (!this.#tools.metrics.isEnabled) return this.#writing;
    this.#writing = this.#writing.then(async () => {
      this.#take(isLast);
      await this.#save();
    });
    return this.#writing;
  }

  #take(isLast: boolean): void {
    const { metrics, clock } = this.#tools;
    const now = Math.floor(toMilliseconds(clock()) / MINUTE_MS);
    const counted = byMinute(metrics.takeMinutes({ running: isLast }));
    if (counted.length === 0) counted.push({ minute: isLast ? now : now - 1, names: [] });
    const gauges = this.#readGauges();
    const parts = counted.map((minute, index) => {
      this.#parts += 1;
      return { ...minute, part: this.#parts, gauges: index === counted.length - 1 ? gauges : {}, isWritten: false };
    });
    this.#waiting = [...this.#waiting.filter(({ isWritten }) => !isWritten), ...parts].slice(-MAX_WAITING_MINUTES);
  }

  async #save(): Promise<void> {
    const { db, log } = this.#tools;
    const parts = [...this.#waiting];
    try {
      const rows = parts.map((part) => toRow(this.process, part));
      await db.write(() => {
        saveProcess(db, this.process, Math.max(...parts.map(({ minute }) => minute)));
        for (const row of rows) insertMinute(db, row);
      });
      for (const part of parts) part.isWritten = true;
      this.#isFailing = false;
    } catch (err) {
      // The disk is full, or locked: that passes, and one line says so.
      if (!this.#isFailing) log.warn({ event: "metrics.write", err }, "history of metrics not written for now");
      this.#isFailing = true;
    }
  }
}

function toRow({ id }: HistoryProcess, { part, minute, names, gauges }: HistoryPart) {
  return { process: id, part, minute, operations: packNames(names), gauges: JSON.stringify(gauges) };
}

/** Earliest minute first. */
function byMinute(series: readonly SeriesMinute[]): { minute: number; names: NameCounts[] }[] {
  const minutes = new Map<number, NameSums>();
  for (const each of series) {
    const sums = minutes.get(each.minute) ?? new NameSums(MAX_ROW_NAMES);
    minutes.set(each.minute, sums);
    sums.add(toNameCounts(each));
  }
  return [...minutes].sort(([a], [b]) => a - b).map(([minute, sums]) => ({ minute, names: sums.list() }));
}
