import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { MAX_TAG_SUGGESTIONS } from "../../src/web/editor-view.ts";
import { MAX_FORM_FILES } from "../../src/web/multipart.ts";
import { NOTES_PER_PAGE } from "../../src/web/routes/admin-notes.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import type { TestLogin } from "../support/author.ts";
import { logInAgent } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";
import { picture } from "../support/images.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };

type Author = { readonly app: TestApp; readonly login: TestLogin };

async function authorApp(): Promise<Author> {
  const app = await testApp();
  return { app, login: await logInAgent(app) };
}

/** Opens the editor of a note, fills in some fields and presses a button. */
async function edit({ app }: Author, note: StoredNote, filled: Record<string, string>): Promise<StoredNote> {
  const page = await app.http.get(`/admin/notes/${note.id}`).expect(200);
  const answer = await submit(app.http, formTo(page.text, `/admin/notes/${note.id}`), { action: "update", ...filled });
  expect(answer.status).toBe(303);
  return findNote(app.ctx.db, note.id) ?? note;
}

function send({ app, login }: Author, path: string, fields: Record<string, string>) {
  return app.http
    .post(path)
    .type("form")
    .send({ csrf_token: login.csrfToken, ...fields });
}

test("a note that is opened and saved untouched is as it was, but for its version", async () => {
  const author = await authorApp();
  const { ctx, clock } = author.app;
  const note = await publishNote(
    ctx,
    {
      content: "Text\n\n#sea and more",
      title: "Title",
      tags: ["Smith, John", "Web Dev"],
      language: "de",
      visibility: "unlisted",
      publishedAt: "2025-05-06T07:08:09.123Z" as Timestamp,
      publishedOffset: -420,
      properties: { "x-mood": ["fine"] },
    },
    AUTHOR,
  );
  clock.advance(60);

  const saved = await edit(author, note, {});

  expect(saved).toEqual({ ...note, version: 2, changedAt: addSeconds(NOW, 60) });
});

test("a hashtag goes with the text, and a tag with a comma stays one beside a new one", async () => {
  const author = await authorApp();
  const note = await publishNote(author.app.ctx, { content: "x #sea", tags: ["Smith, John"] }, AUTHOR);

  const saved = await edit(author, note, { content: "x", tags: "Smith, John, new" });

  expect(saved.tags).toEqual([
    { name: "smith-john", label: "Smith, John" },
    { name: "new", label: "new" },
  ]);
});

test("a client that sends a text alone leaves all else as it is, and makes no private note public", async () => {
  const author = await authorApp();
  const { ctx } = author.app;
  const input = { title: "Title", tags: ["a"], visibility: "private" as const, language: "de", slug: "mine" };
  const note = await publishNote(ctx, { content: "x", ...input }, AUTHOR);

  await send(author, `/admin/notes/${note.id}`, { content: "y", version: "1" }).expect(303);
  await send(author, `/admin/notes/${note.id}`, { content: "z", version: "2", visibility: "" }).expect(303);

  expect(findNote(ctx.db, note.id)).toMatchObject({ ...input, tags: note.tags, content: "z", publishedAt: NOW });
});

test("taking the date away from a draft lets it be published now", async () => {
  const author = await authorApp();
  const publishedAt = "2020-01-01T00:00:00.000Z" as Timestamp;
  const draft = await saveDraft(author.app.ctx, { content: "x", publishedAt }, AUTHOR);

  const saved = await edit(author, draft, { published_at: "", action: "save_draft" });
  const published = await edit(author, draft, { action: "publish" });

  expect(saved.publishedAt).toBeUndefined();
  expect(published).toMatchObject({ status: "published", publishedAt: NOW });
});

test("the address of a draft follows its text while nobody touched it", async () => {
  const author = await authorApp();
  const draft = await saveDraft(author.app.ctx, { content: "Hello" }, AUTHOR);

  const followed = await edit(author, draft, { content: "Hello world", action: "save_draft" });
  const chosen = await edit(author, draft, { slug: "Hello Moon", action: "save_draft" });
  const kept = await edit(author, draft, { content: "Good bye", action: "save_draft" });

  expect([followed.slug, chosen.slug, kept.slug]).toEqual(["hello-world", "hello-moon", "hello-moon"]);
});

test("a note that was published at its time while the author wrote in it is saved, not asked about", async () => {
  const author = await authorApp();
  const { ctx, clock, http } = author.app;
  const note = await publishNote(ctx, { content: "One", publishedAt: addSeconds(NOW, 60) }, AUTHOR);
  const page = await http.get(`/admin/notes/${note.id}`).expect(200);
  clock.advance(60);
  await publishScheduledNote(ctx, note.id);

  const form = formTo(page.text, `/admin/notes/${note.id}`);
  const answer = await submit(http, form, { content: "Two", action: "update" });

  expect(answer.status).toBe(303);
  expect(findNote(ctx.db, note.id)).toMatchObject({
    content: "Two",
    status: "published",
    publishedAt: note.publishedAt,
  });
});

test("the text of a note that was erased meanwhile comes back, and can become a new note", async () => {
  const author = await authorApp();
  const { ctx, http } = author.app;
  const note = await publishNote(ctx, { content: "One" }, AUTHOR);
  const page = await http.get(`/admin/notes/${note.id}`).expect(200);
  await eraseNote(ctx, note.id);

  const form = formTo(page.text, `/admin/notes/${note.id}`);
  const refused = await submit(http, form, { content: "Precious", action: "update" });
  const saved = await submit(http, formTo(refused.text, "/admin/notes"), { action: "publish" });

  expect(refused.status).toBe(410);
  expect(textOf(query(refused.text, "[role=alert]"))).toContain("erased meanwhile");
  expect(saved.status).toBe(303);
  expect(findNote(ctx.db, note.id + 1)).toMatchObject({ content: "Precious", status: "published" });
});

test("the text for a note that was trashed meanwhile comes back with what to do", async () => {
  const author = await authorApp();
  const { ctx, http } = author.app;
  const note = await publishNote(ctx, { content: "One" }, AUTHOR);
  const page = await http.get(`/admin/notes/${note.id}`).expect(200);
  await trashNote(ctx, note.id, AUTHOR);

  const refused = await submit(http, formTo(page.text, `/admin/notes/${note.id}`), { content: "Precious" });

  expect(refused.status).toBe(410);
  expect(textOf(query(refused.text, "textarea[name=content]"))).toBe("Precious");
  expect(textOf(query(refused.text, "[role=alert]"))).toContain("Restore it");
});

test("the preview of a stored note is rendered as the note is written", async () => {
  const author = await authorApp();
  const { ctx } = author.app;
  const plain = await publishNote(ctx, { content: "x", contentFormat: "text" }, AUTHOR);
  const html = await publishNote(ctx, { content: "<p>x</p>", contentFormat: "html" }, AUTHOR);
  const preview = async (note: StoredNote | undefined) =>
    (await send(author, "/admin/preview", { content: "*a* <b>c</b>", note_id: String(note?.id ?? 0) }).expect(200))
      .text;

  expect(await preview(undefined)).toMatch(/<em>a<\/em> <b>c<\/b>/u);
  expect(await preview(plain)).toContain("*a* &lt;b&gt;c&lt;/b&gt;");
  expect(await preview(html)).toContain("*a* <b>c</b>");
  const page = await author.app.http.get(`/admin/notes/${plain.id}`).expect(200);
  expect(query(page.text, "#editor-note")?.attributes.value).toBe(String(plain.id));
});

test("an image goes below an HTML note as HTML, and plain text says that it shows none", async () => {
  const author = await authorApp();
  const { ctx, http } = author.app;
  const html = await publishNote(ctx, { content: "<p>x</p>", contentFormat: "html" }, AUTHOR);
  const plain = await publishNote(ctx, { content: "x", contentFormat: "text" }, AUTHOR);
  const upload = async (note: StoredNote) => {
    const page = await http.get(`/admin/notes/${note.id}`).expect(200);
    const form = submit(http, formTo(page.text, `/admin/notes/${note.id}`), { action: "update" });
    return form.attach("image", await picture(4, 3).png().toBuffer(), "x.png");
  };

  const saved = await upload(html);
  const refused = await upload(plain);

  expect(saved.status).toBe(303);
  expect(findNote(ctx.db, html.id)?.content).toMatch(
    /^<p>x<\/p>\n\n<p><img src="\/media\/[^"]+\.png" alt=""><\/p>\n$/u,
  );
  expect(refused.status).toBe(422);
  expect(refused.text).toContain("plain text, which shows no images");
});

test("a save takes as many images as the limit, and one more is refused with nothing saved", async () => {
  const { app } = await authorApp();
  const image = await picture(4, 3).png().toBuffer();
  const upload = async (count: number) => {
    const page = await app.http.get("/admin/notes/new").expect(200);
    const form = submit(app.http, formTo(page.text, "/admin/notes"), { content: "x", action: "save_draft" });
    for (let index = 0; index < count; index += 1) form.attach("image", image, `${index}.png`);
    return form;
  };

  expect((await upload(MAX_FORM_FILES)).status).toBe(303);
  expect((await upload(MAX_FORM_FILES + 1)).status).toBe(413);
  expect(app.ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 1 });
});

test("the list leads on after as many notes as a page has, and searches within the status that is chosen", async () => {
  const { app } = await authorApp();
  await storeNotes(
    app.ctx,
    Array.from({ length: NOTES_PER_PAGE + 1 }, (_, index) => ({ slug: `n${index}`, title: `needle ${index}` })),
  );
  await saveDraft(app.ctx, { content: "needle draft" }, AUTHOR);

  const first = await app.http.get("/admin?status=published").expect(200);
  const next = await app.http.get(query(first.text, "a[rel=next]")?.attributes.href ?? "").expect(200);
  const drafts = await app.http.get("/admin?status=draft&q=needle").expect(200);

  expect(queryAll(first.text, ".row")).toHaveLength(NOTES_PER_PAGE);
  expect(queryAll(next.text, ".row-label").map(textOf)).toEqual(["needle 0"]);
  expect(queryAll(drafts.text, ".row-label").map(textOf)).toEqual(["needle draft"]);
});

test("the editor suggests as many tags as the limit, those that are used most", async () => {
  const { app } = await authorApp();
  const tags = Array.from({ length: MAX_TAG_SUGGESTIONS + 1 }, (_, index) => `t${String(index).padStart(3, "0")}`);
  await storeNotes(
    app.ctx,
    tags.map((name) => ({ slug: name, tags: [{ name, label: name }] })),
  );
  await storeNotes(app.ctx, [{ slug: "more", tags: [{ name: tags.at(-1) ?? "", label: "Most used" }] }]);

  const page = await app.http.get("/admin/notes/new").expect(200);

  const suggested = queryAll(page.text, "#known-tags option").map((option) => option.attributes.value);
  expect(suggested).toHaveLength(MAX_TAG_SUGGESTIONS);
  expect(suggested[0]).toBe("Most used");
});
