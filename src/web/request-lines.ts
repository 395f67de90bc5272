import type { Clock } from "../lib/clock.ts";
import { onceATurn } from "../lib/once-a-turn.ts";

/** Longest time that a line waits for others, in milliseconds. */
export const MAX_LINE_WAIT_MS = 100;

/** Characters of waiting lines at which they are written at once. */
export const MAX_WAITING_CHARACTERS = 16 * 1024;

/** A request that was answered, or whose client has gone. */
export type AnsweredRequest = {
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly sizeBytes: number;
  readonly durationMs: number;
  /** When its head was written; undefined when none was. */
  readonly firstByteMs?: number | undefined;
  /** Whether the page cache answered, or the client went before the end. */
  readonly result?: "cached" | "aborted" | undefined;
};

/** Writes the lines of the request log: many an answer costs less than a line made and written by pino. */
export type RequestLines = {
  write(request: AnsweredRequest): void;
  /** How many there were so far. */
  answered(): number;
  /** Writes what waits, at a stop. */
  flush(): void;
};

/**
 * Creates a writer that formats its lines by hand and hands them over in batches. Every value is a number, a word of
 * ours or a route pattern, so nothing needs to be escaped.
 */
export function createRequestLines(clock: Clock, write: (lines: string) => void): RequestLines {
  // Requests of one turn of the event loop are answered within a millisecond or two, and a date costs more than a page.
  const now = onceATurn(clock);
  let waiting = "";
  let count = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === "") return;
    const lines = waiting;
    waiting = "";
    write(lines);
  }

  return {
    write({ requestId, method, route, status, sizeBytes, durationMs, result }) {
      count += 1;
      const said = result === undefined ? "" : `"result":"${result}",`;
      waiting += `{"level":"info","time":"${now()}","event":"request.done","request_id":"${requestId}","route":"${route}","status":${status},"method":"${method}","size_bytes":${sizeBytes},"duration_ms":${durationMs.toFixed(3)},${said}"msg":"request done"}\n`;
      if (waiting.length >= MAX_WAITING_CHARACTERS) flush();
      else timer ??= setTimeout(flush, MAX_LINE_WAIT_MS).unref();
    },
    answered: () => count,
    flush,
  };
}
