import fc from "fast-check";
import { expect, test } from "vitest";
import {
  limitQuery,
  MAX_QUERY_LENGTH,
  MAX_QUERY_WORDS,
  MIN_BEGINNING_LENGTH,
  parseSearchQuery,
} from "../../src/search/search-query.ts";

test.each([
  ["hello", '"hello" *'],
  ["hello world", '"hello" AND "world" *'],
  ['"hello world" wide', '"hello world" AND "wide" *'],
  ['"hello world" x', '"hello world" AND "x"'],
  ['"hello world"', '"hello world"'],
  ["東京", '("東 京")'],
  ["東京 tower", '("東 京") AND "tower" *'],
  ["東京tower 塔", '("東 京") AND ("塔")'],
  ["tower -東京", '("tower" *) NOT (("東 京"))'],
  ["ภาษาไทย", '("ภ า ษ า ไ ท ย")'],
  ['"never closed', '"never closed" *'],
  ["cats -dogs", '("cats" *) NOT ("dogs")'],
  ["-dogs", ""],
  ["a OR b", '"a" AND "OR" AND "b"'],
  ["NEAR(a bold)", '"NEAR a" AND "bold" *'],
  ["title:wide", '"title wide" *'],
  ["c++", '"c"'],
  ["한", '"한" *'],
  ["🎉 ***", ""],
  ["", ""],
])("the query %j asks FTS5 for %j", (text, match) => {
  expect(parseSearchQuery(text).match).toBe(match);
});

test("a word is the beginning of words from its third letter on, and besides always a whole word", () => {
  const [short, long] = [MIN_BEGINNING_LENGTH - 1, MIN_BEGINNING_LENGTH].map((length) => "x".repeat(length));

  expect(parseSearchQuery(`a ${short}`)).toMatchObject({ match: '"a" AND "xx"', wholeWords: '"a" AND "xx"' });
  expect(parseSearchQuery(`a ${long}`)).toMatchObject({ match: '"a" AND "xxx" *', wholeWords: '"a" AND "xxx"' });
});

test("a query is read up to its limits and the rest ignored", () => {
  const words = Array.from({ length: MAX_QUERY_WORDS + 1 }, (_, index) => `w${index}`);

  expect(parseSearchQuery(words.join(" ")).terms).toHaveLength(MAX_QUERY_WORDS);
  expect(parseSearchQuery("x".repeat(MAX_QUERY_LENGTH + 1)).terms).toEqual(["x".repeat(MAX_QUERY_LENGTH)]);
});

test("nothing but quoted letters, digits and operators of our own reaches FTS5, whatever is typed", () => {
  const allowed = /^(?:\(|\)| |\*|AND|OR|NOT|"[\p{L}\p{N}\p{M} ]+")*$/u;

  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => allowed.test(parseSearchQuery(text).match)));
  expect(allowed.test('"a" OR b')).toBe(false);
});

test.each([
  ["\u0e34", ""],
  ["\u0301 -\u0e34", ""],
  ["a\u0e34", '"a\u0e34"'],
  ["\u0e34\u0e01", '("\u0e01")'],
])("a mark that stands on no letter is nothing to look for: %j", (typed, match) => {
  expect(parseSearchQuery(typed).match).toBe(match);
});

test("a query of the longest length is read whole, and none is cut inside a character", () => {
  const longest = "𝒳".repeat(MAX_QUERY_LENGTH);

  expect(limitQuery(longest)).toBe(longest);
  expect(limitQuery(`${longest}𝒳`)).toBe(longest);
});
