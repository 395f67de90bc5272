import { expect, test } from "vitest";
import { createSecret, hashSecret, isSameSecret, SECRET_BYTES } from "../../src/lib/secrets.ts";

test("a secret is 256 bits of base64url, and never the same twice", () => {
  const secrets = Array.from({ length: 1000 }, createSecret);

  expect(new Set(secrets).size).toBe(1000);
  expect(secrets.every((secret) => /^[\w-]{43}$/.test(secret))).toBe(true);
  expect(Buffer.from(secrets[0] ?? "", "base64url")).toHaveLength(SECRET_BYTES);
});

test("a hash is SHA-256 in hex, of bytes or of text as UTF-8", () => {
  const ofAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  expect(hashSecret("abc")).toBe(ofAbc);
  expect(hashSecret(Buffer.from("abc"))).toBe(ofAbc);
  expect(hashSecret("ü")).toBe(hashSecret(Buffer.from([0xc3, 0xbc])));
});

test.each([
  ["abc", "abc", true],
  ["", "", true],
  ["abc", "abd", false],
  ["abc", "abcd", false],
  ["abc", "", false],
  ["\u{1f600}", "\u{1f600}", true],
])("whether %j and %j are the same secret: %s", (a, b, expected) => {
  expect(isSameSecret(a, b)).toBe(expected);
});
