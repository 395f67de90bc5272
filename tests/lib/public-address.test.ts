import { expect, test } from "vitest";
import { isPublicAddress } from "../../src/lib/public-address.ts";
import { FORBIDDEN_HOSTS, PUBLIC_ADDRESSES } from "./forbidden-addresses.ts";

test.each(PUBLIC_ADDRESSES)("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(FORBIDDEN_HOSTS)("%s is not public, in whatever spelling", (host) => {
  const address = new URL(`http://${host}/`).hostname.replace(/^\[|\]$/gu, "").replace(/\.$/u, "");

  expect(isPublicAddress(address)).toBe(false);
});

test.each(["", "example.com", "fe80::1%eth0", "1.2.3.4.5", "::g", "127.0.0.1 "])(
  "'%s' is no public address",
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);
