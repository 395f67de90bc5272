import type { VitalSources } from "./vitals.ts";
import { readStorage } from "./vitals.ts";

/** What is written down once a minute of how a process is. Sizes in bytes, times in milliseconds. */
export const GAUGES = [
  "residentBytes",
  "heapUsedBytes",
  "externalBytes",
  "eventLoopP50Ms",
  "eventLoopP99Ms",
  "processorShare", // of one processor, since the last time: 1 is all of one
  "fileDescriptors",
  "walBytes",
  "databaseBytes",
  "poolActive",
  "poolIdle",
  "poolWaiting",
  "poolTimeouts", // since the start
  "cachedPages",
  "cachedBytes",
  "cacheHits", // since the start
  "cacheMade", // since the start
  "inFlightMost", // since the last time
] as const;

/** Name of a gauge. */
export type GaugeName = (typeof GAUGES)[number];

/** Gauges at one moment; what the system does not tell is left out. */
export type Gauges = Readonly<Partial<Record<GaugeName, number>>>;

/** A gauge over some time, so that it can be added up to longer ones; without names, since thousands of rows hold them. */
export type GaugeSum = readonly [sum: number, count: number, max: number];

/** Gauges over some time. */
export type GaugeSums = Readonly<Partial<Record<GaugeName, GaugeSum>>>;

/** Creates what reads the gauges of this process: once a minute, since some are of the time since the last reading. */
export function createGauges({ ctx, monitor, pages, inFlight }: VitalSources): () => Gauges {
  let last = { cpuSeconds: 0, uptimeSeconds: 0 };
  return () => {
    const process = monitor.read();
    const pool = ctx.db.leaseStatistics();
    const cache = pages.statistics();
    const seconds = process.uptimeSeconds - last.uptimeSeconds;
    const processorShare = seconds > 0 ? (process.cpuSeconds - last.cpuSeconds) / seconds : undefined;
    last = process;
    return rounded({
      residentBytes: process.residentBytes,
      heapUsedBytes: process.heapUsedBytes,
      externalBytes: process.externalBytes,
      eventLoopP50Ms: process.eventLoopDelay.p50,
      eventLoopP99Ms: process.eventLoopDelay.p99,
      processorShare,
      fileDescriptors: process.fileDescriptors,
      ...readStorage(ctx),
      poolActive: pool.active,
      poolIdle: pool.idle,
      poolWaiting: pool.waiting,
      poolTimeouts: pool.timeouts,
      cachedPages: cache.pages,
      cachedBytes: cache.bytes,
      cacheHits: cache.hits,
      cacheMade: cache.made,
      inFlightMost: inFlight.takeMost(),
    });
  };
}

/** One moment as a sum of its own. */
export function toGaugeSums(gauges: Gauges): GaugeSums {
  const entries = Object.entries(gauges).map(([name, value]) => [name, [value, 1, value]]);
  return Object.fromEntries(entries) as GaugeSums;
}

/** Adds up, in whatever order. */
export function addGauges(one: GaugeSums, other: GaugeSums): GaugeSums {
  const names = Object.keys({ ...one, ...other }) as GaugeName[];
  return Object.fromEntries(names.map((name) => [name, addGauge(one[name], other[name])])) as GaugeSums;
}

function addGauge(one: GaugeSum | undefined, other: GaugeSum | undefined): GaugeSum | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const sum = Math.round((one[0] + other[0]) * 1000) / 1000;
  return [sum, one[1] + other[1], Math.max(one[2], other[2])];
}

function rounded(gauges: Readonly<Record<GaugeName, number | undefined>>): Gauges {
  const known = Object.entries(gauges).filter(([, value]) => value !== undefined) as [GaugeName, number][];
  return Object.fromEntries(known.map(([name, value]) => [name, Math.round(value * 1000) / 1000]));
}
