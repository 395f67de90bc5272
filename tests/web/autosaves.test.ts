import { expect, test } from "vitest";
import { MAX_CONTENT_BYTES } from "../../src/lib/markdown.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import type { TestLogin } from "../support/author.ts";
import { logInAgent, USER_AGENT } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";

const AUTHOR = { madeBy: "admin" };
const ORIGIN = { origin: AUTHOR };

type Author = { readonly app: TestApp; readonly login: TestLogin };

async function authorApp(): Promise<Author> {
  const app = await testApp();
  return { app, login: await logInAgent(app) };
}

/** Sends what the script of the editor sends while its author types. */
function autosave({ app, login }: Author, fields: Record<string, string>) {
  return app.http
    .post("/admin/autosaves")
    .set({ "X-CSRF-Token": login.csrfToken, Accept: "application/json", "User-Agent": USER_AGENT })
    .type("form")
    .send({ editor_key: createSecret(), ...fields });
}

function count({ app }: Author, table: "notes" | "note_autosaves"): number {
  const sql = {
    notes: "SELECT count(*) AS count FROM notes",
    note_autosaves: "SELECT count(*) AS count FROM note_autosaves",
  };
  return app.ctx.db.get<{ count: number }>(sql[table])?.count ?? -1;
}

function offersOn(html: string): string[] {
  const rows = queryAll(html, ".offers .row-text").map((row) => textOf(row).replace(/\s+/g, " ").trim());
  return rows.filter((row) => row !== "this device"); // The pattern for what the browser's own journal has.
}

test("an unsaved draft is offered on the list and beside a new note, with time, size and device; it continues elsewhere", async () => {
  const author = await authorApp();
  const { http } = author.app;
  await autosave(author, { title: "A walk", content: "Down to the *sea*", tags: "walks, sea", visibility: "private" });

  const list = await http.get("/admin").expect(200);
  const opened = await http.get("/admin/notes/new").expect(200);
  const path = formTo(opened.text, `/admin/autosaves/${rowKey(author)}/continue`);
  const moved = await submit(http, path).expect(303);
  const editor = await http.get(moved.headers.location ?? "").expect(200);

  const offer = ["A walk March 1, 2026 at 10:30 AM 17 bytes Firefox on Linux"];
  expect([offersOn(list.text), offersOn(opened.text), offersOn(editor.text)]).toEqual([offer, offer, []]);
  expect(formTo(editor.text, "/admin/notes").fields).toMatchObject({
    title: "A walk",
    content: "Down to the *sea*",
    tags: "walks, sea",
    visibility: "private",
    editor_key: rowKey(author),
  });
});

function rowKey({ app }: Author): string {
  return app.ctx.db.get<{ editor_key: string }>("SELECT editor_key FROM note_autosaves")?.editor_key ?? "";
}

test("saving what was typed takes the autosave away, and tells the browser", async () => {
  const author = await authorApp();
  const { http } = author.app;
  const page = formTo((await http.get("/admin/notes/new")).text, "/admin/notes");
  const key = String(page.fields.editor_key);
  await autosave(author, { editor_key: key, form_key: String(page.fields.form_key), content: "Half" });

  const saved = await submit(http, page, { content: "Half, then all", action: "publish" }).expect(303);

  expect(saved.headers.location).toMatch(new RegExp(`done=published&saved=${key}$`));
  expect(count(author, "note_autosaves")).toBe(0);
});

test("saving forgets what other editors hold of the same words, and keeps beside the note what says more", async () => {
  const author = await authorApp();
  const { http } = author.app;
  const page = formTo((await http.get("/admin/notes/new")).text, "/admin/notes");
  const form_key = String(page.fields.form_key);
  await autosave(author, { form_key, content: "Half" });
  await autosave(author, { form_key, content: "Half, and on the phone something else" });
  await autosave(author, { form_key: createSecret(), content: "Half of another note" });

  await submit(http, page, { content: "Half, then all", action: "publish" }).expect(303);

  expect(offersOn((await http.get("/admin/notes/1")).text)).toEqual([expect.stringContaining("on the phone")]);
  expect(offersOn((await http.get("/admin/notes/new")).text)).toEqual([expect.stringContaining("another note")]);
});

test("an autosave of a stored note changes nothing of it, and says when the note was saved since", async () => {
  const author = await authorApp();
  const { ctx, http } = author.app;
  const note = await publishNote(ctx, { content: "Stored", title: "Old" }, AUTHOR);
  const typed = { note_id: String(note.id), version: "1", title: "Old", content: "Stored and more", slug: note.slug };

  await autosave(author, typed).expect(200);
  const before = await http.get(`/admin/notes/${note.id}`).expect(200);
  await reviseNote(ctx, note.id, { content: "Elsewhere", ...ORIGIN });
  const after = await http.get(`/admin/notes/${note.id}`).expect(200);

  expect((await http.get(`/notes/${note.slug}`)).text).not.toContain("Stored and more");
  expect(offersOn(before.text)[0]).not.toContain("saved elsewhere since");
  expect(offersOn(after.text)[0]).toContain("saved elsewhere since");
});

test("what is the same as stored, or typed back to it, is not kept", async () => {
  const author = await authorApp();
  const note = await publishNote(author.app.ctx, { content: "Stored" }, AUTHOR);
  const page = formTo((await author.app.http.get(`/admin/notes/${note.id}`)).text, `/admin/notes/${note.id}`);
  const fields = page.fields as Record<string, string>;

  await autosave(author, { ...fields, content: "Stored!" }).expect(200);
  const changed = count(author, "note_autosaves");
  await autosave(author, { ...fields, content: "Stored" }).expect(200);

  expect([changed, count(author, "note_autosaves")]).toEqual([1, 0]);
});

test("an autosave that comes after its form has made a note belongs to that note, and is no new draft", async () => {
  const author = await authorApp();
  const { ctx, http } = author.app;
  const formKey = createSecret();
  const note = await publishNote(ctx, { content: "Published", formKey }, AUTHOR);

  await autosave(author, { form_key: formKey, content: "Published" }).expect(200);
  const same = count(author, "note_autosaves");
  await autosave(author, { form_key: formKey, content: "Published, and a word more" }).expect(200);

  expect(same).toBe(0);
  expect(offersOn((await http.get("/admin/notes/new")).text)).toEqual([]);
  expect(offersOn((await http.get(`/admin/notes/${note.id}`)).text)).toHaveLength(1);
});

test("discarding leads back to where it was asked; more typed since is not discarded", async () => {
  const author = await authorApp();
  const { http, clock } = author.app;
  const editorKey = createSecret();
  await autosave(author, { editor_key: editorKey, content: "Looked at" });
  const list = formTo((await http.get("/admin")).text, `/admin/autosaves/${editorKey}/discard`);
  clock.advance(5);
  await autosave(author, { editor_key: editorKey, content: "Looked at, then more" });

  const refused = await submit(http, list).expect(303);
  const fresh = formTo((await http.get("/admin/notes/new")).text, `/admin/autosaves/${editorKey}/discard`);
  const done = await submit(http, fresh).expect(303);

  expect(refused.headers.location).toBe("/admin?done=autosave-newer");
  expect(done.headers.location).toBe("/admin/notes/new?done=discarded");
  expect(count(author, "note_autosaves")).toBe(0);
});

test("continuing a text that was saved meanwhile leads to the editor, which says so", async () => {
  const author = await authorApp();
  const path = `/admin/autosaves/${createSecret()}/continue`;

  const answer = await author.app.http
    .post(path)
    .type("form")
    .send({ csrf_token: author.login.csrfToken, note_id: "0" });

  expect([answer.status, answer.headers.location]).toEqual([303, "/admin/notes/new?done=autosave-gone"]);
});

test("nothing is kept for who is not logged in or has no token; the answer is one for scripts", async () => {
  const author = await authorApp();
  const { http, ctx } = author.app;
  const script = { Accept: "application/json" };
  const fields = { editor_key: createSecret(), content: "x" };

  const forged = await http.post("/admin/autosaves").set(script).type("form").send(fields);
  await ctx.db.write(() => ctx.db.run("DELETE FROM sessions"));
  const ended = await autosave(author, fields);
  const token = await http.get("/admin/autosaves/token").set(script);

  expect([forged.status, ended.status, token.status]).toEqual([403, 401, 401]);
  expect(token.body).toMatchObject({ status: 401, detail: expect.stringContaining("login has ended") });
  expect(count(author, "note_autosaves")).toBe(0);
});

test("a page that was opened under an older login asks for the token of the present one", async () => {
  const author = await authorApp();

  const answer = await author.app.http.get("/admin/autosaves/token").set("Accept", "application/json").expect(200);

  expect(answer.body).toEqual({ csrf_token: author.login.csrfToken });
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("a text of the largest size is kept, one byte more is refused as too large", async () => {
  const author = await authorApp();

  await autosave(author, { content: "a".repeat(MAX_CONTENT_BYTES) }).expect(200);
  const refused = await autosave(author, { content: "a".repeat(MAX_CONTENT_BYTES + 1) }).expect(413);

  expect(refused.body.detail).toContain("256 KB");
  expect(count(author, "note_autosaves")).toBe(1);
});

test("no page, feed or search of others has a word of an autosave", async () => {
  const author = await authorApp();
  const { app } = author;
  const note = await publishNote(app.ctx, { content: "Public", tags: ["web"] }, AUTHOR);
  await autosave(author, { content: "xylophone", title: "xylophone", tags: "xylophone" });
  await autosave(author, { note_id: String(note.id), version: "1", content: "xylophone", tags: "xylophone" });
  const paths = ["/", `/notes/${note.slug}`, "/tags/web", "/archive", "/feed.xml", "/feed.atom", "/feed.json"];
  const all = [...paths, "/sitemap.xml", "/search?q=xylophone", "/admin?q=xylophone", "/admin?status=draft"];

  const pages = await Promise.all(all.map((path) => app.http.get(path)));

  const told = pages.map(({ text }) => text.replaceAll(/value="xylophone"|q=xylophone/g, ""));
  expect(told.filter((text) => text.includes("xylophone"))).toEqual([]);
  expect((await app.http.get("/tags/xylophone")).status).toBe(404);
});

test("the same form with a word changed makes no second note: the first is opened with what was sent", async () => {
  const author = await authorApp();
  const { http } = author.app;
  const form = formTo((await http.get("/admin/notes/new")).text, "/admin/notes");
  await submit(http, form, { content: "Sent, and the answer got lost", action: "save_draft" }).expect(303);

  const again = await submit(http, form, { content: "Sent again", action: "publish" }).expect(409);
  const published = await submit(http, formTo(again.text, "/admin/notes/1"), { action: "publish" }).expect(303);

  expect(textOf(query(again.text, ".banner-error"))).toContain("already made a note");
  expect(published.headers.location).toContain("/admin/notes/1?done=published");
  expect(author.app.ctx.db.all("SELECT content, status FROM notes")).toEqual([
    { content: "Sent again", status: "published" },
  ]);
});

test("a second note is made of it when its author says so", async () => {
  const author = await authorApp();
  const { http } = author.app;
  const form = formTo((await http.get("/admin/notes/new")).text, "/admin/notes");
  await submit(http, form, { content: "First" }).expect(303);

  const again = await submit(http, form, { content: "Second" }).expect(409);
  const second = formTo(again.text, "/admin/notes/1");
  await submit(http, { ...second, action: "/admin/notes" }, { action: "save_draft" }).expect(303);

  expect(query(again.text, "button[formaction=/admin/notes]")?.attributes.value).toBe("save_draft");
  expect(count(author, "notes")).toBe(2);
});

test("a form whose note was changed elsewhere since leads to the choice between both", async () => {
  const author = await authorApp();
  const { http, ctx } = author.app;
  const form = formTo((await http.get("/admin/notes/new")).text, "/admin/notes");
  await submit(http, form, { content: "First" }).expect(303);
  const again = await submit(http, form, { content: "Second" }).expect(409);
  await retractNote(ctx, 1, { content: "Third", ...ORIGIN });

  const choice = await submit(http, formTo(again.text, "/admin/notes/1"), { action: "update" }).expect(409);

  expect(choice.text).toContain("Third");
  expect(choice.text).toContain("Second");
});
