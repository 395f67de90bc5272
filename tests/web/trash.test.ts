import { expect, test } from "vitest";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { purgeTrash } from "../../src/notes/purge-trash.ts";
import { restoreNote, trashNote } from "../../src/notes/trash.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { query, textOf } from "../support/dom.ts";
import { formsIn, formTo, submit } from "../support/forms.ts";

const AUTHOR = { madeBy: "admin" };

async function trashedNote() {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  const note = await publishNote(app.ctx, { content: "Words", slug: "words" }, AUTHOR);
  const trash = () =>
    app.http.post(`/admin/notes/${note.id}/trash`).type("form").send({ csrf_token: csrfToken }).redirects(1);
  return { app, note, trash };
}

test("the page after trashing says so beside a button that undoes it at once", async () => {
  const { app, note, trash } = await trashedNote();

  const list = await trash();
  const undo = formTo(list.text, `/admin/notes/${note.id}/restore`);
  await submit(app.http, undo).expect(303);

  expect(textOf(query(list.text, ".banner-undo"))).toBe("Moved to the trash. Undo");
  expect(findNote(app.ctx.db, note.id)).toMatchObject({ status: "published", content: "Words" });
  await app.http.get("/notes/words").expect(200);
});

test("no other address offers to undo what is not in the trash", async () => {
  const { app, note } = await trashedNote();

  const pages = await Promise.all(
    [`/admin?done=trashed&note=${note.id}`, "/admin?done=trashed&note=99", "/admin?done=trashed&note=x", "/admin"].map(
      (path) => app.http.get(path),
    ),
  );

  expect(pages.flatMap(({ text }) => formsIn(text)).filter(({ action }) => action.endsWith("/restore"))).toEqual([]);
});

test("the trash says of each note how long it stays there, and no other list does", async () => {
  const { app, note, trash } = await trashedNote();
  const { ctx, clock, http } = app;
  await trash();
  const meta = async () => textOf(query((await http.get("/admin?status=trashed")).text, ".row-meta"));

  const first = await meta();
  for (let day = 0; day < 29; day += 1) {
    await purgeTrash(ctx);
    clock.advance(86_400);
  }
  await purgeTrash(ctx);
  const last = await meta();
  await restoreNote(ctx, note.id, AUTHOR);
  const published = await http.get("/admin");

  expect(first).toContain("Erased for good in 30 days");
  expect(last).toContain("Erased for good in a day");
  expect(published.text).not.toContain("Erased for good");
});

test("an address whose note the trash has lost says that it is gone", async () => {
  const { app, note } = await trashedNote();
  await trashNote(app.ctx, note.id, AUTHOR);

  for (let day = 0; day <= 30; day += 1) {
    await purgeTrash(app.ctx);
    app.clock.advance(86_400);
  }
  const { status, text } = await app.http.get("/notes/words");

  expect(findNote(app.ctx.db, note.id)?.status).toBe("erased");
  expect(status).toBe(410);
  expect(text).not.toContain("Words");
});
