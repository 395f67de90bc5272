import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { addRedirect } from "../../src/redirects/change-redirects.ts";
import { MAX_IMPORT_BYTES } from "../../src/redirects/import-redirects.ts";
import { listRedirects } from "../../src/redirects/redirect-store.ts";
import { testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { fillIn, formsIn, formTo, submit } from "../support/forms.ts";

const origin = { madeBy: "admin" };
const LIST = "/admin/redirects";

async function siteWithRedirects(...rules: [from: string, to: string, status: string][]) {
  const app = await testApp();
  await logInAgent(app);
  for (const [from, to, status] of rules) await addRedirect(app.ctx, { from, to, status });
  return app;
}

test.each([
  ["/old", 301, "/notes/new"],
  ["/old?utm=1", 301, "/notes/new"],
  ["/%C3%A4lter", 302, "https://other.example/"],
  ["/blog/2021/a%20b", 308, "/notes/2021/a%20b"],
  ["/gone", 410, undefined],
])("%s is answered with %i", async (path, status, location) => {
  const { http } = await siteWithRedirects(
    ["/old", "/notes/new", "301"],
    ["/älter", "https://other.example", "302"],
    ["/blog/*", "/notes/*", "308"],
    ["/gone", "", "410"],
  );

  const answer = await http.get(path).expect(status);
  const head = await http.head(path).expect(status);

  expect([answer.headers.location, head.headers.location]).toEqual([location, location]);
});

test("no redirect comes before a page, and one leads on from a note that the author took down", async () => {
  const { ctx, http } = await siteWithRedirects(["/notes/*", "/elsewhere", "301"], ["/archive", "/x", "301"]);
  const note = await publishNote(ctx, { content: "Here", slug: "here" }, origin);
  await http.get("/notes/here").expect(200);
  await http.get("/archive").expect(200);

  await trashNote(ctx, note.id, origin);
  const { headers } = await http.get("/notes/here").expect(301);

  expect(headers.location).toBe("/elsewhere");
});

test("the author's side and the answers of apps are never redirected, nor noted", async () => {
  const app = await siteWithRedirects(["/*", "/", "301"]);

  const statuses = [];
  for (const path of ["/admin/nothing", "/preview/nothing", "/micropub/nothing"]) {
    statuses.push((await app.http.get(path)).status);
  }
  const { text } = await app.http.get("/admin/missing");

  expect(statuses).not.toContain(301);
  expect(text).toContain("Nothing missed");
});

test("a redirect is made, changed and deleted by forms, and counts how often it was used", async () => {
  const { ctx, http } = await siteWithRedirects();
  const made = await fillIn(http, { path: LIST, action: LIST }, { from: "/old", to: "/notes/a", status: "301" });
  await http.get("/old").expect(301);
  await http.get("/old").expect(301);

  const list = await http.get(LIST);
  await fillIn(http, { path: `${LIST}/1`, action: `${LIST}/1` }, { to: "/notes/b", status: "302" });
  const changed = listRedirects(ctx.db, { after: "", limit: 9 });
  await submit(http, formTo((await http.get(LIST)).text, `${LIST}/1/delete`));

  expect(made.status).toBe(303);
  expect(textOf(queryAll(list.text, ".row-meta")[0])).toContain("used 2 times");
  expect(changed).toMatchObject([{ source: "/old", target: "/notes/b", status: 302, hits: 2 }]);
  expect(listRedirects(ctx.db, { after: "", limit: 9 })).toEqual([]);
  await http.get("/old").expect(404);
});

test("a redirect that would be a loop or a chain is refused by name, and keeps what was typed", async () => {
  const { http } = await siteWithRedirects(["/b", "/c", "301"]);

  const chain = await fillIn(http, { path: LIST, action: LIST }, { from: "/a", to: "/b", status: "302" });
  const second = await fillIn(http, { path: LIST, action: LIST }, { from: "/b", to: "/d", status: "301" });

  expect([chain.status, second.status]).toEqual([422, 422]);
  expect(chain.text).toContain("lead “/a” to “/c” at once");
  expect(formTo(chain.text, LIST).fields).toMatchObject({ from: "/a", to: "/b", status: "302" });
  expect(second.text).toContain("“/b” leads to “/c” already");
});

test("a list is imported as a file or as lines, each that was skipped is named, and all come out again", async () => {
  const { http } = await siteWithRedirects();
  const form = formTo((await http.get(LIST)).text, `${LIST}/import`);

  const file = await http
    .post(form.action)
    .field("csrf_token", String(form.fields.csrf_token))
    .attach("file", Buffer.from("/a /b 301\n/x /y 200\n"), "_redirects");
  const lines = await submit(http, form, { list: "/c,/d" });
  const exported = await http.get(`${LIST}/export`).expect(200);

  expect(textOf(queryAll(file.text, "[role=status]")[0])).toBe("1 line taken, 1 skipped.");
  expect(file.text).toContain("Line 2:");
  expect(textOf(queryAll(lines.text, "[role=status]")[0])).toBe("1 line taken.");
  expect(exported.text).toBe("from,to,status\n/a,/b,301\n/c,/d,301\n");
});

test("a list that is too large is refused with its limit", async () => {
  const { http } = await siteWithRedirects();
  const line = "/a /b 301\n";
  const list = line.repeat(Math.ceil(MAX_IMPORT_BYTES / line.length) + 1);

  const answer = await fillIn(http, { path: LIST, action: `${LIST}/import` }, { list });

  expect(answer.status).toBe(413);
  expect(answer.text).toContain("at most 512 KB");
});

test("what was not found is listed, and one button leads it to the note that may be meant", async () => {
  const { ctx, http } = await siteWithRedirects();
  await publishNote(ctx, { content: "x", title: "A long walk", slug: "a-long-walk" }, origin);
  await http.get("/2019/05/a-long-walk.html").set("Referer", "https://news.example/x").expect(404);
  await http.get("/wp-login.php").expect(404);

  const page = await http.get("/admin/missing");
  const button = formsIn(page.text).find(({ fields }) => fields.to === "/notes/a-long-walk");
  const done = await submit(http, button ?? formTo(page.text, LIST));

  expect(page.text).toContain("news.example");
  expect(textOf(queryAll(page.text, ".sections")[0])).toContain("WordPress");
  expect(done.headers.location).toBe("/admin/missing?done=redirect-saved");
  const moved = await http.get("/2019/05/a-long-walk.html").expect(301);
  expect(moved.headers.location).toBe("/notes/a-long-walk");
  expect((await http.get("/admin/missing")).text).not.toContain("2019/05");
});

test("an address without a note of its name is suggested the one whose words fit, in the form of a redirect", async () => {
  const { ctx, http } = await siteWithRedirects();
  await publishNote(ctx, { content: "On rivers in the north.", title: "Water", slug: "water" }, origin);

  const { text } = await http.get(`${LIST}?from=/posts/rivers-north`).expect(200);

  expect(formTo(text, LIST).fields).toMatchObject({ from: "/posts/rivers-north", to: "/notes/water" });
});

test("one address of the log is forgotten, or all", async () => {
  const { http } = await siteWithRedirects();
  for (const path of ["/a", "/b", "/c"]) await http.get(path).expect(404);
  const shown = async () => queryAll((await http.get("/admin/missing")).text, ".row-label").map(textOf);

  const form = formTo((await http.get("/admin/missing")).text, "/admin/missing/forget");
  const token = String(form.fields.csrf_token);
  await http.post(form.action).type("form").send({ csrf_token: token, path: "/b" }).expect(303);
  const two = await shown();
  await http.post(form.action).type("form").send({ csrf_token: token, all: "1" }).expect(303);

  expect(two).toEqual(["/a", "/c"]);
  expect(await shown()).toEqual([]);
});

test("a site without redirects answers as before, and a stranger sees none of this", async () => {
  const { ctx, http } = await testApp();
  await createAuthor(ctx);

  const answers = [];
  for (const path of [LIST, `${LIST}/export`, "/admin/missing"]) answers.push((await http.get(path)).status);

  expect(answers).toEqual([303, 303, 303]);
  await http.get("/nowhere").expect(404);
});
