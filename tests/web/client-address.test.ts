import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createClientAddress } from "../../src/web/client-address.ts";

type Trust = Parameters<typeof createClientAddress>[0];

function from(remoteAddress: string | undefined, forwarded?: string): IncomingMessage {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
}

test.each<[trust: Trust, remote: string | undefined, forwarded: string | undefined, address: string]>([
  // Unset trusts nobody.
  [false, "203.0.113.9", undefined, "203.0.113.9"],
  [false, "127.0.0.1", "6.6.6.6", "127.0.0.1"],
  [false, "::ffff:203.0.113.9", undefined, "203.0.113.9"],
  [false, "2001:DB8:0:0::1", undefined, "2001:db8::1"],
  [false, "fe80::1%eth0", undefined, "fe80::1"],
  [false, undefined, undefined, "0.0.0.0"],
  // So many proxies, counted from our side.
  [1, "10.0.0.1", "6.6.6.6", "6.6.6.6"],
  [1, "10.0.0.1", "6.6.6.6, 7.7.7.7", "7.7.7.7"],
  [2, "10.0.0.1", "6.6.6.6, 7.7.7.7", "6.6.6.6"],
  [2, "10.0.0.1", "5.5.5.5, 6.6.6.6, 7.7.7.7", "6.6.6.6"],
  [3, "10.0.0.1", "6.6.6.6", "6.6.6.6"],
  [1, "10.0.0.1", undefined, "10.0.0.1"],
  [1, "10.0.0.1", "", "10.0.0.1"],
  [1, "10.0.0.1", "unknown", "10.0.0.1"],
  [1, "10.0.0.1", "127.1", "10.0.0.1"],
  [1, "10.0.0.1", "2130706433", "10.0.0.1"],
  [2, "10.0.0.1", "6.6.6.6, junk", "10.0.0.1"],
  [1, "10.0.0.1", "7.7.7.7:4711", "7.7.7.7"],
  [1, "10.0.0.1", "[2001:db8::2]:4711", "2001:db8::2"],
  [1, "10.0.0.1", "::ffff:7.7.7.7", "7.7.7.7"],
  // While the speaker is in a trusted range.
  [["loopback"], "127.0.0.1", "6.6.6.6", "6.6.6.6"],
  [["loopback"], "::1", "6.6.6.6, 7.7.7.7", "7.7.7.7"],
  [["loopback"], "203.0.113.9", "6.6.6.6", "203.0.113.9"],
  [["10.0.0.0/8"], "10.1.2.3", "6.6.6.6, 10.9.9.9", "6.6.6.6"],
  [["10.0.0.0/8"], "::ffff:10.1.2.3", "6.6.6.6", "6.6.6.6"],
  [["10.0.0.0/8"], "11.1.2.3", "6.6.6.6", "11.1.2.3"],
  [["10.1.2.3"], "10.1.2.3", "6.6.6.6", "6.6.6.6"],
  [["10.1.2.3"], "10.1.2.4", "6.6.6.6", "10.1.2.4"],
  [["2001:db8::/32"], "2001:db8::5", "6.6.6.6", "6.6.6.6"],
  [["uniquelocal"], "192.168.1.1", "6.6.6.6", "6.6.6.6"],
  [["uniquelocal"], "fd00::1", "6.6.6.6", "6.6.6.6"],
  [["linklocal"], "169.254.1.1", "6.6.6.6", "6.6.6.6"],
  [["loopback", "10.0.0.0/8"], "127.0.0.1", "6.6.6.6, 10.0.0.2, 10.0.0.1", "6.6.6.6"],
  [["10.0.0.0/8"], "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
])("with TRUST_PROXY %j, a connection from %s that forwards %j is %s", (trust, remote, forwarded, expected) => {
  const address = createClientAddress(trust)(from(remote, forwarded));

  expect(address).toBe(expected);
});
