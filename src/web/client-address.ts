import type { IncomingMessage } from "node:http";
import ipaddr from "ipaddr.js";
import type { Config } from "../config/config.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** What the names mean that TRUST_PROXY takes besides CIDR, in the words of ipaddr.js. */
const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ["loopback"],
  linklocal: ["linkLocal"],
  uniquelocal: ["uniqueLocal", "private"],
};

/** What is said of an address that the connection no longer tells. */
const UNKNOWN = "0.0.0.0";

/**
 * Creates the function that tells from which address a request came. `X-Forwarded-For` counts as far as TRUST_PROXY
 * reaches: so many proxies, counted from our side, or while the speaker is in a trusted range. What cannot be read ends
 * the chain. IPv4 in IPv6 clothes is shown as IPv4.
 */
export function createClientAddress(trust: Config["TRUST_PROXY"]): (req: IncomingMessage) => string {
  const isTrusted = createTrust(trust);

  return (req) => {
    const chain = trust === false ? [] : forwardedFor(req);
    let address = parseAddress(req.socket.remoteAddress ?? "");
    for (let hop = 0; address && isTrusted(address, hop) && hop < chain.length; hop += 1) {
      const before = parseAddress(chain[hop] ?? "");
      if (!before) break;
      address = before;
    }
    return address?.toString() ?? UNKNOWN;
  };
}

function createTrust(trust: Config["TRUST_PROXY"]): (address: Address, hop: number) => boolean {
  if (trust === false) return () => false;
  if (typeof trust === "number") return (_address, hop) => hop < trust;
  const named = trust.filter((range) => /^[a-z]+$/.test(range));
  const ranges = trust.filter((range) => !named.includes(range)).map(parseRange);
  return (address) =>
    named.some((name) => NAMED_RANGES[name]?.includes(address.range())) ||
    ranges.some((range) => isWithin(address, range));
}

/** The addresses that proxies noted, nearest first. */
function forwardedFor(req: IncomingMessage): string[] {
  const header = req.headers["x-forwarded-for"] ?? "";
  return String(header).split(",").reverse();
}

/** Some proxies note the port as well. */
function parseAddress(text: string): Address | undefined {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](?::\d+)?$/, "$1")
    .replace(/^([\d.]+):\d+$/, "$1")
    .replace(/%.*$/, "");
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return undefined;
  return ipaddr.process(bare);
}

function parseRange(range: string): [Address, number] {
  if (range.includes("/")) return ipaddr.parseCIDR(range);
  const address = ipaddr.process(range);
  return [address, address.kind() === "ipv4" ? 32 : 128];
}

function isWithin(address: Address, range: [Address, number]): boolean {
  return address.kind() === range[0].kind() && address.match(range);
}
