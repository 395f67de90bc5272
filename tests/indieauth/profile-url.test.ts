import { expect, test } from "vitest";
import { isSameSite, MAX_PROFILE_URL_LENGTH, parseProfileUrl } from "../../src/indieauth/sign-in/profile-url.ts";

test.each([
  ["example.com", "https://example.com/"],
  ["  EXAMPLE.com ", "https://example.com/"],
  ["https://example.com", "https://example.com/"],
  ["example.com/ada?x=1", "https://example.com/ada?x=1"],
  ["https://example.com:443/", "https://example.com/"],
  ["bücher.example", "https://xn--bcher-kva.example/"],
  ["localhost:3001", "http://localhost:3001/"],
  ["127.0.0.1:3001/", "http://127.0.0.1:3001/"],
  ["http://[::1]:3001", "http://[::1]:3001/"],
  ["https://localhost", "https://localhost/"],
  ["localhost.example", "https://localhost.example/"],
])("%s is taken for %s", (typed, me) => {
  expect(parseProfileUrl(typed)).toBe(me);
});

test.each([
  [""],
  ["ada"],
  ["https://"],
  ["https:///example.com"],
  ["http://example.com/"],
  ["example.com:8443"],
  ["https://192.0.2.7/"],
  ["https://0x7f000002/"],
  ["https://[2001:db8::1]/"],
  ["https://example.com/#me"],
  ["https://ada@example.com/"],
  ["https://:secret@example.com/"],
  ["https://@example.com/"],
  ["https://example.com/a/../b"],
  ["https://example.com/%2e%2E/"],
  ["https://example.com\\evil"],
  ["exam ple.com"],
  ["mailto:ada@example.com"],
  ["javascript:alert(1)"],
  ["ftp://example.com/"],
])("%s is no address of a person", (typed) => {
  expect(() => parseProfileUrl(typed)).toThrow(expect.objectContaining({ code: "invalid", field: "me" }));
});

test("an address may be as long as the limit, and no longer", () => {
  const longest = `https://example.com/${"a".repeat(MAX_PROFILE_URL_LENGTH - 20)}`;

  expect(parseProfileUrl(longest)).toBe(longest);
  expect(() => parseProfileUrl(`${longest}a`)).toThrow("longer than");
});

test.each([
  ["https://example.com/", "https://www.example.com/ada", true],
  ["https://example.com/", "http://example.com/", true],
  ["https://example.com/", "https://ada.example.com/", false],
  ["http://localhost:3000/", "http://localhost:3001/", false],
])("%s and %s are on one site: %s", (one, other, isSame) => {
  expect(isSameSite(one, other)).toBe(isSame);
});
