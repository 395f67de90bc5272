import { expect, test } from "vitest";
import {
  MAX_ENTRY_ADDRESS_LENGTH,
  MAX_ENTRY_LABEL_LENGTH,
  MAX_NAVIGATION_ENTRIES,
  parseEntryAddress,
  parseEntryLabel,
  parseNavigation,
} from "../../src/site/navigation.ts";

test.each([
  ["/about", "/about"],
  ["/", "/"],
  [" /a?b=c#d ", "/a?b=c#d"],
  ["/über", "/%C3%BCber"],
  ["/a/../b", "/b"],
  ["https://example.com", "https://example.com/"],
  ["HTTP://example.com/x", "http://example.com/x"],
])("an entry may lead to %j, kept as %s", (typed, kept) => {
  expect(parseEntryAddress(typed)).toBe(kept);
  expect(parseEntryAddress(kept)).toBe(kept);
});

test.each([
  "",
  "about",
  "//evil.example/",
  "/\\evil.example/",
  "/a\\b",
  "/a b",
  "/.//evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "mailto:a@example.com",
  "https://user:secret@example.com/",
  "https://",
  "https://exa mple.com/",
  7,
  undefined,
])("an entry may not lead to %j", (typed) => {
  expect(() => parseEntryAddress(typed)).toThrow("Write a path of this site");
});

test("an address is taken up to its limit, and not past it", () => {
  const longest = `/${"a".repeat(MAX_ENTRY_ADDRESS_LENGTH - 1)}`;

  expect(parseEntryAddress(longest)).toBe(longest);
  expect(() => parseEntryAddress(`${longest}a`)).toThrow("use a shorter address");
});

test("a name is one line, up to its limit, counted in characters", () => {
  const longest = "🐝".repeat(MAX_ENTRY_LABEL_LENGTH);

  expect(parseEntryLabel(" About \n me ")).toBe("About me");
  expect(parseEntryLabel(longest)).toBe(longest);
  expect(() => parseEntryLabel(`${longest}!`)).toThrow(`shorten it to ${MAX_ENTRY_LABEL_LENGTH}`);
  expect(() => parseEntryLabel("  ")).toThrow("called");
});

test("a menu has as many entries as the limit, and may have none", () => {
  const entries = Array.from({ length: MAX_NAVIGATION_ENTRIES }, (_, n) => ({ label: `${n}`, address: `/${n}` }));

  expect(parseNavigation(entries)).toEqual(entries);
  expect(parseNavigation([])).toEqual([]);
  expect(() => parseNavigation([...entries, { label: "x", address: "/x" }])).toThrow("keep 12 or fewer");
  expect(() => parseNavigation("x")).toThrow("no list");
  expect(() => parseNavigation([null])).toThrow("called");
});
