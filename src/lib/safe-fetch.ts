import { performance } from "node:perf_hooks";
import type { Dispatcher } from "undici";
import { buildConnector, Client } from "undici";
import { failureOf, TOO_SLOW } from "./fetch-failure.ts";
import type { Hop, HopResult } from "./follow-redirects.ts";
import { followRedirects } from "./follow-redirects.ts";
import { createGate, createKeyedGate } from "./gate.ts";
import type { Failure } from "./outcome.ts";
import { giveUp } from "./outcome.ts";
import type { IsAllowed, Resolve } from "./public-address.ts";
import { createGuardedLookup, createSystemResolve, isPublicAddress, refuseLiteral } from "./public-address.ts";

/** What to ask for, and how much of it. */
export type FetchOptions = {
  readonly method?: "GET" | "POST";
  /** Besides those of the module itself. Cookie and Authorization are not sent on to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The Accept header. */
  readonly accept?: string;
  /** Largest body that is taken, in bytes; default `MAX_RESPONSE_BYTES`. */
  readonly maxBytes?: number;
};

/** An answer, of whatever status. */
export type FetchResponse = {
  readonly ok: true;
  readonly status: number;
  /** Lower-case name → value; several values of one name stand with ", " between. */
  readonly headers: ReadonlyMap<string, string>;
  /** Empty with a redirect that could not be followed. */
  readonly body: Buffer;
  /** Where the answer came from, after redirects, without a fragment. */
  readonly url: string;
};

/** An answer; or none, with the reason and whether trying again makes sense. */
export type FetchResult = FetchResponse | { readonly ok: false; readonly outcome: Failure };

/** Fetches from the public web. Never throws for what a URL or another server does: that is a value. */
export type SafeFetch = (url: string, options?: FetchOptions) => Promise<FetchResult>;

/** Largest body by default, in bytes. Nothing is ever decompressed. */
export const MAX_RESPONSE_BYTES = 1_000_000;
/** Largest head of an answer, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024;
/** Most requests at once. */
export const MAX_FETCHES_AT_ONCE = 8;
/** Most requests at once to one host. */
export const MAX_FETCHES_TO_ONE_HOST = 4;

/** How long each part of an exchange may take, in milliseconds. The whole counts all redirects, not the waiting in line. */
export const FETCH_TIMEOUTS = { connectMs: 5_000, firstByteMs: 5_000, wholeMs: 15_000 };

/** Where the outside begins; tests put their own loopback servers there. */
export type FetchSeams = {
  readonly resolve: Resolve;
  readonly isAllowed: IsAllowed;
  readonly timeouts: typeof FETCH_TIMEOUTS;
};

/**
 * Creates the only way out to the web. Each hop decides on the address that is really connected to, and refuses any that
 * is not public, unless `allowPrivateNetwork` is on. No cookies, no compression, no connection kept open.
 */
export function createSafeFetch(
  settings: { allowPrivateNetwork: boolean; userAgent: string },
  seams: Partial<FetchSeams> = {},
): SafeFetch {
  const { resolve = createSystemResolve(), timeouts = FETCH_TIMEOUTS } = seams;
  const isAllowed = settings.allowPrivateNetwork ? () => true : (seams.isAllowed ?? isPublicAddress);
  const connect = createConnect(resolve, isAllowed, timeouts.connectMs);
  const hosts = createKeyedGate(MAX_FETCHES_TO_ONE_HOST);
  const all = createGate(MAX_FETCHES_AT_ONCE);
  const sending = { connect, firstByteMs: timeouts.firstByteMs, userAgent: settings.userAgent };

  // By hop, and the host first: whoever holds a place among all waits for nothing, so redirects cannot lock each other.
  const sendInLine = (hop: Hop) => hosts.run(hop.url.hostname, () => all.run(() => send(hop, sending)));
  return (url, options = {}) => followRedirects({ url, options }, timeouts.wholeMs, sendInLine);
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
