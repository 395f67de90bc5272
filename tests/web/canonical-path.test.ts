import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalPath } from "../../src/web/canonical-path.ts";

test.each([
  ["/", "/"],
  ["", "/"],
  ["/notes/a", "/notes/a"],
  ["/notes/a/", "/notes/a"],
  ["/notes/a//", "/notes/a"],
  ["//", "/"],
  ["//evil.example", "/evil.example"],
  ["///evil.example//x", "/evil.example/x"],
  ["/\\evil.example", "/%5Cevil.example"],
  ["/%5cevil.example", "/%5Cevil.example"],
  ["/%2f%2fevil.example", "/%2F%2Fevil.example"],
  ["/.//evil.example", "/evil.example"],
  ["/%2e%2e//evil.example", "/evil.example"],
  ["/a/./b", "/a/b"],
  ["/a/../b", "/b"],
  ["/a/%2E%2e/b", "/b"],
  ["/../../etc/passwd", "/etc/passwd"],
  ["/a/b/..", "/a"],
  ["/a/...", "/a/..."],
  ["/notes/%61", "/notes/a"],
  ["/notes/%7Ea%2Db%5fc", "/notes/~a-b_c"],
  ["/notes/%e6%97%a5", "/notes/%E6%97%A5"],
  ["/notes/\u00e6\u0097\u00a5", "/notes/%E6%97%A5"],
  ["/notes/e%CC%81", "/notes/%C3%A9"],
  ["/notes/%65%CC%81", "/notes/%C3%A9"],
  ["/notes/%E1%84%80%E1%85%A1", "/notes/%EA%B0%80"],
  ["/a%2fb", "/a%2Fb"],
  ["/a%00b", "/a%00b"],
  ["/a%0d%0aSet-Cookie:%20x", "/a%0D%0ASet-Cookie:%20x"],
  ["/a%23b%3fc%25d", "/a%23b%3Fc%25d"],
  ["/a%25%32%66", "/a%252f"],
  ["/a!$&'()*+,;=:@b", "/a!$&'()*+,;=:@b"],
  ["/a%21%24%26", "/a%21%24%26"],
  ['/a"<>^`{|}', "/a%22%3C%3E%5E%60%7B%7C%7D"],
  ["/%F0%9F%98%80", "/%F0%9F%98%80"],
])("%j is spelled %j", (path, expected) => {
  const canonical = canonicalPath(path);

  expect(canonical).toBe(expected);
});

test.each([
  "/%",
  "/%2",
  "/%zz",
  "/a%2",
  "/%E0%A4%A",
  "/%ff",
  "/%c0%af",
  "/%ed%a0%80",
  "/%f5%80%80%80",
  "/\u00ff",
  "/a#b",
])("%j cannot be read", (path) => {
  const canonical = canonicalPath(path);

  expect(canonical).toBeUndefined();
});

test("the spelling of a spelling is the same: no redirect leads to another one", () => {
  const pieces = [
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2F",
    "%5C",
    "\\",
    "e",
    "%CC%81",
    "=",
    "%CC%B8",
    "%3D",
    "?",
    "%25",
    "a",
    "%41",
  ];
  const paths = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: "binary" })), { maxLength: 12 });

  fc.assert(
    fc.property(paths, (parts) => {
      const canonical = canonicalPath(`/${Buffer.from(parts.join("")).toString("latin1")}`);
      if (canonical === undefined) return;
      expect(canonicalPath(canonical)).toBe(canonical);
      expect(canonical).toMatch(/^\/(?!\/)[\x21-\x7e]*$/);
      expect(canonical).not.toMatch(/[\\#?]/);
      expect(new URL(canonical, "http://blog.example/").host).toBe("blog.example");
    }),
    { numRuns: 2000 },
  );
  expect.hasAssertions();
});

test("what the site writes itself is spelled right", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      const slug = text.normalize("NFC").replace(/[^\p{L}\p{N}\p{M}-]/gu, "");
      fc.pre(slug !== "");
      const path = `/notes/${encodeURIComponent(slug)}`;
      expect(canonicalPath(path)).toBe(path);
    }),
  );
  expect.hasAssertions();
});
