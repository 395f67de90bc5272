import { createHmac } from "node:crypto";
import ipaddr from "ipaddr.js";

/** How much of an address is kept to show where a login came from: the author knows the network, nobody the house. */
const SHOWN_BITS = { ipv4: 24, ipv6: 48 };

/** How much of an address counts as one visitor: a household has at least a /64 of IPv6. */
const VISITOR_BITS = { ipv4: 32, ipv6: 64 };

/** The network that an address is in, cut to /24 or /48; `unknown` for what is no address. */
export function toNetwork(address: string): string {
  return cut(address, SHOWN_BITS);
}

/** What counts as one visitor: the address itself, of IPv6 its /64; `unknown` for what is no address. Not to be kept. */
export function toVisitorNetwork(address: string): string {
  return cut(address, VISITOR_BITS);
}

/** A name for whoever comes from this address (IPv6: its /64) that tells nothing about it without the secret. */
export function toVisitorKey(address: string, secret: string): string {
  return createHmac("sha256", secret).update(toVisitorNetwork(address)).digest("hex");
}

function cut(text: string, bits: Record<"ipv4" | "ipv6", number>): string {
  if (!ipaddr.isValid(text)) return "unknown";
  const address = ipaddr.process(text);
  const kept = bits[address.kind()];
  const family = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${family.networkAddressFromCIDR(`${address.toString()}/${kept}`).toString()}/${kept}`;
}
