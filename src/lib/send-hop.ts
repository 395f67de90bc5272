import { performance } from "node:perf_hooks";
import type { Dispatcher } from "undici";
import { buildConnector, Client } from "undici";
import { failureOf, TOO_SLOW } from "./fetch-failure.ts";
import type { FETCH_TIMEOUTS } from "./fetch-limits.ts";
import { MAX_HEADER_BYTES, MAX_RESPONSE_BYTES } from "./fetch-limits.ts";
import type { Hop, HopResult } from "./follow-redirects.ts";
import type { Failure } from "./outcome.ts";
import { giveUp } from "./outcome.ts";
import type { IsAllowed, Resolve } from "./public-address.ts";
import { createGuardedLookup, refuseLiteral } from "./public-address.ts";
import type { FetchResult } from "./safe-fetch.ts";

/** Asks one server one question, and never throws for what that server does. */
export type HopSender = (hop: Hop) => Promise<HopResult>;

/** Where hops may go, how long they may take, and what they call themselves. */
export type HopSenderOptions = {
  readonly resolve: Resolve;
  readonly isAllowed: IsAllowed;
  readonly timeouts: typeof FETCH_TIMEOUTS;
  readonly userAgent: string;
};

/** Creates what sends the hops of `lib/safe-fetch.ts`; the HTTP client hangs on this module alone. */
export function createHopSender({ resolve, isAllowed, timeouts, userAgent }: HopSenderOptions): HopSender {
  const connect = createConnect(resolve, isAllowed, timeouts.connectMs);
  return (hop) => send(hop, { connect, firstByteMs: timeouts.firstByteMs, userAgent });
}

function createConnect(resolve: Resolve, isAllowed: IsAllowed, timeoutMs: number): buildConnector.connector {
  const lookup = createGuardedLookup(resolve, isAllowed);
  const connect = buildConnector({ timeout: timeoutMs, lookup, maxCachedSessions: 0, allowH2: false });
  return (target, callback) => {
    try {
      refuseLiteral(target.hostname, isAllowed);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    connect(target, callback);
  };
}

type Sending = {
  readonly connect: buildConnector.connector;
  readonly firstByteMs: number;
  readonly userAgent: string;
};

async function send(hop: Hop, sending: Sending): Promise<HopResult> {
  const startedAt = performance.now();
  const { connect, firstByteMs: headersTimeout } = sending;
  // A client of its own for each hop: no connection outlives the check of its address.
  const client = new Client(hop.url.origin, {
    connect,
    headersTimeout,
    maxHeaderSize: MAX_HEADER_BYTES,
    pipelining: 0,
  });
  // Ends the hop wherever it stands, also while it still connects, which an abort signal would not.
  const timer = setTimeout(() => void client.destroy(TOO_SLOW), Math.max(1, hop.remainingMs));
  try {
    const response = await client.request(requestOf(hop, sending.userAgent));
    return { result: await read(response, hop), tookMs: performance.now() - startedAt };
  } catch (error) {
    return { result: { ok: false, outcome: failureOf(error) }, tookMs: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
    await client.destroy();
  }
}

function requestOf({ url, options }: Hop, userAgent: string): Dispatcher.RequestOptions {
  return {
    path: url.pathname + url.search,
    method: options.method ?? "GET",
    headers: {
      ...options.headers,
      accept: options.accept ?? "*/*",
      "accept-encoding": "identity",
      "user-agent": userAgent,
    },
    body: options.body ?? null,
  };
}

async function read({ body: stream, ...response }: Dispatcher.ResponseData, hop: Hop): Promise<FetchResult> {
  const headers = headersOf(response.headers);
  const maxBytes = hop.options.maxBytes ?? MAX_RESPONSE_BYTES;
  const isRedirect = response.statusCode >= 300 && response.statusCode < 400;
  const body = isRedirect ? Buffer.alloc(0) : (refusalOf(headers, maxBytes) ?? (await readBody(stream, maxBytes)));
  stream.on("error", () => {}).destroy();
  if (!Buffer.isBuffer(body)) return { ok: false, outcome: body };
  return { ok: true, status: response.statusCode, headers, body, url: hop.url.href };
}

function headersOf(headers: Dispatcher.ResponseData["headers"]): ReadonlyMap<string, string> {
  const pairs = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return new Map(pairs);
}

function refusalOf(headers: ReadonlyMap<string, string>, maxBytes: number): Failure | undefined {
  const encoding = headers.get("content-encoding") ?? "identity";
  // Not asked for, and a few bytes of it can be gigabytes.
  if (encoding.toLowerCase() !== "identity")
    return giveUp("The server sends compressed data although none was asked for.");
  return Number(headers.get("content-length") ?? 0) > maxBytes ? tooLarge(maxBytes) : undefined;
}

async function readBody(stream: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer | Failure> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): Failure {
  return giveUp(`The answer is larger than ${maxBytes} bytes, the most that is taken.`);
}
