import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { MAX_SLUG_LENGTH, RESERVED_SLUGS, slugify, slugVariant, timestampSlug } from "../../src/notes/slug.ts";

test.each([
  ["Hello, wide world!", "hello-wide-world"],
  ["Straße nach Süden", "straße-nach-süden"],
  ["İstanbul", "istanbul"],
  ["日本語のメモ", "日本語のメモ"],
  ["مرحبا بالعالم", "مرحبا-بالعالم"],
  ["हिन्दी में", "हिन्दी-में"],
  ["Cafe\u0301", "café"],
  ["C++ & Rust", "c-rust"],
  ["don’t panic", "dont-panic"],
  ["--a--b--", "a-b"],
  ["🎉🎉", ""],
  ["...", ""],
  ["", ""],
])("the slug of %j is %j", (text, slug) => {
  expect(slugify(text)).toBe(slug);
});

test("a slug of the longest length stays whole, one character more is cut at a word", () => {
  const fits = `${"word-".repeat(15)}abcde`;
  const tooLong = `${"word-".repeat(15)}abcdef`;

  expect([...fits]).toHaveLength(MAX_SLUG_LENGTH);
  expect(slugify(fits)).toBe(fits);
  expect(slugify(tooLong)).toBe("word-".repeat(15).slice(0, -1));
});

test("a single word that is too long is cut inside, between characters", () => {
  expect([...slugify("𝒳".repeat(100))]).toHaveLength(MAX_SLUG_LENGTH);
});

test("the second and third spelling of a slug end in -2 and -3, within the limit", () => {
  expect(slugVariant("note", 1)).toBe("note");
  expect(slugVariant("note", 2)).toBe("note-2");
  expect(slugVariant("x".repeat(80), 10)).toBe(`${"x".repeat(77)}-10`);
});

test.each([...RESERVED_SLUGS])("a note is never called %s, the word of a route", (word) => {
  expect(slugVariant(word, 1)).toBe(`${word}-2`);
});

test("a note without words is called by its time in the author's zone", () => {
  expect(timestampSlug("2026-11-21T22:30:05.000Z" as Timestamp, -480)).toBe("2026-11-21-143005");
});
