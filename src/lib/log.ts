import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import roll from "pino-roll";
import { toLoggedError } from "./log-error.ts";
import { toReadable } from "./log-readable.ts";

/** Everything that can happen and is worth a line. A new event takes its place here first. */
export const LOG_EVENTS = [
  "server.start",
  "server.stop",
  "server.fault", // something failed outside any request or job
  "database.damaged", // a page was met that is not what was written; has `err`
  "metrics.write", // history of metrics that could not be written; has `err`
  "config.ignored",
  "migration.apply",
  "request.done",
  "request.failed", // answered 5xx; has `err`
  "job.run",
  "job.failed",
  "job.intervene", // by hand
  "author.setup",
  "author.login",
  "author.login_failed",
  "author.logout",
  "author.password_change",
  "identity.add", // another site may sign the author in
  "identity.remove",
  "token.create",
  "token.revoke",
  "token.narrow", // it lost a scope
  "app.undo", // what an app did was taken back
  "app.consent", // the author answered an app; `reason` is approve or deny
  "theme.failed", // a template of the author's own is not used; `reason` names file and line
  "import.run",
  "backup.delete",
  "export.run",
  "rollback.run",
] as const;

/** Name of an event, `noun.verb`. */
export type LogEvent = (typeof LOG_EVENTS)[number];

/**
 * Everything that a line may say. A closed list, checked when it is compiled and when it is written, so that content,
 * cookies, tokens and addresses of people cannot be logged by accident: there is no field for them.
 */
export const LOG_FIELDS = [
  "event",
  "request_id",
  "method",
  "route", // the pattern, never the path
  "status",
  "duration_ms",
  "note_id",
  "job_id",
  "kind",
  "attempts",
  "result",
  "reason",
  "source_url",
  "target_url",
  "client_id",
  "size_bytes",
  "count",
  "url",
  "version",
  "err",
] as const;

/** One line: its event, and what is known about it. `err` takes an error; everything else is text or a number. */
export type LogFields = { readonly event: LogEvent; readonly err?: unknown } & {
  readonly [Name in Exclude<(typeof LOG_FIELDS)[number], "event" | "err">]?: string | number | boolean | undefined;
};

/** Writes a line: the fields and a few words. */
type Write = (fields: LogFields, message: string) => void;

/** The log. `info` is what an operator wants on a quiet day, `warn` someone else's lasting fault, `error` ours. */
export type Logger = { readonly debug: Write; readonly info: Write; readonly warn: Write; readonly error: Write } & {
  /** Takes finished lines of level `info`, for what happens too often to be formatted by a library; undefined when the level is higher. */
  readonly lines?: (lines: string) => void;
};

/** Where readable or JSON lines go besides the files. */
export type LogTerminal = { write(text: string): unknown; readonly isTTY?: boolean };

/** Size at which a file of the log is closed and the next one begun. */
export const LOG_FILE_SIZE = "10m";

/** How many files are kept, the current one included. */
export const LOG_FILES_KEPT = 10;

/** Most that waits in memory while the disk is full, in characters; lines past it are dropped. */
const MAX_WAITING_LENGTH = 1024 * 1024;

const KNOWN_FIELDS: ReadonlySet<string> = new Set(LOG_FIELDS);

/**
 * Opens the log: JSON lines into `dir/app.N.log`, in this process and at once, so that no line is lost when it ends;
 * and to `terminal`, readable if a person sits there. Makes the folder (0700). Throws the system's error when it cannot.
 */
export async function createLogger(options: {
  level: string;
  dir: string;
  terminal?: LogTerminal;
  fileSize?: string;
}): Promise<Logger> {
  const { level, dir, terminal, fileSize = LOG_FILE_SIZE } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const limit = { count: LOG_FILES_KEPT, removeOtherLogFiles: true };
  const file = join(dir, "app.log");
  const files = await roll({ file, size: fileSize, limit, sync: true, mode: 0o600, maxLength: MAX_WAITING_LENGTH });
  // A log that cannot be written must not end the site. The stream tries again with the next line.
  files.on("error", () => {});
  return createPino(level, {
    write(lines) {
      files.write(lines);
      terminal?.write(terminal.isTTY === true ? lines.replace(/[^\n]+\n/g, toReadable) : lines);
    },
  });
}

/** A log that goes nowhere, for tests and commands. */
export function silentLogger(): Logger {
  return pino({ level: "silent" });
}

/** The same log into a stream of one's own, such as a list of lines in a test. */
export function createPino(level: string, destination: { write(lines: string): void }): Logger {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: withoutUnknown },
      serializers: { err: toLoggedError },
    },
    destination,
  );
  return logger.isLevelEnabled("info") ? Object.assign(logger, { lines: destination.write.bind(destination) }) : logger;
}

/** pino's own redaction takes a list of what is forbidden, and four times as long a line. */
function withoutUnknown(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const value = fields[name];
    const isAllowed = KNOWN_FIELDS.has(name) && (typeof value !== "object" || name === "err");
    kept[name] = isAllowed ? value : "[Redacted]";
  }
  return kept;
}
