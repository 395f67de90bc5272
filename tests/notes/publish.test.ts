import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { MAX_CONTENT_BYTES } from "../../src/lib/markdown.ts";
import { MAX_FORM_KEY_LENGTH } from "../../src/notes/note-input.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { NOW, testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };

test("a published note is stored with its HTML, text, tags and time, and has one revision", async () => {
  const { ctx } = await testContext();

  const note = await publishNote(ctx, { content: "Hello *wide* #world", tags: ["Web Dev"] }, AUTHOR);

  expect(findNote(ctx.db, note.id)).toEqual(note);
  expect(note).toMatchObject({
    status: "published",
    visibility: "public",
    title: undefined,
    slug: "hello-wide-world",
    publishedAt: NOW,
    updatedAt: undefined,
    version: 1,
    tags: [
      { name: "web-dev", label: "Web Dev" },
      { name: "world", label: "world" },
    ],
  });
  expect(note.contentHtml).toContain("<em>wide</em>");
  expect(listRevisions(ctx.db, note.id)).toMatchObject([{ version: 1, action: "publish", madeBy: "admin" }]);
});

test("two notes with the same words get different slugs, the same for ten at once", async () => {
  const { ctx } = await testContext();

  const notes = await Promise.all(
    Array.from({ length: 10 }, () => publishNote(ctx, { content: "Same words" }, AUTHOR)),
  );

  expect(notes.map((note) => note.slug).sort()).toEqual(
    ["same-words", ...[10, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => `same-words-${number}`)].sort(),
  );
});

test("a note without words is called by its time in the author's zone", async () => {
  const { ctx } = await testContext();
  await changeSettings(ctx, { timeZone: "America/Los_Angeles" });

  const note = await publishNote(ctx, { content: "🎉" }, AUTHOR);

  expect(note.slug).toBe("2026-03-01-013000");
});

test("a note with a time to come waits, and is published by its job when the time has come", async () => {
  const { ctx, clock } = await testContext();
  const publishedAt = "2026-03-02T08:00:00.000Z" as Timestamp;

  const note = await publishNote(ctx, { content: "Later", publishedAt }, AUTHOR);
  await publishScheduledNote(ctx, note.id);
  const before = findNote(ctx.db, note.id)?.status;
  clock.set(publishedAt);
  await publishScheduledNote(ctx, note.id);

  expect(before).toBe("scheduled");
  expect(findNote(ctx.db, note.id)).toMatchObject({ status: "published", publishedAt, version: 2 });
  expect(ctx.db.get("SELECT kind, run_at FROM jobs")).toEqual({ kind: "notes.publish_scheduled", run_at: publishedAt });
});

test("a note whose time is this very moment is published", async () => {
  const { ctx } = await testContext();

  expect((await publishNote(ctx, { content: "Now", publishedAt: NOW }, AUTHOR)).status).toBe("published");
});

test("the same form with the same content makes one note, and with other content none", async () => {
  const { ctx } = await testContext();
  const formKey = "k".repeat(43);

  const first = await publishNote(ctx, { content: "Once", formKey }, AUTHOR);
  const again = await publishNote(ctx, { content: "Once", formKey }, AUTHOR);

  expect(again.id).toBe(first.id);
  await expect(publishNote(ctx, { content: "Twice", formKey }, AUTHOR)).rejects.toMatchObject({ code: "conflict" });
  await expect(saveDraft(ctx, { content: "Once", formKey }, AUTHOR)).rejects.toMatchObject({ code: "conflict" });
  expect(ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 1 });
});

test("the same form sent twenty times at once makes one note", async () => {
  const { ctx } = await testContext();
  const input = { content: "Impatient", formKey: "key" };

  const notes = await Promise.all(Array.from({ length: 20 }, () => publishNote(ctx, input, AUTHOR)));

  expect(new Set(notes.map((note) => note.id)).size).toBe(1);
});

test("a draft has no time of publication and changes nothing that readers see", async () => {
  const { ctx } = await testContext();

  const draft = await saveDraft(ctx, { content: "Not yet" }, AUTHOR);

  expect(draft).toMatchObject({ status: "draft", publishedAt: undefined });
  expect(ctx.db.all("SELECT key FROM public_changes")).toEqual([]);
});

test("text of the largest size is taken, one byte more is refused and leaves nothing", async () => {
  const { ctx } = await testContext();
  const line = `${"a ".repeat(49)}a\n`;
  const largest = line.repeat(MAX_CONTENT_BYTES / line.length).padEnd(MAX_CONTENT_BYTES, "b");

  const note = await publishNote(ctx, { content: largest }, AUTHOR);

  expect(note.content).toHaveLength(MAX_CONTENT_BYTES);
  await expect(publishNote(ctx, { content: `${largest}b` }, AUTHOR)).rejects.toMatchObject({
    code: "invalid",
    field: "content",
  });
  expect(ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 1 });
});

test.each(["", "  \n ", "\u0000\u0007"])("the empty text %j is refused with what to do", async (content) => {
  const { ctx } = await testContext();

  await expect(publishNote(ctx, { content }, AUTHOR)).rejects.toMatchObject({ code: "invalid", field: "content" });
  expect(ctx.db.get("SELECT count(*) AS count FROM notes")).toEqual({ count: 0 });
});

test("control characters and lone surrogates never get into the database", async () => {
  const { ctx } = await testContext();

  const note = await publishNote(
    ctx,
    { content: "a\u0000b\ud800c", title: "t\u0007\udfffx", tags: ["g\u0001h"] },
    AUTHOR,
  );

  expect(note).toMatchObject({ content: "abc", title: "tx", tags: [{ name: "gh", label: "gh" }] });
});

test("an image elsewhere is shown as a link, and a job to copy it stands in the same transaction", async () => {
  const { ctx } = await testContext();

  const note = await publishNote(ctx, { content: "![A cat](https://cats.example/cat.jpg)" }, AUTHOR);

  expect(note.contentHtml).toContain('<a href="https://cats.example/cat.jpg"');
  expect(note.contentHtml).toContain("A cat");
  expect(note.contentHtml).not.toContain("<img");
  expect(ctx.db.all("SELECT kind, payload FROM jobs")).toEqual([
    { kind: "media.copy_remote_image", payload: '{"url":"https://cats.example/cat.jpg"}' },
  ]);
});

test("with images loaded from where they are, the note shows them and nothing is copied", async () => {
  const { ctx } = await testContext();
  await changeSettings(ctx, { remoteImages: "load" });

  const note = await publishNote(ctx, { content: "![A cat](https://cats.example/cat.jpg)" }, AUTHOR);

  expect(note.contentHtml).toContain('src="https://cats.example/cat.jpg"');
  expect(ctx.db.all("SELECT kind FROM jobs")).toEqual([]);
});

test("the key of a form may be as long as the limit and no longer", async () => {
  const { ctx } = await testContext();
  const longest = "k".repeat(MAX_FORM_KEY_LENGTH);

  await publishNote(ctx, { content: "x", formKey: longest }, AUTHOR);

  await expect(publishNote(ctx, { content: "x", formKey: `${longest}k` }, AUTHOR)).rejects.toMatchObject({
    code: "invalid",
  });
});

test.each([
  ["a public note", {}, NOW],
  ["an unlisted note", { visibility: "unlisted" as const }, NOW],
  ["a private note", { visibility: "private" as const }, undefined],
  ["a scheduled note", { publishedAt: "2027-01-01T00:00:00.000Z" as Timestamp }, undefined],
])("when %s could first be read by others is written down", async (_, input, expected) => {
  const { ctx } = await testContext();

  expect((await publishNote(ctx, { content: "x", ...input }, AUTHOR)).firstPublicAt).toBe(expected);
});
