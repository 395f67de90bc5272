import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { findNote, findNoteBySlug } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };

test("a trashed note comes back as it was", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "x", tags: ["a"] }, AUTHOR);

  clock.advance(5);
  const trashed = await trashNote(ctx, note.id, AUTHOR);
  const restored = await restoreNote(ctx, note.id, AUTHOR);

  expect(trashed).toMatchObject({ status: "trashed", trashedAt: "2026-03-01T09:30:05.000Z" });
  expect(restored).toEqual({ ...note, version: 3, changedAt: restored.changedAt });
});

test("a trashed draft comes back as a draft", async () => {
  const { ctx } = await testContext();
  const draft = await saveDraft(ctx, { content: "x" }, AUTHOR);

  await trashNote(ctx, draft.id, AUTHOR);

  expect((await restoreNote(ctx, draft.id, AUTHOR)).status).toBe("draft");
});

test("a scheduled note whose time passed in the trash is published when it comes back", async () => {
  const { ctx, clock } = await testContext();
  const publishedAt = "2026-03-02T00:00:00.000Z" as Timestamp;
  const note = await publishNote(ctx, { content: "x", publishedAt }, AUTHOR);

  await trashNote(ctx, note.id, AUTHOR);
  clock.set("2026-03-03T00:00:00.000Z" as Timestamp);

  expect((await restoreNote(ctx, note.id, AUTHOR)).status).toBe("published");
});

test("trashing twice and restoring twice does no harm", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x" }, AUTHOR);

  await trashNote(ctx, note.id, AUTHOR);
  const twice = await trashNote(ctx, note.id, AUTHOR);
  await restoreNote(ctx, note.id, AUTHOR);
  const again = await restoreNote(ctx, note.id, AUTHOR);

  expect(twice.version).toBe(2);
  expect(again).toMatchObject({ status: "published", version: 3 });
});

test("erasing leaves the slug and the times, and not a word in any row", async () => {
  const { ctx } = await testContext();
  const secret = "xylophonesecret";
  const note = await publishNote(
    ctx,
    { content: `${secret} one`, title: `${secret} two`, tags: [`${secret}three`], slug: "kept", formKey: "k" },
    AUTHOR,
  );
  await indexNewNotes(ctx.db);
  await reviseNote(ctx, note.id, { content: `${secret} four`, origin: AUTHOR });

  await eraseNote(ctx, note.id);

  expect(findNote(ctx.db, note.id)).toMatchObject({
    status: "erased",
    slug: "kept",
    publishedAt: note.publishedAt,
    content: "",
    contentHtml: "",
    title: undefined,
    tags: [],
  });
  expect(listRevisions(ctx.db, note.id)).toEqual([]);
  expect(ctx.db.all("SELECT * FROM note_submissions")).toEqual([]);
  expect(ctx.db.all("SELECT rowid FROM note_search WHERE note_search MATCH 'xylophonesecret*'")).toEqual([]);
  for (const table of ["notes", "note_revisions", "note_tags", "note_aliases"]) {
    expect(JSON.stringify(ctx.db.all(`SELECT * FROM ${table}`))).not.toContain(secret);
  }
});

test("the slug of an erased note is never given to another, and the erased one is gone for good", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x", slug: "mine" }, AUTHOR);

  await eraseNote(ctx, note.id);
  const other = await publishNote(ctx, { content: "y", slug: "mine" }, AUTHOR);

  expect(other.slug).toBe("mine-2");
  expect(findNoteBySlug(ctx.db, "mine")?.status).toBe("erased");
  await expect(restoreNote(ctx, note.id, AUTHOR)).rejects.toMatchObject({ code: "gone" });
});
