import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import {
  EARLIEST_TIME,
  LATEST_TIME,
  MAX_ALIAS_LENGTH,
  MAX_ALIASES,
  MAX_PROPERTIES_BYTES,
  MAX_PROPERTIES_DEPTH,
  MAX_TAG_LENGTH,
  MAX_TAGS,
  MAX_TITLE_LENGTH,
  parseAliases,
  parseLanguage,
  parseProperties,
  parseTags,
  parseTitle,
  refuseStrangeTimes,
} from "../../src/notes/note-input.ts";
import { MAX_LANGUAGE_LENGTH } from "../../src/site/settings-input.ts";

test("a title of the longest length is taken, one character more is refused by name", () => {
  expect(parseTitle("é".repeat(MAX_TITLE_LENGTH))).toHaveLength(MAX_TITLE_LENGTH);
  expect(() => parseTitle("é".repeat(MAX_TITLE_LENGTH + 1))).toThrow(/longer than 300 characters/u);
});

test("a title of spaces is none", () => {
  expect(parseTitle(" \n\t ")).toBeUndefined();
});

test("tags keep their label, get a name for URLs, and each name stands once", () => {
  expect(parseTags([" Web  Dev ", "#web-dev", "", "日本"])).toEqual([
    { name: "web-dev", label: "Web Dev" },
    { name: "日本", label: "日本" },
  ]);
});

test("a tag of the longest length is taken, one character more is refused", () => {
  expect(parseTags(["t".repeat(MAX_TAG_LENGTH)])).toHaveLength(1);
  expect(() => parseTags(["t".repeat(MAX_TAG_LENGTH + 1)])).toThrow(/longer than 80/u);
});

test("a note has as many tags as the limit and no more", () => {
  const labels = Array.from({ length: MAX_TAGS }, (_, index) => `tag${index}`);

  expect(parseTags(labels)).toHaveLength(MAX_TAGS);
  expect(() => parseTags([...labels, "one more"])).toThrow(/at most 50 tags/u);
});

test.each([
  ["en", "en"],
  ["DE-ch", "de-CH"],
  ["zh-hant", "zh-Hant"],
  ["", undefined],
  [" ", undefined],
])("the language %j is kept as %j", (text, language) => {
  expect(parseLanguage(text)).toBe(language);
});

test.each(["english please", "x-private", "en_US", "-", "1"])("%j is no language: refused with an example", (text) => {
  expect(() => parseLanguage(text)).toThrow(/Write one such as en, de-CH or ar/u);
});

test("a language tag of the longest length is taken, one character more is refused", () => {
  const longest = `en-x-${"abcdefgh-".repeat(3)}abc`;

  expect(longest).toHaveLength(MAX_LANGUAGE_LENGTH);
  expect(parseLanguage(longest)).toBe(longest);
  expect(() => parseLanguage(`${longest}d`)).toThrow(/at most 35 characters/u);
});

test("a hashtag of the text is marked as such, unless somebody chose the same tag", () => {
  expect(parseTags(["Web Dev"], ["web-dev", "sea"])).toEqual([
    { name: "web-dev", label: "Web Dev" },
    { name: "sea", label: "sea", inText: true },
  ]);
});

test("hashtags count towards the limit of tags", () => {
  const labels = Array.from({ length: MAX_TAGS }, (_, index) => `tag${index}`);

  expect(parseTags(labels, ["tag0"])).toHaveLength(MAX_TAGS);
  expect(() => parseTags(labels, ["other"])).toThrow(/at most 50 tags/u);
});

test("properties are cleaned as every text is, names and nested ones too", () => {
  const dirty = { "a\u0000": ["x\u0007\ud800y", { "b\uffff": [null, 7, true, "e\u0301"] }] };

  expect(parseProperties(dirty)).toEqual({ a: ["xy", { b: [null, 7, true, "é"] }] });
});

test("a property as deep as the limit is kept, one level more is refused", () => {
  const nested = (levels: number): unknown => (levels === 0 ? "x" : [nested(levels - 1)]);

  expect(parseProperties({ a: [nested(MAX_PROPERTIES_DEPTH)] })).toEqual({ a: [nested(MAX_PROPERTIES_DEPTH)] });
  expect(() => parseProperties({ a: [nested(MAX_PROPERTIES_DEPTH + 1)] })).toThrow(/deeper than 20 levels/u);
});

test("times up to the limits are taken, a second further is refused", () => {
  expect(() => refuseStrangeTimes([EARLIEST_TIME, LATEST_TIME, undefined, null])).not.toThrow();
  expect(() => refuseStrangeTimes([addSeconds(EARLIEST_TIME, -1)])).toThrow(/years 1 to 9999/u);
  expect(() => refuseStrangeTimes([undefined, addSeconds(LATEST_TIME, 1)])).toThrow(/years 1 to 9999/u);
  expect(() => refuseStrangeTimes(["+010000-01-01T00:00:00.000Z" as Timestamp])).toThrow(/years 1 to 9999/u);
});

test("properties up to the limit are kept, one byte more is refused", () => {
  const overhead = JSON.stringify({ x: [""] }).length;
  const fits = { x: ["y".repeat(MAX_PROPERTIES_BYTES - overhead)] };

  expect(parseProperties(fits)).toEqual(fits);
  expect(() => parseProperties({ x: [`${fits.x[0]}y`] })).toThrow(/larger than 256 KB/u);
});

test.each([
  ["/2021/old.html", "/2021/old.html"],
  ["/caf%C3%A9/?utm=1#top", "/café"],
  ["/a/b/", "/a/b"],
  ["/a//b/./c/../d", "/a/b/d"],
  ["/what%3F", "/what?"],
  ["/100%", "/100%"],
  ["/2021/old.html/", "/2021/old.html"],
  ["/old/\u{10FFFE}", "/old"],
  ["/old/%F4%8F%BF%BD", "/old/\u{10FFFD}"],
])("the alias %j is kept as the path %j", (alias, path) => {
  expect(parseAliases([alias])).toEqual([path]);
});

test.each([
  "//evil.example/x",
  "https://evil.example/",
  "old",
  "/",
  "/a\\b",
  "/a\u0000b".replace("\u0000", "\u0085"),
  "/old/%F4%8F%BF%BE", // U+10FFFE, which an export would have and no import would keep
  "/old/%ef%b7%90",
  "",
])("the alias %j is refused", (alias) => {
  expect(() => parseAliases([alias])).toThrow(/An alias is a path/u);
});

test("an alias of the longest length and as many as the limit are taken, one more is refused", () => {
  const longest = `/${"a".repeat(MAX_ALIAS_LENGTH - 1)}`;
  const many = Array.from({ length: MAX_ALIASES }, (_, index) => `/old/${index}`);

  expect(parseAliases([longest])).toEqual([longest]);
  expect(() => parseAliases([`${longest}a`])).toThrow(/at most 500/u);
  expect(parseAliases(many)).toHaveLength(MAX_ALIASES);
  expect(() => parseAliases([...many, "/one-more"])).toThrow(/at most 100/u);
});
