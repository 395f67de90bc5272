import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { REVISIONS_PER_PAGE } from "../../src/web/routes/revisions.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent, USER_AGENT } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { formsIn, formTo, submit } from "../support/forms.ts";

const AUTHOR = { madeBy: "admin" };

async function authorApp(): Promise<TestApp> {
  const app = await testApp();
  await logInAgent(app);
  return app;
}

/** A note that was published as "One" and changed to "Two". */
async function twiceSaved(app: TestApp): Promise<StoredNote> {
  const note = await publishNote(app.ctx, { content: "One", title: "A title", tags: ["Sea"] }, AUTHOR);
  return await reviseNote(app.ctx, note.id, { content: "Two", title: "", tags: ["Web"], origin: AUTHOR });
}

test("the revisions of a note say when each was saved, how large it is, what it did and who or what did it", async () => {
  const app = await authorApp();
  const { ctx, clock } = app;
  const at = addSeconds(NOW, 3600);
  const note = await saveDraft(ctx, { content: "One" }, { madeBy: "import" });
  clock.advance(60);
  await reviseNote(ctx, note.id, { content: "Two", origin: { madeBy: "https://app.example/" } });
  const page = await app.http.get(`/admin/notes/${note.id}`);
  const form = formTo(page.text, `/admin/notes/${note.id}`);
  const filled = { content: "Three é", action: "publish", published_at: "2026-03-01T11:30" };
  await submit(app.http, form, filled).set("User-Agent", USER_AGENT).expect(303);
  clock.set(at);
  await publishScheduledNote(ctx, note.id);

  const { text } = await app.http.get(`/admin/notes/${note.id}/revisions`).expect(200);

  expect(queryAll(text, ".row").map(textOf)).toEqual([
    "March 1, 2026 at 11:30 AM Version 4 Published at its time by the scheduler 8 bytes stored now",
    "March 1, 2026 at 10:31 AM Version 3 Scheduled by you, Firefox on Linux 8 bytes",
    "March 1, 2026 at 10:31 AM Version 2 Changed by https://app.example/ 3 bytes",
    "March 1, 2026 at 10:30 AM Version 1 Saved as a draft by an import 3 bytes",
  ]);
});

test("a list longer than a page leads on to older revisions, each once", async () => {
  const app = await authorApp();
  let note = await publishNote(app.ctx, { content: "0" }, AUTHOR);
  for (let index = 1; index <= REVISIONS_PER_PAGE; index += 1) {
    note = await reviseNote(app.ctx, note.id, { content: String(index), origin: AUTHOR });
  }

  const first = await app.http.get(`/admin/notes/${note.id}/revisions`).expect(200);
  const next = query(first.text, "nav [rel=next]")?.attributes.href ?? "";
  const second = await app.http.get(next).expect(200);

  const links = [first, second].map(({ text }) =>
    queryAll(text, ".row-label a").map(({ attributes }) => attributes.href),
  );
  expect(links.map((page) => page.length)).toEqual([REVISIONS_PER_PAGE, 1]);
  expect(new Set(links.flat()).size).toBe(REVISIONS_PER_PAGE + 1);
  expect(query(second.text, "nav [rel=next]")).toBeUndefined();
});

test("a revision shows what it changed of the text, signs besides colours, and of everything else", async () => {
  const app = await authorApp();
  const note = await twiceSaved(app);

  const { text } = await app.http.get(`/admin/notes/${note.id}/revisions/2`).expect(200);

  expect(queryAll(text, ".compared del").map(textOf)).toEqual(["1−One"]);
  expect(queryAll(text, ".compared ins").map(textOf)).toEqual(["1+Two"]);
  expect(queryAll(text, ".changed-facts div").map(textOf)).toEqual([
    "Title− A title",
    "Tags− Sea + Web",
    "Kind− article + note",
  ]);
});

test("the first revision is new as a whole, and one against now shows what became of it", async () => {
  const app = await authorApp();
  const note = await twiceSaved(app);

  const first = await app.http.get(`/admin/notes/${note.id}/revisions/1`).expect(200);
  const now = await app.http.get(`/admin/notes/${note.id}/revisions/1?against=now&view=side`).expect(200);

  expect(queryAll(first.text, ".compared del")).toEqual([]);
  expect(queryAll(first.text, ".compared ins").map(textOf)).toEqual(["1+One"]);
  expect(queryAll(now.text, ".compared-side del").map(textOf)).toEqual(["1−One"]);
  expect(queryAll(now.text, ".compared ins").map(textOf)).toEqual(["1+Two"]);
  expect(query(now.text, ".compared-side")).toBeDefined();
});

test("texts with nothing in common are said to be so, and the whole one stands there", async () => {
  const app = await authorApp();
  const lines = (letter: string) => Array.from({ length: 2_000 }, (_, index) => `${letter}${index}`).join("\n");
  const note = await publishNote(app.ctx, { content: lines("a") }, AUTHOR);
  await reviseNote(app.ctx, note.id, { content: lines("b"), origin: AUTHOR });

  const { text } = await app.http.get(`/admin/notes/${note.id}/revisions/2`).expect(200);

  expect(textOf(query(text, ".compared-remark"))).toContain("too different");
  expect(query(text, ".compared")).toBeUndefined();
  expect(textOf(query(text, "pre.source"))).toContain("b1999");
});

test("restoring brings title, text and tags back as a new save, and leaves address, visibility and history alone", async () => {
  const app = await authorApp();
  const note = await twiceSaved(app);
  await reviseNote(app.ctx, note.id, { slug: "elsewhere", visibility: "private", origin: AUTHOR });
  const page = await app.http.get(`/admin/notes/${note.id}/revisions/1`);

  const form = formTo(page.text, `/admin/notes/${note.id}/revisions/1/restore`);
  const answer = await submit(app.http, form).expect(303);

  expect(answer.headers.location).toBe(`/admin/notes/${note.id}?done=revision-restored`);
  expect(findNote(app.ctx.db, note.id)).toMatchObject({
    content: "One",
    title: "A title",
    kind: "article",
    tags: [{ name: "sea", label: "Sea" }],
    slug: "elsewhere",
    visibility: "private",
    status: "published",
    version: 4,
  });
  expect(listRevisions(app.ctx.db, note.id).map(({ action }) => action)).toEqual([
    "restore_revision",
    "revise",
    "revise",
    "publish",
  ]);
});

test("a draft whose revision is restored stays a draft", async () => {
  const app = await authorApp();
  const note = await saveDraft(app.ctx, { content: "One" }, AUTHOR);
  await reviseNote(app.ctx, note.id, { content: "Two", origin: AUTHOR });
  const page = await app.http.get(`/admin/notes/${note.id}/revisions/1`);

  await submit(app.http, formTo(page.text, `/admin/notes/${note.id}/revisions/1/restore`)).expect(303);

  expect(findNote(app.ctx.db, note.id)).toMatchObject({ content: "One", status: "draft", publishedAt: undefined });
});

test("a note that was saved meanwhile is not overwritten: the answer is 409 and shows what is stored now", async () => {
  const app = await authorApp();
  const note = await twiceSaved(app);
  const page = await app.http.get(`/admin/notes/${note.id}/revisions/1`);
  await reviseNote(app.ctx, note.id, { content: "Three", origin: AUTHOR });

  const form = formTo(page.text, `/admin/notes/${note.id}/revisions/1/restore`);
  const { text } = await submit(app.http, form).expect(409);

  expect(findNote(app.ctx.db, note.id)?.content).toBe("Three");
  expect(textOf(query(text, "[role=alert]"))).toContain("nothing was restored");
  expect(textOf(query(text, ".compared ins"))).toBe("1+Three");
  await submit(app.http, formTo(text, form.action)).expect(303);
  expect(findNote(app.ctx.db, note.id)?.content).toBe("One");
});

test("what is stored now cannot be restored, nor anything of a note in the trash", async () => {
  const app = await authorApp();
  const note = await twiceSaved(app);

  const now = await app.http.get(`/admin/notes/${note.id}/revisions/2`).expect(200);
  await trashNote(app.ctx, note.id, AUTHOR);
  const trashed = await app.http.get(`/admin/notes/${note.id}/revisions/1`).expect(200);

  expect(formsIn(now.text).filter(({ action }) => action.includes("/revisions/"))).toEqual([]);
  expect(formsIn(trashed.text).filter(({ action }) => action.includes("/revisions/"))).toEqual([]);
  expect(textOf(query(trashed.text, "main"))).toContain("in the trash");
});

test.each(["/revisions/9", "/revisions/0", "/revisions/x"])("there is no %s", async (path) => {
  const app = await authorApp();
  const note = await twiceSaved(app);

  const { status } = await app.http.get(`/admin/notes/${note.id}${path}`);

  expect(status).toBe(404);
});

test("a revision that was written before devices were kept says that it was a browser", async () => {
  const app = await authorApp();
  const note = await publishNote(app.ctx, { content: "One", publishedAt: NOW as Timestamp }, AUTHOR);

  const { text } = await app.http.get(`/admin/notes/${note.id}/revisions`).expect(200);

  expect(textOf(query(text, ".row"))).toContain("by you, in a browser");
});
