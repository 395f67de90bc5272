import { expect, test } from "vitest";
import { toNetwork, toVisitorKey } from "../../src/auth/network.ts";

test.each([
  ["192.0.2.77", "192.0.2.0/24"],
  ["::ffff:192.0.2.77", "192.0.2.0/24"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
  ["::1", "::/48"],
  ["not an address", "unknown"],
  ["", "unknown"],
])("of %s the author sees %s", (address, network) => {
  expect(toNetwork(address)).toBe(network);
});

test("a visitor's key differs by address, by secret, and not within a /64", () => {
  const key = toVisitorKey("2001:db8:1:2::3", "secret");

  expect(toVisitorKey("2001:db8:1:2:ffff::4", "secret")).toBe(key);
  expect(toVisitorKey("2001:db8:1:3::3", "secret")).not.toBe(key);
  expect(toVisitorKey("2001:db8:1:2::3", "another")).not.toBe(key);
  expect(toVisitorKey("192.0.2.1", "secret")).not.toBe(toVisitorKey("192.0.2.2", "secret"));
});
