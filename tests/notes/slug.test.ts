import fc from "fast-check";
import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import {
  findFreeVariant,
  isSlugVariant,
  MAX_SLUG_LENGTH,
  RESERVED_PAGES,
  RESERVED_SLUGS,
  slugify,
  slugVariant,
  timestampSlug,
} from "../../src/notes/slug.ts";
import { listRoutes } from "../../src/web/route-table.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { testContext } from "../support/context.ts";

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

test("the first word of every route is reserved", async () => {
  const { ctx } = await testContext();
  const words = listRoutes(createApp(ctx)).map(({ pattern }) => pattern.split("/")[1] ?? "");

  const free = words.filter((word) => /^[a-z]+$/u.test(word) && !RESERVED_PAGES.has(word));

  expect(words).toContain("admin");
  expect(free).toEqual([]);
});

test("a slug is what slugify makes of it again, cut or numbered too, and no longer than the limit", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.integer({ min: 1, max: 100_000 }),
      (text, attempt) => {
        const base = slugify(text);
        const slugs = base === "" ? [] : [base, slugVariant(base, attempt)];
        return slugs.every((slug) => slugify(slug) === slug && [...slug].length <= MAX_SLUG_LENGTH);
      },
    ),
  );
  expect(slugify(slugVariant(`${"a".repeat(77)}-bc`, 2))).toBe(`${"a".repeat(77)}-2`);
});

test.each([
  ["hello", "hello", true],
  ["hello-2", "hello", true],
  ["hello-17", "hello", true],
  ["hello-world", "hello", false],
  ["hello-2nd", "hello", false],
  ["admin-2", "admin", true],
  [`${"x".repeat(77)}-10`, "x".repeat(80), true],
])("that %s is a spelling of %s is %s", (slug, base, expected) => {
  expect(isSlugVariant(slug, base)).toBe(expected);
});

test("the free spelling is the first one after the taken ones, and soon found among many", () => {
  const asked: string[] = [];
  const find = (takenUpTo: number) =>
    findFreeVariant("note", (slug) => {
      asked.push(slug);
      return Number(/\d+$/u.exec(slug)?.[0] ?? 1) > takenUpTo;
    });

  const found = [0, 1, 2, 9, 10, 11, 12, 9_999, 100_000].map(find);

  expect(found).toEqual([1, 2, 3, 10, 11, 12, 13, 10_000, 100_001].map((number) => slugVariant("note", number)));
  expect(asked.length).toBeLessThan(200);
});
