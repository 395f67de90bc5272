import { lookup as systemLookup } from "node:dns/promises";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { createGate } from "./gate.ts";

/** Most name look-ups at once. Each holds one of the four threads that files and passwords need too. */
export const MAX_LOOKUPS_AT_ONCE = 2;

/** Finds every address of a name. */
export type Resolve = (hostname: string) => Promise<readonly { address: string; family: number }[]>;

/** Whether an address may be connected to. */
export type IsAllowed = (address: string) => boolean;

/** A host has an address that is not on the public internet, so nothing was connected to. */
export class PrivateAddressError extends Error {
  override readonly name = "PrivateAddressError";
}

/** The one block of IPv6 in which addresses of the public internet lie, so far (RFC 3513, section 2.5.4). */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an IP address in its usual spelling is global unicast. False for private, loopback, link-local, shared,
 * documentation, benchmark and multicast ones, for IPv6 that carries an IPv4 address inside, and for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(GLOBAL_IPV6);
}

/** Whether an IP address is the machine's own: 127/8, ::1, the unspecified ones, and the same inside IPv6. */
export function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ["loopback", "unspecified"].includes(ipaddr.process(address).range());
}

/** Asks the operating system, two names at a time. */
export function createSystemResolve(): Resolve {
  const gate = createGate(MAX_LOOKUPS_AT_ONCE);
  return (hostname) => gate.run(() => systemLookup(hostname, { all: true }));
}

/** Throws PrivateAddressError for a host that is written as an address and must not be connected to. */
export function refuseLiteral(hostname: string, isAllowed: IsAllowed): void {
  const address = hostname.replace(/^\[|\]$/gu, "").replace(/\.$/u, "");
  if (isIP(address) !== 0 && !isAllowed(address)) throw new PrivateAddressError(hostname);
}

/**
 * Creates the look-up that a socket connects by: it hands on only what it has checked itself, so that no second
 * look-up can give another answer. One address of a name that is not allowed refuses the name.
 * Addresses as hosts never come here: sockets connect to them unasked. `refuseLiteral` is for those.
 */
export function createGuardedLookup(resolve: Resolve, isAllowed: IsAllowed): LookupFunction {
  return (hostname, options, callback) => {
    void checkedAddresses(hostname, resolve, isAllowed).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, "", 0),
    );
  };
}

type Addresses = readonly [{ address: string; family: number }, ...{ address: string; family: number }[]];

async function checkedAddresses(hostname: string, resolve: Resolve, isAllowed: IsAllowed): Promise<Addresses> {
  const [first, ...others] = await resolve(hostname);
  if (first === undefined) throw Object.assign(new Error(`No address for ${hostname}`), { code: "ENOTFOUND" });
  const addresses: Addresses = [first, ...others];
  if (!addresses.every(({ address }) => isAllowed(address))) throw new PrivateAddressError(hostname);
  return addresses;
}
