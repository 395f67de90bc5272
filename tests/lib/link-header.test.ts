import { expect, test } from "vitest";
import { linkTargets, MAX_LINK_HEADER_LENGTH } from "../../src/lib/link-header.ts";

const BASE = "https://app.example/dir/page";

test.each([
  ["<https://app.example/cb>; rel=redirect_uri", ["https://app.example/cb"]],
  ['</cb>; rel="redirect_uri"', ["https://app.example/cb"]],
  ['<cb>; title="a, b; rel=me"; rel="me Redirect_URI"', ["https://app.example/dir/cb"]],
  [
    "<a>; rel=redirect_uri, <b>; rel=me, <c>;rel=redirect_uri",
    ["https://app.example/dir/a", "https://app.example/dir/c"],
  ],
  ["<a,b;c>; rel=redirect_uri", ["https://app.example/dir/a,b;c"]],
  ["<app:/done>; rel=redirect_uri", ["app:/done"]],
  ["<a>; rel=not-redirect_uri", []],
  ["<a>; rel=me; rel=redirect_uri", []],
  ["<a>", []],
  ["<>; rel=redirect_uri", [BASE]],
  ["<http://[>; rel=redirect_uri", []],
  ["no link at all", []],
])("%s leads to %j", (header, targets) => {
  expect(linkTargets(header, "redirect_uri", BASE)).toEqual(targets);
});

test("what lies past the limit of a header is not read, and hostile ones take no time", () => {
  const link = "<a>; rel=me";
  const padding = " ".repeat(MAX_LINK_HEADER_LENGTH - link.length);

  expect(linkTargets(padding + link, "me", BASE)).toHaveLength(1);
  expect(linkTargets(` ${padding}${link}`, "me", BASE)).toEqual([]);
  for (const hostile of ["<".repeat(16_000), `<a>${"; a".repeat(5_000)}`, `<a>; a="${"\\".repeat(16_000)}`]) {
    expect(linkTargets(hostile, "me", BASE)).toEqual([]);
  }
});
