import { expect, test } from "vitest";
import { DEFAULT_NAVIGATION, MAX_NAVIGATION_ENTRIES } from "../../src/site/navigation.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";

const MENU = "/admin/appearance/menu";

async function authorApp() {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const send = (fields: Record<string, string | string[]>, token = csrfToken) =>
    app.http
      .post(MENU)
      .type("form")
      .send({ csrf_token: token, ...fields });
  const menu = () => readSettings(app.ctx.db).navigation;
  return { ...app, csrfToken, send, menu };
}

const LABELS = { label: ["Archive", "Now", "Elsewhere", ""], address: ["/archive", "/now", "https://e.example/", ""] };

function entriesIn(html: string): [string, string | undefined][] {
  return queryAll(html, ".site-nav a").map((link) => [textOf(link), link.attributes.href]);
}

test("a menu is saved in its order, without the empty row, and every page has it at once", async () => {
  const { http, send } = await authorApp();
  const before = await http.get("/").expect(200);

  await send(LABELS).expect(303);

  const after = await http.get("/").expect(200);
  const archive = await http.get("/archive").expect(200);
  expect(entriesIn(before.text)).toEqual([
    ["Archive", "/archive"],
    ["Search", "/search"],
    ["Feed", "/feed.xml"],
  ]);
  expect(entriesIn(after.text)).toEqual([
    ["Archive", "/archive"],
    ["Now", "/now"],
    ["Elsewhere", "https://e.example/"],
  ]);
  expect(query(archive.text, ".site-nav [aria-current=page]")?.attributes.href).toBe("/archive");
});

test.each([
  ["up", "2", ["Now", "Archive", "Elsewhere"], "#entry-1"],
  ["down", "1", ["Now", "Archive", "Elsewhere"], "#entry-2"],
  ["up", "1", ["Archive", "Now", "Elsewhere"], "#entry-1"],
  ["down", "3", ["Archive", "Now", "Elsewhere"], "#entry-3"],
  ["remove", "2", ["Archive", "Elsewhere"], ""],
  ["remove", "99", ["Archive", "Now", "Elsewhere"], ""],
  ["up", "__proto__", ["Archive", "Now", "Elsewhere"], ""],
])("the button %s of row %s saves what was typed in the new order", async (button, row, expected, fragment) => {
  const { send, menu } = await authorApp();

  const answer = await send({ ...LABELS, [button]: row }).expect(303);

  expect(menu().map(({ label }) => label)).toEqual(expected);
  expect(answer.headers.location).toBe(`${MENU}?done=menu${fragment}`);
});

test("a wrong entry is said at its field, nothing is saved, and what was typed stays", async () => {
  const { send, menu } = await authorApp();

  const page = await send({ label: ["Fine", ""], address: ["javascript:alert(1)", "/x"], up: "2" }).expect(422);

  const wrong = queryAll(page.text, "[aria-invalid=true]").map((field) => [
    field.attributes.id,
    field.attributes.value,
  ]);
  expect(wrong).toEqual([
    ["label-1", ""],
    ["address-2", "javascript:alert(1)"],
  ]);
  expect(menu()).toEqual(DEFAULT_NAVIGATION);
});

test("one entry past the limit is refused with the limit; at the limit there is no row for another", async () => {
  const { http, send, menu } = await authorApp();
  const fill = (count: number) => ({
    label: Array.from({ length: count }, (_, n) => `Entry ${n}`),
    address: Array.from({ length: count }, (_, n) => `/${n}`),
  });

  const refused = await send(fill(MAX_NAVIGATION_ENTRIES + 1)).expect(422);
  await send(fill(MAX_NAVIGATION_ENTRIES)).expect(303);

  expect(textOf(query(refused.text, "[role=alert]"))).toContain(`at most ${MAX_NAVIGATION_ENTRIES}`);
  expect(queryAll(refused.text, ".menu-row")).toHaveLength(MAX_NAVIGATION_ENTRIES + 1);
  expect(menu()).toHaveLength(MAX_NAVIGATION_ENTRIES);
  const page = await http.get(MENU).expect(200);
  expect(queryAll(page.text, ".menu-row")).toHaveLength(MAX_NAVIGATION_ENTRIES);
});

test("an empty menu leaves no navigation behind, and one button brings the first one back", async () => {
  const { http, send, menu } = await authorApp();

  await send({ label: "", address: "" }).expect(303);
  const home = await http.get("/").expect(200);
  await send({ label: "", address: "", default: "1" }).expect(303);

  expect(query(home.text, ".site-nav")).toBeUndefined();
  expect(menu()).toEqual(DEFAULT_NAVIGATION);
});

test("a menu without the token of the login is refused", async () => {
  const { send, menu } = await authorApp();

  await send({ label: "X", address: "/x" }, "wrong").expect(403);

  expect(menu()).toEqual(DEFAULT_NAVIGATION);
});
