import { statSync } from "node:fs";
import { databaseFile } from "../config/data-files.ts";
import type { Context } from "../context/context.ts";
import type { LeaseStatistics } from "../db/lease-pool.ts";
import type { InFlight } from "./in-flight.ts";
import type { ProcessMonitor, ProcessReading } from "./process-monitor.ts";
import type { Counts } from "./vitals-store.ts";
import { countJobs, countNotes } from "./vitals-store.ts";

/** What the page cache says of itself. Bytes are those of bodies and their overhead. */
export type PageStatistics = {
  readonly pages: number;
  readonly bytes: number;
  readonly hits: number;
  readonly made: number;
};

/** What is seen of the running program besides its operations. */
export type Vitals = {
  readonly process: ProcessReading;
  readonly pages: PageStatistics;
  readonly pool: LeaseStatistics;
  readonly storage: { readonly databaseBytes: number; readonly walBytes: number };
  /** Requests that came and are not answered; answers of the page cache, which are ready at once, do not count. */
  readonly requests: { readonly inFlight: number };
  readonly jobs: Counts;
  readonly notes: Counts;
};

/** Where vitals are read. */
export type VitalSources = {
  readonly ctx: Pick<Context, "db" | "config">;
  readonly monitor: Pick<ProcessMonitor, "read">;
  readonly pages: { statistics(): PageStatistics };
  readonly inFlight: InFlight;
};

/** Reads everything as it is now. Counting notes takes longer the more there are: 5 ms for 100,000. */
export function readVitals({ ctx, monitor, pages, inFlight }: VitalSources): Vitals {
  return {
    process: monitor.read(),
    pages: pages.statistics(),
    pool: ctx.db.leaseStatistics(),
    storage: readStorage(ctx),
    requests: { inFlight: inFlight.now },
    jobs: countJobs(ctx.db),
    notes: countNotes(ctx.db),
  };
}

/** Sizes of the database and of its write-ahead log, in bytes. */
export function readStorage({ config }: Pick<Context, "config">): Vitals["storage"] {
  const file = databaseFile(config);
  return { databaseBytes: sizeOf(file), walBytes: sizeOf(`${file}-wal`) };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
