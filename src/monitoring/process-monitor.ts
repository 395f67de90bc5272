import { readdirSync } from "node:fs";
import type { IntervalHistogram } from "node:perf_hooks";
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";

/** How often memory is looked at, and the delays of the event loop are begun anew, in milliseconds. */
export const PROCESS_LOOK_MS = 60_000;

/** How finely delays of the event loop are seen, in milliseconds. */
const LOOP_RESOLUTION_MS = 20;

/** Looks that the growth of memory is taken from: an hour of them. */
export const MEMORY_LOOKS_KEPT = 60;

/** Looks below which nothing is said of growth: a young process always grows. */
export const MEMORY_LOOKS_NEEDED = 30;

/** Growth of resident memory that deserves a look, in bytes an hour. */
export const MEMORY_GROWTH_WARNING = 32 * 1024 * 1024;

/** How resident memory grew over the last hour, by the straight line nearest to it. */
export type MemoryGrowth = { readonly bytesPerHour: number; readonly isWarning: boolean };

/** How the process is. Sizes in bytes, times in milliseconds unless their name says otherwise. */
export type ProcessReading = {
  readonly residentBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  readonly externalBytes: number;
  /** Of the minute before the last look, or since the start while there was none. */
  readonly eventLoopDelay: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Since the start. */
  readonly garbageCollection: { readonly count: number; readonly totalMs: number };
  readonly cpuSeconds: number;
  /** Open files and connections; undefined where the system does not tell. */
  readonly fileDescriptors: number | undefined;
  readonly uptimeSeconds: number;
  /** Undefined during the first half hour. */
  readonly memoryGrowth: MemoryGrowth | undefined;
};

/** Watches over this process. */
export type ProcessMonitor = {
  read(): ProcessReading;
  /** Watches no more. */
  stop(): void;
};

/** Starts to watch. It keeps no process alive. */
export function startProcessMonitor(lookMs: number = PROCESS_LOOK_MS): ProcessMonitor {
  const delays = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  delays.enable();
  const garbage = { count: 0, totalMs: 0 };
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      garbage.count += 1;
      garbage.totalMs += duration;
    }
  });
  observer.observe({ entryTypes: ["gc"] });

  const memory: MemoryLook[] = [];
  let lastMinute: ProcessReading["eventLoopDelay"] | undefined;
  const timer = setInterval(() => {
    lastMinute = readDelays(delays);
    delays.reset();
    memory.push({ atMs: performance.now(), bytes: process.memoryUsage.rss() });
    if (memory.length > MEMORY_LOOKS_KEPT) memory.shift();
  }, lookMs).unref();

  return {
    read: () => ({
      ...readMemory(),
      eventLoopDelay: lastMinute ?? readDelays(delays),
      garbageCollection: { ...garbage },
      cpuSeconds: cpuSeconds(),
      fileDescriptors: countFileDescriptors(),
      uptimeSeconds: process.uptime(),
      memoryGrowth: memoryGrowth(memory),
    }),
    stop() {
      clearInterval(timer);
      delays.disable();
      observer.disconnect();
    },
  };
}

/** Resident memory at a moment of `performance.now()`. */
export type MemoryLook = { readonly atMs: number; readonly bytes: number };

/** The slope of the straight line nearest to these looks; undefined for fewer than `MEMORY_LOOKS_NEEDED`. */
export function memoryGrowth(looks: readonly MemoryLook[]): MemoryGrowth | undefined {
  if (looks.length < MEMORY_LOOKS_NEEDED) return undefined;
  const meanAt = looks.reduce((sum, { atMs }) => sum + atMs, 0) / looks.length;
  const meanBytes = looks.reduce((sum, { bytes }) => sum + bytes, 0) / looks.length;
  const rise = looks.reduce((sum, { atMs, bytes }) => sum + (atMs - meanAt) * (bytes - meanBytes), 0);
  const run = looks.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  const bytesPerHour = run === 0 ? 0 : (rise / run) * 3_600_000;
  return { bytesPerHour, isWarning: bytesPerHour > MEMORY_GROWTH_WARNING };
}

function readMemory() {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  return { residentBytes: rss, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal, externalBytes: external };
}

/** Nanoseconds, and what a timer of so many milliseconds takes anyway. NaN and 0 before the first of them. */
function readDelays(delays: IntervalHistogram): ProcessReading["eventLoopDelay"] {
  const toDelay = (nanoseconds: number) => Math.max(0, (nanoseconds || 0) / 1e6 - LOOP_RESOLUTION_MS);
  return { p50: toDelay(delays.percentile(50)), p99: toDelay(delays.percentile(99)), max: toDelay(delays.max) };
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function countFileDescriptors(): number | undefined {
  try {
    return readdirSync("/dev/fd").length;
  } catch {
    return undefined; // Not every system has such a folder.
  }
}
