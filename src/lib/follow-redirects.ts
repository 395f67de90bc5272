import { isUrl } from "./is-url.ts";
import type { Failure } from "./outcome.ts";
import { giveUp } from "./outcome.ts";
import type { FetchOptions, FetchResult } from "./safe-fetch.ts";

/** Most redirects that are followed. */
export const MAX_REDIRECTS = 5;

/** One request of an exchange, and how long it may still take. */
export type Hop = { readonly url: URL; readonly options: FetchOptions; readonly remainingMs: number };

/** How a hop ended and how long it took, the waiting in line not counted. */
export type HopResult = { readonly result: FetchResult; readonly tookMs: number };

type Request = { readonly url: string; readonly options: FetchOptions };
type Send = (hop: Hop) => Promise<HopResult>;

/**
 * Sends a request and follows at most `MAX_REDIRECTS` redirects, each by `send`, all within `wholeMs` milliseconds of
 * sending. A redirect without a Location is the answer, and so is any to `PURGE`.
 */
export async function followRedirects(first: Request, wholeMs: number, send: Send): Promise<FetchResult> {
  let url = parseUrl(first.url);
  let options = first.options;
  let remainingMs = wholeMs;

  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    if (!(url instanceof URL)) return { ok: false, outcome: url };
    const { result, tookMs } = await send({ url, options, remainingMs });
    const location = redirectOf(result);
    if (!result.ok || location === undefined || options.method === "PURGE") return result;
    const target = parseUrl(location, url.href);
    if (target instanceof URL) options = optionsAfter(options, result.status, target.origin === url.origin);
    url = target;
    remainingMs -= tookMs;
  }
  return { ok: false, outcome: giveUp(`The address redirects more than ${MAX_REDIRECTS} times.`) };
}

function parseUrl(text: string, base?: string): URL | Failure {
  if (!isUrl(text, base)) return giveUp("The address is not a valid URL.");
  const url = new URL(text, base);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return giveUp("Only http and https addresses are fetched.");
  if (url.username !== "" || url.password !== "") return giveUp("The address contains a user name or password.");
  url.hash = "";
  return url;
}

function redirectOf(result: FetchResult): string | undefined {
  if (!result.ok || ![301, 302, 303, 307, 308].includes(result.status)) return undefined;
  const location = result.headers.get("location");
  // Some servers send UTF-8 as it is, which arrives byte by byte.
  return location === undefined ? undefined : Buffer.from(location, "latin1").toString("utf8");
}

/** What is asked of the next hop, as browsers do it: only 307 and 308 keep method and body. */
function optionsAfter(options: FetchOptions, status: number, isSameOrigin: boolean): FetchOptions {
  const keepsBody = status === 307 || status === 308 || (options.method ?? "GET") === "GET";
  const dropped = [...(isSameOrigin ? [] : ["authorization", "cookie"]), ...(keepsBody ? [] : ["content-type"])];
  const kept = Object.entries(options.headers ?? {}).filter(([name]) => !dropped.includes(name.toLowerCase()));
  const headers = Object.fromEntries(kept);
  if (keepsBody) return { ...options, headers };
  const { body: _body, ...bodyless } = options;
  return { ...bodyless, method: "GET", headers };
}
