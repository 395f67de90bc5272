import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText, excerpt } from "../../src/lib/text.ts";

test.each([
  ["CRLF, CR and NEL end a line like LF", "a\r\nb\rc\u0085d", "a\nb\nc\nd"],
  ["NUL and other control characters go, tab stays", "a\0b\u0007\tc\u007fd\u009f", "ab\tcd"],
  ["lone surrogates go, pairs stay", "a\ud800b\udc00c\u{1f600}", "abc\u{1f600}"],
  ["non-characters of every plane go", "a\ufffeb\uffffc\ufdd0d\u{1fffe}e\u{10ffff}", "abcde"],
  ["letters with combining marks are composed", "e\u0301", "\u00e9"],
  ["right-to-left marks and joiners stay", "\u200f\u05d0\u200d\u200c", "\u200f\u05d0\u200d\u200c"],
])("%s", (_name, dirty, clean) => {
  expect(cleanText(dirty)).toBe(clean);
});

test("cleaning leaves only characters that XML 1.0 allows, and cleaning again changes nothing", () => {
  const allowed = /^[\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;

  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const clean = cleanText(text);
      expect(clean).toMatch(allowed);
      expect(cleanText(clean)).toBe(clean);
    }),
  );
  expect(cleanText("\ud83d")).toBe("");
});

test.each([
  ["a text that fits is kept, in one line", " one\n\n two ", 7, "one two"],
  ["one character more is cut at a word", "one two!", 7, "one…"],
  ["a cut that falls on a word's end keeps that word", "one two three", 8, "one two…"],
  ["punctuation before the cut goes", "First, second, third", 15, "First, second…"],
  ["a text without spaces is cut between characters", "日本語のとても長い文章です", 5, "日本語の…"],
  ["a very long word does not leave almost nothing", `a ${"b".repeat(50)}`, 20, `a ${"b".repeat(17)}…`],
  ["an emoji of several code points is not split", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 10, "👨‍👩‍👧‍👦…"],
])("%s", (_name, text, limit, expected) => {
  expect(excerpt(text, limit)).toBe(expected);
});

test("an excerpt never has more characters than asked for", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
      expect([...excerpt(text, limit)].length).toBeLessThanOrEqual(limit);
    }),
  );
  expect(excerpt("", 10)).toBe("");
});
