import { expect, test } from "vitest";
import { exportRedirects, importRedirects, MAX_IMPORT_LINES } from "../../src/redirects/import-redirects.ts";
import { readLine } from "../../src/redirects/read-lines.ts";
import { MAX_REDIRECTS } from "../../src/redirects/redirect.ts";
import { insertRedirect, listRedirects } from "../../src/redirects/redirect-store.ts";
import { testContext } from "../support/context.ts";

test.each<[string, string[]]>([
  ["/a,/b", ["/a /b 301"]],
  ["/a,/b,302", ["/a /b 302"]],
  ['"/a, with comma",https://x.example/,301', ["/a, with comma https://x.example/ 301"]],
  ["/a;/b;308", ["/a /b 308"]],
  ["/a,,410", ["/a  410"]],
  ["/a /b", ["/a /b 301"]],
  ["/a   /b   302!", ["/a /b 302"]],
  ["/news/*  /blog/:splat  301", ["/news/* /blog/* 301"]],
  ["/a / 410", ["/a  410"]],
  ["Redirect 301 /a /b", ["/a /b 301", "/a/* /b/* 301"]],
  ["Redirect permanent /a/ https://x.example/b/", ["/a https://x.example/b/ 301", "/a/* https://x.example/b/* 301"]],
  ["redirect /a /b", ["/a /b 302", "/a/* /b/* 302"]],
  ["RedirectPermanent /a /b", ["/a /b 301", "/a/* /b/* 301"]],
  ['Redirect gone "/a b"', ["/a b  410", "/a b/*  410"]],
  ["RedirectMatch 301 ^/old/(.*)$ /new/$1", ["/old/* /new/* 301"]],
  ["RedirectMatch permanent ^/feed\\.rss$ /feed.xml", ["/feed.rss /feed.xml 301"]],
  ["# a comment", []],
  ["", []],
  ["from,to,status", []],
])("the line %j is read", (line, expected) => {
  expect(readLine(line, true).map(({ from, to, status }) => `${from} ${to} ${status}`)).toEqual(expected);
});

test.each([
  ["/a", /a comma between/],
  ["words and words", /a comma between/],
  ["/a id=:id /b", /queries/],
  ["/a /b 301 Country=de", /Country=de/],
  ["/a /b 200", /another page in place/],
  ["/news/:year /blog/:year", /placeholders/],
  ["RedirectMatch ^/a(\\d+)$ /b$1", /pattern/],
  ["Redirect / https://x.example/", /whole site/],
])("the line %j is refused with the reason", (line, reason) => {
  expect(() => readLine(line, false)).toThrow(expect.objectContaining({ message: expect.stringMatching(reason) }));
});

test("a list is taken line by line, and what breaks a rule is named and stops nothing", async () => {
  const { ctx } = await testContext();

  const lines = await importRedirects(ctx, "from,to\n/a,/b\n/b,/c\n/x /y 301\r\n/x /y 301\n/x /z\nnonsense\n/d,,410\n");

  expect(lines.map(({ number, result, reason }) => [number, result, reason.slice(0, 40)])).toEqual([
    [2, "added", ""],
    [3, "skipped", "“/a” leads to “/b” already: change that "],
    [4, "added", ""],
    [5, "unchanged", ""],
    [6, "skipped", "“/x” leads to “/y” already. Change that "],
    [7, "skipped", "A line has an old and a new address, wit"],
    [8, "added", ""],
  ]);
  expect(listRedirects(ctx.db, { after: "", limit: 9 }).map(({ source }) => source)).toEqual(["/a", "/d", "/x"]);
});

test("what is exported is imported as it was, and exported again to the same bytes", async () => {
  const { ctx } = await testContext();
  const { ctx: other } = await testContext();
  await importRedirects(ctx, '/a b%,"https://x.example/?a=1,2",302\n/old/*,/new/*\n/ä,,410\n/q%3Fx,/y,308');

  const table = exportRedirects(ctx);
  const lines = await importRedirects(other, table);

  expect(lines.map(({ result }) => result)).toEqual(["added", "added", "added", "added"]);
  expect(exportRedirects(other)).toBe(table);
});

test("a list may have as many lines as its limit, and no more", async () => {
  const { ctx } = await testContext();

  const taken = await importRedirects(ctx, "\n".repeat(MAX_IMPORT_LINES - 1));

  expect(taken).toEqual([]);
  await expect(importRedirects(ctx, "\n".repeat(MAX_IMPORT_LINES))).rejects.toMatchObject({ code: "too_large" });
});

test("a site has as many redirects as the limit says, and no more", async () => {
  const { ctx } = await testContext();
  await ctx.db.write(() => {
    for (let number = 1; number < MAX_REDIRECTS; number += 1) {
      insertRedirect(ctx.db, { source: `/${number}`, target: "/new", status: 301 }, ctx.clock());
    }
  });

  const lines = await importRedirects(ctx, "/a,/new\n/b,/new");

  expect(lines.map(({ result }) => result)).toEqual(["added", "skipped"]);
  expect(lines[1]?.reason).toContain("5,000");
});
