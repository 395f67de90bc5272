import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { createPino } from "../../src/lib/log.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { createPreviewLink, MAX_PREVIEW_LINKS, revokePreviewLinks } from "../../src/notes/preview-links.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishDraft, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { WRONG_SECRET_RATE } from "../../src/web/rate-limit.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { query, queryAll, textOf } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";
import { until } from "../support/until.ts";

const AUTHOR = { madeBy: "admin" };
const DAY = 86_400;

async function draftWithLink(input: Partial<NoteInput> = {}, days = 1) {
  const app = await testApp();
  const note = await saveDraft(app.ctx, { content: "Not out yet", title: "A draft", ...input }, AUTHOR);
  const { secret } = await createPreviewLink(app.ctx, note.id, days);
  return { app, note, path: `/preview/${secret}` };
}

async function statusOf({ http }: TestApp, path: string): Promise<number> {
  return (await http.get(path)).status;
}

test("whoever has the link reads the draft as it is now, without a login, and sees that it is one", async () => {
  const { app, note, path } = await draftWithLink();
  await reviseNote(app.ctx, note.id, { content: "Changed **since**", origin: AUTHOR });

  const { text } = await app.http.get(path).expect(200);

  expect(textOf(query(text, "h1"))).toBe("A draft");
  expect(textOf(query(text, ".prose strong"))).toBe("since");
  expect(textOf(query(text, ".seen-by"))).toContain("This is a draft.");
});

test("the page is for no cache, no search engine and no other site, and has no link to where the note will be", async () => {
  const { path, app, note } = await draftWithLink();

  const { headers, text } = await app.http.get(path).expect(200);

  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
    "referrer-policy": "no-referrer",
  });
  expect(headers.etag).toBeUndefined();
  expect(query(text, "meta[name=robots]")?.attributes.content).toBe("noindex");
  expect(queryAll(text, "link[rel=canonical]")).toEqual([]);
  expect(text).not.toContain(`/notes/${note.slug}`);
});

test.each([
  ["scheduled", { publishedAt: "2027-01-01T00:00:00.000Z" as Timestamp }, "scheduled"],
  ["private", { visibility: "private" as const }, "private"],
])("a %s note is read by its link", async (_, input, word) => {
  const app = await testApp();
  const note = await publishNote(app.ctx, { content: "Words", ...input }, AUTHOR);
  const { secret } = await createPreviewLink(app.ctx, note.id, 7);

  const { text } = await app.http.get(`/preview/${secret}`).expect(200);

  expect(textOf(query(text, ".seen-by"))).toContain(word);
});

test("once the note is out, the link leads to its own address", async () => {
  const { app, note, path } = await draftWithLink();
  const published = await publishDraft(app.ctx, note.id, { origin: AUTHOR });

  const { headers } = await app.http.get(path).expect(303);

  expect(headers.location).toBe(`/notes/${published.slug}`);
  expect(headers["cache-control"]).toBe("no-store");
});

test.each([1, 7, 30])("a link for %i days works until then", async (days) => {
  const { app, path } = await draftWithLink({}, days);

  app.clock.advance(days * DAY - 1);
  const before = await statusOf(app, path);
  app.clock.advance(1);

  expect([before, await statusOf(app, path)]).toEqual([200, 404]);
});

test("a clock that is set back keeps no link alive", async () => {
  const { app, path } = await draftWithLink();

  app.clock.set(addSeconds(NOW, -100 * DAY));
  app.clock.advance(DAY);

  expect(await statusOf(app, path)).toBe(404);
});

test("all links of a note end together, and those of another stay", async () => {
  const { app, note, path } = await draftWithLink();
  const { secret } = await createPreviewLink(app.ctx, note.id, 30);
  const other = await saveDraft(app.ctx, { content: "Another" }, AUTHOR);
  const kept = await createPreviewLink(app.ctx, other.id, 1);

  await revokePreviewLinks(app.ctx, note.id);

  expect(await statusOf(app, path)).toBe(404);
  expect(await statusOf(app, `/preview/${secret}`)).toBe(404);
  expect(await statusOf(app, `/preview/${kept.secret}`)).toBe(200);
});

test("in the trash and erased a note is read by no link, and its link works again when it comes back", async () => {
  const { app, note, path } = await draftWithLink();

  await trashNote(app.ctx, note.id, AUTHOR);
  const trashed = await statusOf(app, path);
  await restoreNote(app.ctx, note.id, AUTHOR);
  const restored = await statusOf(app, path);
  await eraseNote(app.ctx, note.id);

  expect([trashed, restored, await statusOf(app, path)]).toEqual([404, 200, 404]);
  expect(app.ctx.db.all("SELECT * FROM preview_links")).toEqual([]);
});

test("whatever is wrong with a link, the answer says the same and is kept nowhere", async () => {
  const { app, note, path } = await draftWithLink();
  await revokePreviewLinks(app.ctx, note.id);
  const wrong = [path, "/preview/x", `/preview/${"a".repeat(43)}`, "/preview/%00", `/preview/${"x".repeat(4_000)}`];

  const answers = await Promise.all(wrong.map((each) => app.http.get(each)));

  expect(answers.map(({ status }) => status)).toEqual(wrong.map(() => 404));
  expect(new Set(answers.map(({ text }) => textOf(query(text, "main p")))).size).toBe(1);
  expect(new Set(answers.map(({ headers }) => headers["cache-control"]))).toEqual(new Set(["no-store"]));
});

test("after too many wrong links a visitor must wait, but a right one works", async () => {
  const { app, path } = await draftWithLink();

  for (let index = 0; index < WRONG_SECRET_RATE.atOnce; index += 1) await statusOf(app, `/preview/${index}`);

  expect(await statusOf(app, "/preview/wrong")).toBe(429);
  expect(await statusOf(app, path)).toBe(200);
});

test("the database has no secret, and the log only the pattern of the address", async () => {
  const lines: string[] = [];
  const log = createPino("trace", { write: (line) => void lines.push(line) });
  const app = await testApp({ log });
  const note = await saveDraft(app.ctx, { content: "x" }, AUTHOR);
  const { secret } = await createPreviewLink(app.ctx, note.id, 1);

  await app.http.get(`/preview/${secret}`).expect(200);
  await app.http.get(`/preview/${secret}wrong`).expect(404);
  await until(() => expect(lines.join("").match(/\/preview\/:key/gu)?.length).toBe(2));

  expect(JSON.stringify(app.ctx.db.all("SELECT * FROM preview_links"))).not.toContain(secret);
  expect(lines.join("")).not.toContain(secret);
});

async function authorDraft(): Promise<{ app: TestApp; note: StoredNote; page: string }> {
  const app = await testApp();
  await logInAgent(app);
  const note = await saveDraft(app.ctx, { content: "Not out yet" }, AUTHOR);
  return { app, note, page: `/admin/notes/${note.id}/preview-links` };
}

test("the author makes a link, sees it once, and ends all of them by a button", async () => {
  const { app, page } = await authorDraft();
  const { text: empty } = await app.http.get(page).expect(200);

  const made = await submit(app.http, formTo(empty, page), { days: "30" }).expect(200);
  const link = new URL(textOf(query(made.text, ".new-token code")));
  const first = await statusOf(app, link.pathname);
  const again = await app.http.get(page);
  await submit(app.http, formTo(again.text, `${page}/revoke`)).expect(303);

  expect(link.origin).toBe(app.ctx.config.SITE_URL);
  expect([first, await statusOf(app, link.pathname)]).toEqual([200, 404]);
  expect(queryAll(again.text, ".row").map(textOf)).toEqual([
    "Works until March 31, 2026 at 11:30 AM Made March 1, 2026 at 10:30 AM",
  ]);
  expect(again.text).not.toContain(link.pathname);
});

test("other days than are offered, and more links than there may be, are refused with the reason", async () => {
  const { app, note, page } = await authorDraft();
  const { text } = await app.http.get(page);
  const form = formTo(text, page);

  const days = await submit(app.http, form, { days: "365" });
  for (let index = 0; index < MAX_PREVIEW_LINKS; index += 1) await createPreviewLink(app.ctx, note.id, 1);
  const many = await submit(app.http, form);
  app.clock.advance(DAY);
  const later = await submit(app.http, form);

  expect([days.status, many.status, later.status]).toEqual([422, 422, 200]);
  expect(textOf(query(many.text, "[role=alert]"))).toContain(`at most ${MAX_PREVIEW_LINKS} links`);
});

test("a note in the trash gets no link", async () => {
  const { app, note, page } = await authorDraft();
  await trashNote(app.ctx, note.id, AUTHOR);
  const { text } = await app.http.get(page);

  const answer = await submit(app.http, formTo(text, page));

  expect(answer.status).toBe(410);
  expect(textOf(query(answer.text, "[role=alert]"))).toContain("Restore it before you share it.");
});
