import { readFileSync, writeFileSync } from "node:fs";

/** Ticks of the processor clock in a second: 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** What a process holds in memory, in bytes. */
export type Memory = {
  readonly rss: number;
  /** The most that it held since its start or since `forgetPeak`. */
  readonly peak: number;
};

/** Processor time that all threads of a process have used so far, in microseconds. Exact to 10,000. */
export function cpuMicros(pid: number): number {
  return parseCpuMicros(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

/** Resident memory of a process. */
export function memoryOf(pid: number): Memory {
  return parseMemory(readFileSync(`/proc/${pid}/status`, "utf8"));
}

/** Lets the peak begin anew at what the process holds now. */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}

/** Reads /proc/PID/stat: the time in user and in kernel mode (see proc(5)), in microseconds. */
export function parseCpuMicros(stat: string): number {
  // The second field is the name of the program, which may hold anything, spaces and brackets too.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (!Number.isFinite(ticks)) throw new Error("The processor time of a process cannot be read.");
  return (ticks / TICKS_PER_SECOND) * 1_000_000;
}

/** Reads /proc/PID/status. */
export function parseMemory(status: string): Memory {
  return { rss: kilobytes(status, "VmRSS") * 1024, peak: kilobytes(status, "VmHWM") * 1024 };
}

function kilobytes(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status);
  if (found === null) throw new Error(`The memory of a process cannot be read: it has no ${name}.`);
  return Number(found[1]);
}
