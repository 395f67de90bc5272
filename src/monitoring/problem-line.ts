import type { Timestamp } from "../lib/clock.ts";
import { toTimestamp } from "../lib/clock.ts";

/** Longest text that is shown of a field, in characters. */
export const MAX_FIELD_LENGTH = 500;

/** Longest stack that is shown, in characters. */
export const MAX_STACK_LENGTH = 8_000;

/** How deep a chain of causes is shown. */
const MAX_CAUSES = 5;

/** What the log calls bad. */
export type ProblemLevel = "warn" | "error" | "fatal";

/** An error in the log, without its causes. */
export type ProblemError = { readonly name: string; readonly message: string; readonly stack: string };

/** A line of the log that says that something was not well. */
export type ProblemLine = {
  readonly time: Timestamp;
  readonly level: ProblemLevel;
  readonly event: string;
  readonly message: string;
  /** The other fields: their names and values. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** The error and its causes, the outermost first. */
  readonly errors: readonly ProblemError[];
};

const LEVELS: ReadonlySet<unknown> = new Set<ProblemLevel>(["warn", "error", "fatal"]);
const LEVEL_TEXT = /"level":"(?:warn|error|fatal)"/;

/** Reads a line of the log; undefined for lines that say that all is well, half lines, and whatever is not ours. */
export function parseProblemLine(line: string): ProblemLine | undefined {
  if (!LEVEL_TEXT.test(line)) return undefined; // Most lines are requests; to parse them all would take a second.
  const object = parseObject(line);
  if (object === undefined) return undefined;
  const { time, level, event, msg, err, ...rest } = object;
  const moment = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (!LEVELS.has(level) || Number.isNaN(moment)) return undefined;
  return {
    time: toTimestamp(moment),
    level: level as ProblemLevel,
    event: shorten(event),
    message: shorten(msg),
    fields: Object.entries(rest)
      .filter(([, value]) => typeof value !== "object")
      .map(([name, value]) => ({ name: shorten(name), value: shorten(value) })),
    errors: listErrors(err),
  };
}

/** The value of a field; empty when the line has none. */
export function fieldOf({ fields }: Pick<ProblemLine, "fields">, name: string): string {
  return fields.find((field) => field.name === name)?.value ?? "";
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Half a line, or someone else's.
  }
}

function listErrors(err: unknown): ProblemError[] {
  const errors: ProblemError[] = [];
  let error = err;
  while (typeof error === "object" && error !== null && errors.length <= MAX_CAUSES) {
    const { name, message, stack, cause } = error as Record<string, unknown>;
    errors.push({ name: shorten(name), message: shorten(message), stack: shorten(stack, MAX_STACK_LENGTH) });
    error = cause;
  }
  return errors;
}

function shorten(value: unknown, max: number = MAX_FIELD_LENGTH): string {
  const text = value === undefined || value === null ? "" : String(value);
  return text.length > max ? `${text.slice(0, max)}…` : text;
}
