import { createHash } from "node:crypto";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { LogTail } from "./log-tail.ts";
import { readLogTail } from "./log-tail.ts";
import type { ProblemLevel, ProblemLine } from "./problem-line.ts";
import { fieldOf, parseProblemLine } from "./problem-line.ts";

/** Warnings and errors that are taken from the log, the newest first; older ones are left to the log itself. */
export const MAX_PROBLEM_LINES = 1_000;

/** Lines of the log that say the same. */
export type Problem = {
  /** Names it in an address; the same as long as it says the same. */
  readonly key: string;
  readonly level: ProblemLevel;
  readonly event: string;
  readonly message: string;
  /** Why; empty where the line does not say. */
  readonly reason: string;
  readonly count: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  /** Requests that met it, the newest first, each once. */
  readonly requestIds: readonly string[];
  /** The newest line. */
  readonly newest: ProblemLine;
};

/** What the log tells of problems, and how far back it was asked. */
export type ProblemReport = LogTail & {
  readonly problems: readonly Problem[];
  /** Time of the oldest line that was looked at, as far as it has one. */
  readonly since: Timestamp | undefined;
};

/**
 * Reads the newest warnings and errors of every process from the log files, those that say the same as one, the newest
 * first. Lines of failed jobs are left out: the queue has those.
 */
export async function readProblems({ config }: Pick<Context, "config">): Promise<ProblemReport> {
  const lines: ProblemLine[] = [];
  let oldest = "";
  const tail = await readLogTail(config.LOG_DIR, (text) => {
    oldest = text;
    const line = parseProblemLine(text);
    if (line !== undefined && line.event !== "job.failed") lines.push(line);
    return lines.length < MAX_PROBLEM_LINES;
  });
  return { ...tail, problems: group(lines), since: timeOf(oldest) };
}

function group(lines: readonly ProblemLine[]): Problem[] {
  const groups = new Map<string, ProblemLine[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [line]);
    else known.push(line);
  }
  return [...groups]
    .flatMap(([key, same]) => toProblem(key, same))
    .sort((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0));
}

/** Several processes write files of their own, so lines do not come in order. */
function toProblem(key: string, unordered: readonly ProblemLine[]): Problem[] {
  const lines = unordered.toSorted((a, b) => (a.time < b.time ? 1 : -1));
  const [newest, oldest] = [lines[0], lines.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const requestIds = lines.map((line) => fieldOf(line, "request_id")).filter((id) => id !== "");
  return [
    {
      key,
      level: newest.level,
      event: newest.event,
      message: newest.message,
      reason: reasonOf(newest),
      count: lines.length,
      firstAt: oldest.time,
      lastAt: newest.time,
      requestIds: [...new Set(requestIds)],
      newest,
    },
  ];
}

function keyOf(line: ProblemLine): string {
  const same = JSON.stringify([line.level, line.event, line.message, reasonOf(line)]);
  return createHash("sha256").update(same).digest("base64url").slice(0, 16);
}

function reasonOf(line: ProblemLine): string {
  const [error] = line.errors;
  return fieldOf(line, "reason") || (error === undefined ? "" : `${error.name}: ${error.message}`);
}

function timeOf(line: string): Timestamp | undefined {
  return /"time":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/.exec(line)?.[1] as Timestamp | undefined;
}
