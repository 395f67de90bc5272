import { expect, test } from "vitest";
import { isUrl } from "../../src/lib/is-url.ts";

test.each([
  ["https://a.example/b", undefined, true],
  ["https://bücher.example:8080/ä b", undefined, true],
  ["/b", "https://a.example/", true],
  ["/b", undefined, false],
  ["", undefined, false],
  ["https://", undefined, false],
  ["https://a b.example/", undefined, false],
])("%s against %s is an address: %s", (text, base, expected) => {
  expect(isUrl(text, base)).toBe(expected);
});

test("an address with umlauts is one after any number of addresses were looked at", () => {
  const many = Array.from({ length: 200_000 }, (_, index) => `https://a.example/${index}`);

  const taken = many.filter((address) => isUrl(address));

  expect(taken).toHaveLength(many.length);
  expect(isUrl("https://bücher.example/straße")).toBe(true);
});
