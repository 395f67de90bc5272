import { expect, test } from "vitest";
import { changeSite } from "../../src/notes/change-site.ts";
import { movePin } from "../../src/notes/pins.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { MAX_PINNED_NOTES } from "../../src/site/pinned.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { queryAll } from "../support/dom.ts";
import { formTo, submit } from "../support/forms.ts";

const origin = { madeBy: "admin" };

async function siteWithNotes(count: number) {
  const app = await testApp();
  await logInAgent(app);
  for (let number = 1; number <= count; number += 1) {
    app.clock.advance(1_000);
    await publishNote(app.ctx, { title: `N${number}`, content: "x", slug: `n${number}` }, origin);
  }
  return app;
}

const titles = (html: string, selector = "h2 a") => queryAll(html, selector).map(({ attributes }) => attributes.href);

test("pinned notes stand first on home, in the order of their pins, marked and not twice", async () => {
  const { ctx, http } = await siteWithNotes(4);
  await movePin(ctx, 2, "pin");
  await movePin(ctx, 4, "pin");

  const { text } = await http.get("/").expect(200);

  expect(titles(text)).toEqual(["/notes/n2", "/notes/n4", "/notes/n3", "/notes/n1"]);
  expect(titles(text, ".pinned h2 a")).toEqual(["/notes/n2", "/notes/n4"]);
});

test("pins stand on the first page alone, and feeds, lists and tags keep notes in their places", async () => {
  const { ctx, http } = await siteWithNotes(4);
  await changeSite(ctx, { itemsPerPage: 2 });
  await movePin(ctx, 1, "pin");

  const first = await http.get("/").expect(200);
  const older = queryAll(first.text, "link[rel=next]")[0]?.attributes.href ?? "";
  const second = await http.get(older).expect(200);
  const feed = await http.get("/feed.json").expect(200);

  expect(titles(first.text)).toEqual(["/notes/n1", "/notes/n4", "/notes/n3"]);
  expect(titles(second.text)).toEqual(["/notes/n2", "/notes/n1"]);
  expect(feed.body.items.map(({ title }: { title: string }) => title)).toEqual(["N4", "N3", "N2", "N1"]);
});

test("a pin drops home from the cache, and no other page", async () => {
  const { ctx } = await siteWithNotes(2);
  const keys = () => ctx.db.all<{ key: string }>("SELECT key FROM public_changes ORDER BY revision DESC LIMIT 1");
  const revision = () => ctx.db.get<{ at: number }>("SELECT max(revision) AS at FROM public_changes")?.at ?? 0;
  const before = revision();

  await movePin(ctx, 1, "pin");

  expect(keys()).toEqual([{ key: "pins" }]);
  expect(revision()).toBe(before + 1);
});

test("a note is pinned from its editor, and moved and unpinned on a page of its own", async () => {
  const { ctx, http } = await siteWithNotes(3);
  const order = () => readSettings(ctx.db).pinnedNotes.length;
  for (const id of [1, 2, 3]) {
    const form = formTo((await http.get(`/admin/notes/${id}`)).text, `/admin/notes/${id}/pin`);
    await submit(http, form, { move: "pin" });
  }
  const press = async (id: number, move: string) => {
    const form = formTo((await http.get("/admin/pins")).text, `/admin/notes/${id}/pin`);
    await submit(http, { ...form, fields: { csrf_token: form.fields.csrf_token ?? "" } }, { move }).expect(303);
  };

  await press(3, "up");
  await press(1, "down");
  await press(2, "unpin");
  const { text } = await http.get("/");

  expect(order()).toBe(2);
  expect(titles(text, ".pinned h2 a")).toEqual(["/notes/n3", "/notes/n1"]);
});

test("as many notes are pinned as the limit says, and no more; only such as stand in lists", async () => {
  const { ctx } = await siteWithNotes(MAX_PINNED_NOTES + 1);
  const draft = await saveDraft(ctx, { content: "x" }, origin);
  const page = await publishNote(ctx, { kind: "page", title: "About", content: "x" }, origin);
  for (let id = 1; id <= MAX_PINNED_NOTES; id += 1) await movePin(ctx, id, "pin");

  await expect(movePin(ctx, MAX_PINNED_NOTES + 1, "pin")).rejects.toMatchObject({ code: "invalid" });
  await expect(movePin(ctx, draft.id, "pin")).rejects.toMatchObject({ code: "invalid" });
  await expect(movePin(ctx, page.id, "pin")).rejects.toMatchObject({ code: "invalid" });
  await expect(movePin(ctx, 999, "pin")).rejects.toMatchObject({ code: "not_found" });
  expect(readSettings(ctx.db).pinnedNotes).toHaveLength(MAX_PINNED_NOTES);
});

test("a pinned note that goes makes room, and home does not show it", async () => {
  const { ctx, http } = await siteWithNotes(MAX_PINNED_NOTES + 1);
  for (let id = 1; id <= MAX_PINNED_NOTES; id += 1) await movePin(ctx, id, "pin");
  await trashNote(ctx, 1, origin);

  const { text } = await http.get("/").expect(200);
  await movePin(ctx, MAX_PINNED_NOTES + 1, "pin");

  expect(titles(text, ".pinned h2 a")).toHaveLength(MAX_PINNED_NOTES - 1);
  expect(readSettings(ctx.db).pinnedNotes).toHaveLength(MAX_PINNED_NOTES);
});
