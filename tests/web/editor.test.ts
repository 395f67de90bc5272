import { expect, test } from "vitest";
import { findNote, findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import type { TestLogin } from "../support/author.ts";
import { logInAgent } from "../support/author.ts";
import { query, queryAll, textOf } from "../support/dom.ts";

const AUTHOR = { madeBy: "admin" };

async function authorApp(): Promise<{ app: TestApp; login: TestLogin }> {
  const app = await testApp();
  return { app, login: await logInAgent(app) };
}

function send({ app, login }: { app: TestApp; login: TestLogin }, path: string, fields: Record<string, string>) {
  return app.http
    .post(path)
    .type("form")
    .send({ csrf_token: login.csrfToken, ...fields });
}

test("a submission that names no button publishes, and leads to the editor that says so", async () => {
  const { app, login } = await authorApp();

  const answer = await send({ app, login }, "/admin/notes", { content: "Hello there" }).expect(303);

  const note = findNoteBySlug(app.ctx.db, "hello-there");
  expect(note?.status).toBe("published");
  expect(answer.headers.location).toBe(`/admin/notes/${note?.id}?done=published`);
  const editor = await app.http.get(answer.headers.location ?? "").expect(200);
  expect(textOf(query(editor.text, "[role=status]"))).toContain("Published");
});

test("the form of a new note is empty, and has a key of its own each time", async () => {
  const { app } = await authorApp();

  const one = await app.http.get("/admin/notes/new").expect(200);
  const two = await app.http.get("/admin/notes/new").expect(200);

  expect(textOf(query(one.text, "textarea[name=content]"))).toBe("");
  const key = (html: string) => query(html, "input[name=form_key]")?.attributes.value ?? "";
  expect(key(one.text)).toHaveLength(43);
  expect(key(one.text)).not.toBe(key(two.text));
});

test("a double click makes one note", async () => {
  const { app, login } = await authorApp();
  const fields = { content: "Once", form_key: "k".repeat(43) };

  const answers = await Promise.all([1, 2].map(() => send({ app, login }, "/admin/notes", fields).expect(303)));

  expect(answers[0]?.headers.location).toBe(answers[1]?.headers.location);
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 1 });
});

test("every field of the editor is saved and comes back", async () => {
  const { app, login } = await authorApp();
  const fields = {
    content: "Text",
    title: "A title",
    tags: "One, Two words",
    slug: "chosen",
    language: "de",
    published_at: "2025-05-06T07:08",
    visibility: "unlisted",
    action: "publish",
  };

  const answer = await send({ app, login }, "/admin/notes", fields).expect(303);
  const editor = await app.http.get(answer.headers.location ?? "").expect(200);

  const value = (name: string) => query(editor.text, `input[name=${name}]`)?.attributes.value;
  expect(textOf(query(editor.text, "textarea[name=content]"))).toBe("Text");
  expect(value("title")).toBe("A title");
  expect(value("tags")).toBe("One, Two words");
  expect(value("slug")).toBe("chosen");
  expect(value("language")).toBe("de");
  expect(value("published_at")).toBe("2025-05-06T07:08");
  expect(findNoteBySlug(app.ctx.db, "chosen")).toMatchObject({
    publishedAt: "2025-05-06T05:08:00.000Z",
    visibility: "unlisted",
  });
});

test("a time that was not touched keeps its seconds", async () => {
  const { app, login } = await authorApp();
  app.clock.advance(7);
  const note = await publishNote(app.ctx, { content: "x" }, AUTHOR);

  await send({ app, login }, `/admin/notes/${note.id}`, {
    content: "y",
    published_at: "2026-03-01T10:30",
    version: "1",
    action: "update",
  }).expect(303);

  expect(findNote(app.ctx.db, note.id)).toMatchObject({ content: "y", publishedAt: note.publishedAt });
});

test.each([
  ["language", "no language", "language"],
  ["published_at", "soon", "published_at"],
  ["published_at", "2025-02-30T10:00", "published_at"],
  ["visibility", "everyone", "visibility"],
  ["title", "t".repeat(301), "title"],
])("a wrong %s is said at its field, and everything typed is still there", async (name, value, field) => {
  const { app, login } = await authorApp();
  const typed = { content: "My precious text", title: "My title", tags: "a, b", [name]: value };

  const page = await send({ app, login }, "/admin/notes", typed).expect(422);

  const wrong = queryAll(page.text, `[aria-invalid=true]`).map((element) => element.attributes.name);
  expect(wrong).toContain(field);
  expect(textOf(query(page.text, "textarea[name=content]"))).toBe("My precious text");
  if (name !== "title") expect(query(page.text, "input[name=title]")?.attributes.value).toBe("My title");
  expect(query(page.text, "input[name=tags]")?.attributes.value).toBe("a, b");
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 0 });
});

test("a form with nothing in it is sent back with what to do", async () => {
  const { app, login } = await authorApp();

  const page = await send({ app, login }, "/admin/notes", { content: " " }).expect(422);

  expect(query(page.text, "textarea[name=content]")?.attributes["aria-invalid"]).toBe("true");
  expect(textOf(query(page.text, "main"))).toContain("Write something first");
});

test("text that begins with line breaks comes back with them", async () => {
  const { app, login } = await authorApp();

  const page = await send({ app, login }, "/admin/notes", { content: "\n\n  indented", language: "??" }).expect(422);

  expect(page.text).toContain(">\n\n\n  indented</textarea>");
});

test("saving over a newer version shows both and changes nothing; sending again replaces it knowingly", async () => {
  const { app, login } = await authorApp();
  const note = await publishNote(app.ctx, { content: "One" }, AUTHOR);
  await reviseNote(app.ctx, note.id, { content: "Theirs", origin: { madeBy: "https://app.example/" } });

  const page = await send({ app, login }, `/admin/notes/${note.id}`, {
    content: "Mine",
    version: "1",
    action: "update",
  }).expect(409);
  const unchanged = findNote(app.ctx.db, note.id)?.content;
  const form = queryAll(page.text, "main form").find((found) => query(found, "input[name=content]"));
  const hidden = queryAll(form ?? page.text, "input[type=hidden]").map((input) => input.attributes);
  const fields = Object.fromEntries(hidden.map((input) => [input.name ?? "", input.value ?? ""]));
  await send({ app, login }, `/admin/notes/${note.id}`, fields).expect(303);

  expect(textOf(query(page.text, "main"))).toMatch(/Theirs.*Mine|Mine.*Theirs/su);
  expect(unchanged).toBe("Theirs");
  expect(findNote(app.ctx.db, note.id)?.content).toBe("Mine");
});

test("the preview shows what the site will show, and stores nothing", async () => {
  const { app, login } = await authorApp();

  const fragment = await send({ app, login }, "/admin/preview", { content: "Some **bold** #tag" }).expect(200);
  const page = await send({ app, login }, "/admin/notes", { content: "Some **bold**", action: "preview" }).expect(200);

  expect(textOf(query(fragment.text, "strong"))).toBe("bold");
  expect(fragment.text).not.toContain("<html");
  expect(textOf(query(page.text, "strong"))).toBe("bold");
  expect(textOf(query(page.text, "textarea[name=content]"))).toBe("Some **bold**");
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 0 });
});

test("each button of the editor does its own", async () => {
  const { app, login } = await authorApp();
  const draft = await saveDraft(app.ctx, { content: "x" }, AUTHOR);
  const path = `/admin/notes/${draft.id}`;
  const statusAfter = async (action: string, version: number) => {
    await send({ app, login }, path, { content: "x", version: String(version), action }).expect(303);
    return findNote(app.ctx.db, draft.id)?.status;
  };

  expect(await statusAfter("save_draft", 1)).toBe("draft");
  expect(await statusAfter("publish", 2)).toBe("published");
  expect(await statusAfter("update", 3)).toBe("published");
  expect(await statusAfter("retract", 4)).toBe("draft");
});

test("publish, retract, trash, restore and erase have an address each, for POST only", async () => {
  const { app, login } = await authorApp();
  const note = await saveDraft(app.ctx, { content: "x" }, AUTHOR);
  const path = `/admin/notes/${note.id}`;
  const status = () => findNote(app.ctx.db, note.id)?.status;
  const seen = [];

  for (const verb of ["publish", "retract", "trash", "restore", "erase"]) {
    if (verb !== "erase") await app.http.get(`${path}/${verb}`).expect(405);
    await send({ app, login }, `${path}/${verb}`, {}).expect(303);
    seen.push(status());
  }

  expect(seen).toEqual(["published", "draft", "trashed", "draft", "erased"]);
  await app.http.get(path).expect(404);
});

test("the list shows notes by status, finds by words, and leads on by pages", async () => {
  const { app } = await authorApp();
  await publishNote(app.ctx, { content: "apple one" }, AUTHOR);
  await saveDraft(app.ctx, { content: "banana two" }, AUTHOR);

  const all = await app.http.get("/admin").expect(200);
  const drafts = await app.http.get("/admin?status=draft").expect(200);
  const found = await app.http.get("/admin?q=apple").expect(200);

  expect(all.text).toContain("apple one");
  expect(all.text).toContain("banana two");
  expect(drafts.text).not.toContain("apple one");
  expect(found.text).not.toContain("banana two");
  await app.http.get("/admin?before=x").expect(400);
});

test.each(["0", "abc", "1.5", "99999999999999999999", "-1"])(
  "the note %s is not found, whatever is done",
  async (id) => {
    const { app, login } = await authorApp();

    const answer = await app.http.get(`/admin/notes/${id}`);

    expect(answer.status).toBe(404);
    await send({ app, login }, `/admin/notes/${id}/trash`, {}).expect(404);
  },
);

test("the author sees a private note at its permalink, and nobody keeps the page", async () => {
  const { app } = await authorApp();
  await publishNote(app.ctx, { content: "for me", slug: "mine", visibility: "private" }, AUTHOR);

  const page = await app.http.get("/notes/mine").expect(200);

  expect(page.headers["cache-control"]).toBe("no-store");
  expect(page.text).toContain("for me");
});
