import { BlockList, isIP } from "node:net";
import { resolve } from "node:path";
import { isUrl } from "../lib/is-url.ts";
import type { SamplingRates } from "../lib/sampling-rate.ts";
import { parseSamplingRate } from "../lib/sampling-rate.ts";

/** What is wrong with one value: why it cannot be used, and what to write instead. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}

/** Levels of logging, from most to least; `silent` writes nothing. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/** How much is logged. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Whose forwarded headers count: nobody's, those of the last so many proxies, or those from these addresses and ranges. */
export type TrustProxy = false | number | readonly string[];

/** Most proxies that TRUST_PROXY may count: a chain longer than this is a mistake. */
export const MAX_PROXY_HOPS = 10;

/** Most edge caches that CACHE_PURGE_URLS may name: each is told of every change by a request of its own. */
export const MAX_PURGE_URLS = 16;

/** Names for ranges of addresses that TRUST_PROXY takes besides CIDR. */
export const PROXY_RANGES = ["loopback", "linklocal", "uniquelocal"] as const;

/** Reads a whole number between two limits, both included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new OptionError("it is not a whole number in range", `Use a number from ${least} to ${most}.`);
  };
}

/** Reads how many notes a feed holds: a number, or `all`. */
export function feedItems(text: string): number | "all" {
  if (text.toLowerCase() === "all") return "all";
  if (/^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= 200) return Number(text);
  throw new OptionError("it is neither a whole number in range nor “all”", "Use a number from 1 to 200, or all.");
}

/** Reads which share of operations is kept whole: one number, or one by type. */
export function samplingRate(text: string): SamplingRates {
  try {
    return parseSamplingRate(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OptionError(
      `it is no sampling rate: ${error.message.replace(/\.$/, "")}`,
      "Use a number from 0 to 1, or one by type such as database=0.1,http=1.",
    );
  }
}

/** Reads `true` or `false`, also written yes/no, on/off, 1/0. */
export function trueOrFalse(text: string): boolean {
  const word = text.toLowerCase();
  if (["true", "yes", "on", "1"].includes(word)) return true;
  if (["false", "no", "off", "0"].includes(word)) return false;
  throw new OptionError("it is neither true nor false", "Use true or false.");
}

/** Reads the name or address of a network interface to listen on. */
export function host(text: string): string {
  const bare = text.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(bare)) return bare;
  throw new OptionError(
    "it is not a host name or an IP address",
    "Use 127.0.0.1 behind a proxy on this machine, 0.0.0.0 for all interfaces; the port goes into PORT.",
  );
}

/** Reads a folder; a relative one is taken from the working directory. */
export function folder(text: string): string {
  if (text.includes("\0")) throw new OptionError("it contains a NUL character", "Use the path of a folder.");
  return resolve(text);
}

/** Reads a web origin: scheme, host and port, without a path. A slash at the end is dropped. */
export function origin(text: string): string {
  const remedy = "Use the address readers type, for example https://blog.example";
  if (!isUrl(text)) throw new OptionError("it is not a URL", `${remedy}.`);

  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new OptionError("it begins with neither http:// nor https://", `${remedy}.`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new OptionError("it contains a user name or a password", `${remedy}.`);
  }
  if (url.pathname !== "/" || /[?#]/.test(text)) {
    throw new OptionError("it has more than scheme, host and port", `${remedy}, without a path: the site lives at /.`);
  }
  return url.origin;
}

/** Reads the addresses of edge caches, with spaces or commas between; `none` for no edge. Each is returned once. */
export function addresses(text: string): readonly string[] {
  if (["none", "off"].includes(text.toLowerCase())) return [];
  const urls = [
    ...new Set(
      text
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(address),
    ),
  ];
  if (urls.length <= MAX_PURGE_URLS) return urls;
  throw new OptionError("it names too many addresses", `Name at most ${MAX_PURGE_URLS}.`);
}

function address(text: string): string {
  const remedy = "Use addresses such as http://127.0.0.1:6081/, with spaces or commas between, or none.";
  if (!/^https?:\/\//i.test(text) || !isUrl(text)) {
    throw new OptionError(`"${text}" is no address of the web`, remedy);
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || /[?#]/.test(text)) {
    throw new OptionError("an address has a user name, a password, a query or a fragment", remedy);
  }
  return url.href;
}

/** Reads a level of logging. */
export function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text.toLowerCase());
  if (level !== undefined) return level;
  throw new OptionError("there is no such level", `Use one of ${LOG_LEVELS.join(", ")}.`);
}

/** Reads which proxies are trusted. Trusting everyone is refused: each visitor could then choose an address to log in from. */
export function trustProxy(text: string): TrustProxy {
  const word = text.toLowerCase();
  if (["off", "false", "no", "0"].includes(word)) return false;
  if (/^\d+$/.test(word)) return wholeNumber(1, MAX_PROXY_HOPS)(word);
  return word.split(",").map((part) => proxyRange(part.trim()));
}

function proxyRange(range: string): string {
  if (PROXY_RANGES.some((name) => name === range) || isIP(range) !== 0 || isCidr(range)) return range;
  throw new OptionError(
    `"${range}" names no proxy`,
    `Use off, the number of proxies (1 to ${MAX_PROXY_HOPS}), or addresses and ranges such as 10.0.0.0/8, with commas between.`,
  );
}

function isCidr(range: string): boolean {
  const [address = "", prefix = "", ...rest] = range.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return false;

  try {
    // The only judge of prefix lengths that Node has; it throws on a wrong one.
    new BlockList().addSubnet(address, Number(prefix), version === 6 ? "ipv6" : "ipv4");
    return Number(prefix) > 0;
  } catch {
    return false;
  }
}
