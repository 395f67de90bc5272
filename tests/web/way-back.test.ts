import { expect, test } from "vitest";
import { loginPath, MAX_WAY_BACK_LENGTH, parseWayBack } from "../../src/web/way-back.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, PASSWORD } from "../support/author.ts";
import { fillIn } from "../support/forms.ts";

const HOSTILE = [
  "",
  "admin",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "/admin\\..\\..\\evil",
  "https://evil.example/",
  "https:evil.example",
  "http:/evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  "/.//evil.example",
  "/admin/..//evil.example",
  "/%2e//evil.example",
  "/%2E%2E//evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/admin\r\nSet-Cookie: a=b",
  " //evil.example",
  "\u0000/admin",
  "/\u0000//evil.example",
  "/admin\u2028",
  "@evil.example",
  "/login",
  "/login?next=/login",
  "/logout",
  "/setup?link=x",
  `/${"x".repeat(MAX_WAY_BACK_LENGTH)}`,
];

test.each(HOSTILE)("%j leads to the dashboard", (next) => {
  expect(parseWayBack(next)).toBe("/admin");
});

test.each([
  "/admin",
  "/",
  "/admin/notes/7?done=saved#end",
  "/search?q=https://evil.example/",
  "/admin/notes?path=//a",
  "/admin/%5Cx",
  "/loginfo",
  `/${"x".repeat(MAX_WAY_BACK_LENGTH - 1)}`,
])("%s is a way back", (next) => {
  expect(parseWayBack(next)).toBe(next);
});

test("dot segments are resolved before they are followed", () => {
  expect(parseWayBack("/admin/../notes/./a")).toBe("/notes/a");
});

test("the dashboard needs no naming in the address of the login", () => {
  expect(loginPath("/admin")).toBe("/login");
  expect(loginPath("//evil.example")).toBe("/login");
  expect(loginPath("/admin/notes/7?a=b&c")).toBe("/login?next=%2Fadmin%2Fnotes%2F7%3Fa%3Db%26c");
});

test("no login ends on another site, whatever the link or the form said", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);
  const ends = new Set<unknown>();

  for (const next of ["//evil.example", "/\\evil.example", "https://evil.example/", "/.//evil.example"]) {
    const path = `/login?next=${encodeURIComponent(next)}`;
    ends.add((await fillIn(http, { path, action: "/login" }, { password: PASSWORD })).headers.location);
    ends.add((await http.get(path)).headers.location);
    await http.jar.setCookie("starpunk_session=; Max-Age=0", "127.0.0.1", "/");
    ends.add((await fillIn(http, { path: "/login", action: "/login" }, { password: PASSWORD, next })).headers.location);
    await http.jar.setCookie("starpunk_session=; Max-Age=0", "127.0.0.1", "/");
  }

  expect([...ends]).toEqual(["/admin"]);
});
