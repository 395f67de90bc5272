import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_TAG_NAME_CHARACTERS, tagName } from "../../src/lib/tag-name.ts";

test.each([
  ["Web Dev", "web-dev"],
  ["  --Hello,   World!--  ", "hello-world"],
  ["snake_case", "snake-case"],
  ["C++", "c"],
  ["Straße", "straße"],
  ["İstanbul", "istanbul"],
  ["ΟΔΟΣ", "οδος"],
  ["Cafe\u0301", "caf\u00e9"],
  ["日本語 タグ", "日本語-タグ"],
  ["हिन्दी", "हिन्दी"],
  ["عربي", "عربي"],
  ["2026", "2026"],
  ["a/../b", "a-b"],
  ["!!!", ""],
  ["❤️", ""],
  ["", ""],
])("%s becomes %s", (label, name) => {
  expect(tagName(label)).toBe(name);
});

test("a name at the limit is kept, one past it is cut", () => {
  expect(tagName("a".repeat(MAX_TAG_NAME_CHARACTERS))).toHaveLength(MAX_TAG_NAME_CHARACTERS);
  expect(tagName("a".repeat(MAX_TAG_NAME_CHARACTERS + 1))).toHaveLength(MAX_TAG_NAME_CHARACTERS);
});

test("a long name is cut at a word", () => {
  expect(tagName(`${"a".repeat(78)} bcd`)).toBe("a".repeat(78));
  expect(tagName(`${"a".repeat(78)} b cd`)).toBe(`${"a".repeat(78)}-b`);
});

test("every name is safe in a path, and naming it again changes nothing", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (label) => {
      const name = tagName(label);
      expect(name).toMatch(/^([\p{L}\p{N}][\p{L}\p{N}\p{M}]*(-[\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*)?$/u);
      expect(tagName(name)).toBe(name);
      expect([...name].length).toBeLessThanOrEqual(MAX_TAG_NAME_CHARACTERS);
    }),
    { numRuns: 1000 },
  );
  expect(tagName("A")).toBe("a");
});
