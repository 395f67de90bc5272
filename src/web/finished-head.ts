import type { ServerResponse } from "node:http";
import { validateHeaderName, validateHeaderValue } from "node:http";

const STATUS_LINES = { 200: "HTTP/1.1 200 OK\r\n", 304: "HTTP/1.1 304 Not Modified\r\n" } as const;

/** The head of an answer but for what the server itself says in every one: the date, and how long a connection is kept. */
export type FinishedHead = {
  readonly status: keyof typeof STATUS_LINES;
  /** As of `toHeadLines`. */
  readonly lines: string;
};

/** Where Node keeps the head of an answer between `writeHead` and `end`: not documented, and so never relied upon. */
type WithHead = ServerResponse & { _header?: unknown };

/** Headers as they stand in a head, in one flat text. Throws what Node throws for a header that would break it. */
export function toHeadLines(headers: readonly (readonly [name: string, value: string])[]): string {
  return headers.map(toLine).join("");
}

function toLine([name, value]: readonly [string, string]): string {
  validateHeaderName(name);
  validateHeaderValue(name, value);
  return `${name}: ${value}\r\n`;
}

/**
 * Creates what begins an answer whose head is finished. Node checks and joins the head of the first one in each second,
 * and those after it take over the end of that: a sixth of what an answer from memory costs is the making of its head.
 * An answer after which the connection ends, one by HTTP/1.0, and every one where Node keeps no such text, is left to Node.
 * `nowMs` is `performance.now()`, when the request came or later.
 */
export function createHeadWriter(): (res: ServerResponse, head: FinishedHead, nowMs: number) => void {
  let end = "";
  let endIsGoodUntil = 0;

  function learnEnd(res: WithHead, start: string, nowMs: number): void {
    const made = res._header;
    if (typeof made !== "string" || !made.startsWith(start)) return;
    end = made.slice(start.length);
    endIsGoodUntil = nowMs + 1000 - ((performance.timeOrigin + nowMs) % 1000); // It says the second.
  }

  return (res: WithHead, { status, lines }, nowMs) => {
    const isUsual = res.shouldKeepAlive && res.req.httpVersion === "1.1";
    const start = STATUS_LINES[status] + lines;
    if (isUsual && nowMs < endIsGoodUntil) {
      res.statusCode = status;
      res._header = start + end;
      return;
    }
    res.writeHead(status, toNamesAndValues(lines));
    if (isUsual) learnEnd(res, start, nowMs);
  };
}

/** As `writeHead` takes them. */
function toNamesAndValues(lines: string): string[] {
  return lines
    .split("\r\n")
    .slice(0, -1)
    .flatMap((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 2)];
    });
}
