import type { Deadline } from "./fetch-deadline.ts";
import { createDeadline } from "./fetch-deadline.ts";
import { FETCH_TIMEOUTS, MAX_FETCHES_AT_ONCE, MAX_FETCHES_TO_ONE_HOST } from "./fetch-limits.ts";
import type { Hop } from "./follow-redirects.ts";
import { followRedirects } from "./follow-redirects.ts";
import { createGate, createKeyedGate } from "./gate.ts";
import { once } from "./once.ts";
import type { Failure } from "./outcome.ts";
import { giveUp } from "./outcome.ts";
import type { IsAllowed, Resolve } from "./public-address.ts";
import { createSystemResolve, isLoopback, isPublicAddress } from "./public-address.ts";
import type { HopSender } from "./send-hop.ts";

/** What to ask for, and how much of it. */
export type FetchOptions = {
  /** `PURGE` goes to the addresses that the operator named, and to no others. */
  readonly method?: "GET" | "POST" | "PURGE";
  /** Besides those of the module itself. Cookie and Authorization are not sent on to another origin. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The Accept header. */
  readonly accept?: string;
  /** Largest body that is taken, in bytes; default `MAX_RESPONSE_BYTES`. */
  readonly maxBytes?: number;
  /** How long the whole exchange may take, in milliseconds, where that is less than usual; here the waiting in line counts too. */
  readonly withinMs?: number;
  /** Whether the machine's own addresses are refused even where private ones are allowed; on every hop. */
  readonly refusesLoopback?: boolean;
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

/** What the way out depends on in the configuration. */
export type FetchSettings = {
  readonly allowPrivateNetwork: boolean;
  readonly userAgent: string;
  /** Addresses of edge caches, as `URL` writes them. */
  readonly purgeUrls?: readonly string[];
};

const NO_EDGE = giveUp("The address is none of CACHE_PURGE_URLS.");

/** Where the outside begins; tests put their own loopback servers there. */
export type FetchSeams = {
  readonly resolve: Resolve;
  readonly isAllowed: IsAllowed;
  readonly timeouts: typeof FETCH_TIMEOUTS;
};

/**
 * Creates the only way out to the web. Each hop decides on the address that is really connected to, and refuses any that
 * is not public, unless `allowPrivateNetwork` is on. No cookies, no compression, no connection kept open. Only `PURGE` may
 * go to a private address, to exactly `purgeUrls`, and follows no redirect: no text or server can ask for that.
 */
export function createSafeFetch(settings: FetchSettings, seams: Partial<FetchSeams> = {}): SafeFetch {
  const { resolve = createSystemResolve(), timeouts = FETCH_TIMEOUTS } = seams;
  const isAllowed = settings.allowPrivateNetwork ? () => true : (seams.isAllowed ?? isPublicAddress);
  const hosts = createKeyedGate(MAX_FETCHES_TO_ONE_HOST);
  const all = createGate(MAX_FETCHES_AT_ONCE);
  // The HTTP client comes with the first fetch: most starts never make one, and it is larger than the rest of a start.
  const sender = once(async (): Promise<HopSender> => {
    const { createHopSender } = await import("./send-hop.ts");
    return createHopSender({ resolve, isAllowed, timeouts, userAgent: settings.userAgent });
  });
  const purger = once(async (): Promise<HopSender> => {
    const { createHopSender } = await import("./send-hop.ts");
    return createHopSender({ resolve, isAllowed: () => true, timeouts, userAgent: settings.userAgent });
  });
  const stranger = once(async (): Promise<HopSender> => {
    const { createHopSender } = await import("./send-hop.ts");
    const isElsewhere = (address: string) => isAllowed(address) && !isLoopback(address);
    return createHopSender({ resolve, isAllowed: isElsewhere, timeouts, userAgent: settings.userAgent });
  });
  const senderOf = ({ options }: Hop) => {
    if (options.method === "PURGE") return purger();
    return options.refusesLoopback === true ? stranger() : sender();
  };
  const send = async (hop: Hop) => (await senderOf(hop))(hop);

  // By hop, and the host first: whoever holds a place among all waits for nothing, so redirects cannot lock each other.
  const sendInLine = (hop: Hop, deadline: Deadline | undefined) =>
    hosts.run(hop.url.hostname, () => all.run(() => (deadline === undefined ? send(hop) : deadline.send(hop, send))));
  return async (url, options = {}) => {
    if (options.method === "PURGE" && !settings.purgeUrls?.includes(url)) return { ok: false, outcome: NO_EDGE };
    const deadline = options.withinMs === undefined ? undefined : createDeadline(options.withinMs);
    const exchange = followRedirects({ url, options }, timeouts.wholeMs, (hop) => sendInLine(hop, deadline));
    return deadline === undefined ? exchange : deadline.until(exchange);
  };
}
