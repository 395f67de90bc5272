import { expect, test } from "vitest";
import type { RedirectRule } from "../../src/redirects/redirect.ts";
import { locationOf, MAX_SOURCE_LENGTH, MAX_TARGET_LENGTH, parseRedirect } from "../../src/redirects/redirect.ts";
import { createRules } from "../../src/redirects/rules.ts";

const SITE = "https://blog.example";

function rule(from: string, to = "", status = to === "" ? "410" : "301"): RedirectRule {
  return parseRedirect({ from, to, status }, SITE);
}

test.each([
  ["/old", "/notes/new", { source: "/old", target: "/notes/new" }],
  ["/old/?a=1#x", "/new?b=2#y", { source: "/old", target: "/new?b=2#y" }],
  ["/%C3%A4lter", "/neu", { source: "/älter", target: "/neu" }],
  ["https://blog.example/old", "https://blog.example/new", { source: "/old", target: "/new" }],
  ["/old/*", "/new/*", { source: "/old/*", target: "/new/*" }],
  ["/old", "https://other.example", { source: "/old", target: "https://other.example/" }],
])("%s to %s is read", (from, to, expected) => {
  expect(rule(from, to)).toMatchObject(expected);
});

test.each([
  ["from", "", "/a"],
  ["from", "old", "/a"],
  ["from", "/", "/a"],
  ["from", "//evil.example", "/a"],
  ["from", "/a*b", "/a"],
  ["from", "/a/*/b", "/a"],
  ["to", "/a", "new"],
  ["to", "/a", "//evil.example/x"],
  ["to", "/a", "/\\evil.example"],
  ["to", "/a", "javascript:alert(1)"],
  ["to", "/a", "https://user:word@other.example/"],
  ["to", "/a", "/b/*"],
  ["to", "/a/*", "/b*/c"],
])("%s is refused: %s to %s", (field, from, to) => {
  expect(() => rule(from, to, "301")).toThrow(expect.objectContaining({ code: "invalid", field }));
});

test("an address may be as long as its limit, and no longer", () => {
  const from = `/${"a".repeat(MAX_SOURCE_LENGTH - 1)}`;
  const to = `/${"b".repeat(MAX_TARGET_LENGTH - 1)}`;

  expect(rule(from, to)).toMatchObject({ source: from, target: to });
  expect(() => rule(`${from}a`, to)).toThrow(expect.objectContaining({ field: "from" }));
  expect(() => rule(from, `${to}b`)).toThrow(expect.objectContaining({ field: "to" }));
});

test("what is gone leads nowhere, and what leads somewhere has a known status", () => {
  expect(rule("/a", "", "410")).toEqual({ source: "/a", target: undefined, status: 410 });
  expect(() => rule("/a", "/b", "410")).toThrow(expect.objectContaining({ field: "to" }));
  expect(() => rule("/a", "/b", "200")).toThrow(expect.objectContaining({ field: "status" }));
});

test("the rest of an address goes where the star stands, and never to another site", () => {
  const moved = rule("/old/*", "/*", "301");

  expect(locationOf(moved, "/old/a/b c")).toBe("/a/b%20c");
  expect(locationOf(moved, "/old/\\evil.example")).toBe("/%5Cevil.example");
  expect(locationOf(rule("/old/*", "https://x.example/n/*"), "/old/a")).toBe("https://x.example/n/a");
  expect(locationOf(rule("/old/*", "/one"), "/old/a")).toBe("/one");
});

test.each<[string, RedirectRule[], RedirectRule, RegExp]>([
  ["itself", [], rule("/a", "/a"), /“\/a” would lead to itself/],
  ["itself, with a query", [], rule("/a", "/a?x=1"), /would lead to itself/],
  ["below itself", [], rule("/a/*", "/a/b"), /“\/a\/\*” would lead to itself/],
  ["below itself, with a star", [], rule("/a/*", "/a/b/*"), /would lead to itself/],
  ["two in a circle", [rule("/b", "/a")], rule("/a", "/b"), /“\/a” and “\/b” would lead to each other/],
  ["a chain ahead", [rule("/b", "/c")], rule("/a", "/b"), /“\/b”, to which it would lead, .*“\/c” at once/],
  ["a chain behind", [rule("/x", "/a")], rule("/a", "/b"), /“\/x” leads to “\/a” already/],
  ["what is gone", [rule("/b")], rule("/a", "/b"), /“\/b”, to which it would lead, is marked as gone/],
  ["a chain by a prefix", [rule("/b/*", "/c/*")], rule("/a", "/b/x"), /“\/b\/\*”, to which it would lead/],
  ["a chain of prefixes", [rule("/b/*", "/c/*")], rule("/a/*", "/b/*"), /“\/b\/\*”, to which it would lead/],
  ["a chain behind a prefix", [rule("/x", "/a/y")], rule("/a/*", "/b"), /“\/x” leads to “\/a\/\*” already/],
  ["a chain behind, of prefixes", [rule("/x/*", "/a/*")], rule("/a/y", "/b"), /“\/x\/\*” leads to “\/a\/y” already/],
])("a rule is refused that makes %s", (_what, stored, added, problem) => {
  expect(createRules(stored).problemWith(added)).toMatch(problem);
});

test.each<[RedirectRule[], RedirectRule]>([
  [[rule("/a", "/c")], rule("/b", "/c")],
  [[rule("/a/*", "/new/*")], rule("/a", "/new")],
  [[rule("/a", "https://blog2.example/b")], rule("/b", "/c")],
  [[rule("/a/*", "/c")], rule("/ab", "/d")],
  [[], rule("/*", "/")],
])("rules that have nothing to do with each other stand side by side (%#)", (stored, added) => {
  expect(createRules(stored).problemWith(added)).toBeUndefined();
});

test("the rule for just an address comes first, then the one of the longest beginning", () => {
  const rules = createRules([rule("/a/*", "/1"), rule("/a/b/*", "/2"), rule("/a/b/c", "/3")]);

  expect(["/a/b/c", "/a/b/d", "/a/x", "/a", "/z"].map((path) => rules.match(path)?.target)).toEqual([
    "/3",
    "/2",
    "/1",
    undefined,
    undefined,
  ]);
});
