import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Processes } from "../processes.ts";

/** What wrk asks for. */
export type WrkLoad = {
  readonly processes: Processes;
  /** The core that wrk runs on. */
  readonly core: number | undefined;
  /** Where the list of requests may be written. */
  readonly folder: string;
  readonly origin: string;
  /** Asked for at random, each as often as the others. */
  readonly paths: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether every request says that it comes from another network. */
  readonly isFromAnywhere?: boolean;
  readonly connections: number;
  readonly seconds: number;
};

/** What a run of a load generator came to. */
export type LoadResult = {
  readonly requests: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
};

const SCRIPT = join(import.meta.dirname, "wrk.lua");
const MARK = "figures ";

/** How long a server is loaded that answered nothing in a shorter run, in seconds. */
const LONG_SECONDS = 20;

/**
 * Loads a server for so many seconds; longer when it answers nothing in that time. Throws when wrk fails, when there is no
 * answer at all, or one with an error.
 */
export async function runWrk(load: WrkLoad): Promise<LoadResult> {
  const result = parseWrk(await hearWrk(load));
  if (result.requests > 0) return result;
  if (load.seconds >= LONG_SECONDS) throw new Error(`wrk got no answer within ${load.seconds} s.`);
  return runWrk({ ...load, seconds: LONG_SECONDS });
}

async function hearWrk(load: WrkLoad): Promise<string> {
  const list = join(load.folder, "requests.txt");
  writeFileSync(list, requestList(load));
  const wrk = load.processes.start({
    file: "wrk",
    args: [
      "--threads=1",
      `--connections=${load.connections}`,
      `--duration=${Math.ceil(load.seconds)}s`,
      "--timeout=30s",
      `--script=${SCRIPT}`,
      load.origin,
      "--",
      list,
      "1",
    ],
    core: load.core,
    hearsStdout: true,
  });
  let stdout = "";
  wrk.child.stdout?.on("data", (chunk) => {
    stdout += String(chunk);
  });
  const code = await wrk.exited;
  if (code !== 0) throw new Error(`wrk ended with ${code}: ${wrk.stderr().trim() || stdout.trim()}`);
  return stdout;
}

/** Reads what `wrk.lua` writes. Throws when it is missing, or when anything was answered with an error. */
export function parseWrk(stdout: string): LoadResult {
  const line = stdout.split("\n").find((each) => each.startsWith(MARK));
  if (line === undefined) throw new Error(`wrk said nothing of its figures: ${stdout.trim().slice(-200)}`);
  const figures = JSON.parse(line.slice(MARK.length)) as Record<string, number>;
  const { requests = 0, microseconds = 0, bytes = 0, refused, broken, timeouts, p50 = 0, p99 = 0 } = figures;
  const failures = { "answers of 400 and above": refused, "broken connections": broken, timeouts };
  const failed = Object.entries(failures).filter(([, count]) => count !== 0);
  if (failed.length > 0) {
    throw new Error(`wrk saw ${failed.map(([what, count]) => `${count} ${what}`).join(", ")} of ${requests} requests.`);
  }
  return { requests, seconds: microseconds / 1e6, bytes, p50Ms: p50 / 1000, p99Ms: p99 / 1000 };
}

/** The requests as `wrk.lua` reads them. */
export function requestList(load: Pick<WrkLoad, "paths" | "headers" | "isFromAnywhere">): string {
  const { paths, headers = {}, isFromAnywhere } = load;
  const lines = [
    ...Object.entries(headers).map(([name, value]) => `H ${name}: ${value}`),
    ...(isFromAnywhere === true ? ["N"] : []),
    ...paths.map((path) => `P ${path}`),
  ];
  return `${lines.join("\n")}\n`;
}
