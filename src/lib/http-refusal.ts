import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { createRequestIds } from "./request-id.ts";

/** Why a request is answered before any application sees it. */
export type RefusalReason = keyof typeof ANSWERS;

/** A refusal, for the log. */
export type Refusal = { readonly requestId: string; readonly status: number; readonly durationMs: number };

/** Refuses on the bare connection, or through an answer that has begun to exist. */
export type Refuser = {
  /** Says why and hangs up. `startedAt` is a moment of `performance.now()`. */
  onSocket(socket: Socket, reason: RefusalReason, startedAt: number): void;
  /** The same for a request whose head was read. What the application said of the answer so far stays in its head. */
  onAnswer(res: ServerResponse, reason: RefusalReason, startedAt: number): void;
};

/** How long a refused client may still send, so that it gets to read why, in milliseconds. */
export const LINGER_MS = 1_000;

/** Header that names a request. */
const ID_HEADER = "X-Request-Id";

/** The security headers of an answer in plain text. */
const PLAIN_HEADERS: OutgoingHttpHeaders = {
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

type Answer = { readonly status: number; readonly sentence: string; readonly headers?: OutgoingHttpHeaders };

const ANSWERS = {
  malformed: { status: 400, sentence: "This is not a request that the server can read. Check what was sent." },
  host: { status: 400, sentence: "A request has one Host header. Send exactly one." },
  proxy: {
    status: 405,
    sentence: "This server is no proxy. Ask for an address of its own.",
    headers: { Allow: "GET, HEAD, OPTIONS, POST" },
  },
  slow: { status: 408, sentence: "The request took too long to arrive. Send it again." },
  extensions: { status: 413, sentence: "The body's chunks say too much about themselves. Send it without extensions." },
  expectation: { status: 417, sentence: "Only 100-continue can be expected here. Send the request without Expect." },
  head: { status: 431, sentence: "The head of the request is too large. Send fewer or shorter headers." },
} as const satisfies Record<string, Answer>;

/** Creates a refuser. `headers` are in each of its answers; `tell` hears of those that no application logs. */
export function createRefuser(headers: OutgoingHttpHeaders = {}, tell: (refusal: Refusal) => void = () => {}): Refuser {
  const nextId = createRequestIds();
  return {
    onSocket(socket, reason, startedAt) {
      const { status, ...answer } = toAnswer(reason, headers);
      const requestId = nextId();
      const lines = Object.entries({ ...answer.headers, [ID_HEADER]: requestId, Connection: "close" });
      const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines.map(([name, value]) => `${name}: ${value}`)];
      socket.end(`${head.join("\r\n")}\r\n\r\n${answer.text}`);
      setTimeout(() => socket.destroy(), LINGER_MS).unref();
      tell({ requestId, status, durationMs: performance.now() - startedAt });
    },
    onAnswer(res, reason, startedAt) {
      const { status, ...answer } = toAnswer(reason, headers);
      // Whoever gave it a name writes its line, too.
      const isNamed = res.hasHeader(ID_HEADER);
      const requestId = isNamed ? String(res.getHeader(ID_HEADER)) : nextId();
      res.shouldKeepAlive = false;
      res.writeHead(status, { ...answer.headers, [ID_HEADER]: requestId });
      res.end(answer.text);
      if (!isNamed) tell({ requestId, status, durationMs: performance.now() - startedAt });
    },
  };
}

function toAnswer(reason: RefusalReason, headers: OutgoingHttpHeaders) {
  const { status, sentence, headers: own = {} }: Answer = ANSWERS[reason];
  const text = `${sentence}\n`;
  const length = { "Content-Type": "text/plain; charset=utf-8", "Content-Length": Buffer.byteLength(text) };
  return { status, text, headers: { ...headers, ...PLAIN_HEADERS, "Cache-Control": "no-store", ...own, ...length } };
}
