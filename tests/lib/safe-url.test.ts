import { expect, test } from "vitest";
import { urlKind } from "../../src/lib/safe-url.ts";

test.each([
  ["https://a.example/b?c#d", "web"],
  ["HTTP://A.example", "web"],
  ["http://[::1]:80/", "web"],
  ["https://bücher.example/ä b", "web"],
  ["mailto:a@b.example", "mail"],
  ["/", "root"],
  ["/a/b", "root"],
  ["#", "fragment"],
  ["#a", "fragment"],
  ["a.png", "relative"],
  ["../a/b.png", "relative"],
  ["a/b:c", "relative"],
])("%s is a %s address", (url, kind) => {
  expect(urlKind(url)).toBe(kind);
});

test.each([
  "",
  " https://a.example",
  "https://a.example\n",
  "java\tscript:alert(1)",
  "javascript:alert(1)",
  "JAVASCRIPT:alert(1)",
  "\u0001javascript:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "blob:https://a.example/x",
  "tel:1",
  "mailto:",
  "mailto://a",
  "//a.example",
  "/\\a.example",
  "\\\\a.example",
  "\\a",
  "?a",
  "https:a.example",
  "https:/a.example",
  "https:///a.example",
  "https://\\a.example",
  "https://user@a.example",
  "https://user:secret@a.example",
  "https://",
  "https://a b",
  "https://a.example:99999",
  "https://a.example/\u0000",
  "https://a.example/\u0085",
])("%j may not be used", (url) => {
  expect(urlKind(url)).toBeUndefined();
});
