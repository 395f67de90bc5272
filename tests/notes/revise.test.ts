import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { findNoteByAlias, listAliases } from "../../src/notes/alias-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { NOW, testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };
const origin = AUTHOR;

test("a revised note has the new text, the time of the change, and keeps every version", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "One", title: "Title" }, AUTHOR);
  clock.advance(60);

  const revised = await reviseNote(ctx, note.id, { content: "Two", origin });

  expect(revised).toMatchObject({ content: "Two", title: "Title", slug: "title", version: 2, publishedAt: NOW });
  expect(revised.updatedAt).toBe(addSeconds(NOW, 60));
  expect(findNote(ctx.db, note.id)).toEqual(revised);
  expect(listRevisions(ctx.db, note.id).map((revision) => revision.content)).toEqual(["Two", "One"]);
});

test("a save that readers cannot see leaves the time of the last update alone", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "One" }, AUTHOR);
  clock.advance(60);

  const revised = await reviseNote(ctx, note.id, { slug: "other", origin });

  expect(revised.updatedAt).toBeUndefined();
});

test("a new slug leaves the old address leading to the note, for ever and through several renames", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x", slug: "first" }, AUTHOR);

  await reviseNote(ctx, note.id, { slug: "second", origin });
  await reviseNote(ctx, note.id, { slug: "third", origin });

  expect(listAliases(ctx.db, note.id)).toEqual(["/notes/first", "/notes/second"]);
  expect(findNoteByAlias(ctx.db, "/notes/first")?.slug).toBe("third");
});

test("no other note gets an old slug, and the note itself can have it back", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x", slug: "first" }, AUTHOR);
  await reviseNote(ctx, note.id, { slug: "second", origin });

  const other = await publishNote(ctx, { content: "y", slug: "first" }, AUTHOR);
  const back = await reviseNote(ctx, note.id, { slug: "first", origin });

  expect(other.slug).toBe("first-2");
  expect(back.slug).toBe("first");
  expect(listAliases(ctx.db, note.id)).toEqual(["/notes/second"]);
});

test("a draft's slug follows its text until readers know it, and leaves no old address", async () => {
  const { ctx } = await testContext();
  const draft = await saveDraft(ctx, { content: "He" }, AUTHOR);

  const more = await reviseNote(ctx, draft.id, { content: "Hello world", origin });
  const published = await publishDraft(ctx, draft.id, { origin });
  const revised = await reviseNote(ctx, draft.id, { content: "Something else", origin });

  expect([draft.slug, more.slug, published.slug, revised.slug]).toEqual([
    "he",
    "hello-world",
    "hello-world",
    "hello-world",
  ]);
  expect(listAliases(ctx.db, draft.id)).toEqual([]);
});

test("saving over a version that was not the one before the eyes is refused, and nothing changes", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "One" }, AUTHOR);
  await reviseNote(ctx, note.id, { content: "Two", origin });

  const late = reviseNote(ctx, note.id, { content: "Three", expectedVersion: 1, origin });

  await expect(late).rejects.toMatchObject({ code: "conflict" });
  expect(findNote(ctx.db, note.id)).toMatchObject({ content: "Two", version: 2 });
});

test("a retracted note is a draft again and can be published with its old time", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "x" }, AUTHOR);
  clock.advance(3600);

  const retracted = await retractNote(ctx, note.id, { origin });
  const again = await publishDraft(ctx, note.id, { origin });

  expect(retracted.status).toBe("draft");
  expect(again).toMatchObject({ status: "published", publishedAt: NOW });
});

test("a time moved over now turns a published note into a scheduled one and back", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x" }, AUTHOR);

  const later = await reviseNote(ctx, note.id, { publishedAt: "2027-01-01T00:00:00.000Z" as Timestamp, origin });
  const earlier = await reviseNote(ctx, note.id, { publishedAt: "2020-01-01T00:00:00.000Z" as Timestamp, origin });

  expect(later.status).toBe("scheduled");
  expect(earlier).toMatchObject({ status: "published", publishedAt: "2020-01-01T00:00:00.000Z" });
});

test("publishing a scheduled note by hand publishes it now", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x", publishedAt: "2027-01-01T00:00:00.000Z" as Timestamp }, AUTHOR);

  expect(await publishDraft(ctx, note.id, { origin })).toMatchObject({ status: "published", publishedAt: NOW });
});

test("an empty title takes the title away, and none is made up", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "Some text", title: "Title" }, AUTHOR);

  const revised = await reviseNote(ctx, note.id, { title: "", origin });

  expect(revised).toMatchObject({ title: undefined, kind: "note", slug: "title" });
});

test("a note in the trash is not revised", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x" }, AUTHOR);
  await trashNote(ctx, note.id, AUTHOR);

  await expect(reviseNote(ctx, note.id, { content: "y", origin })).rejects.toMatchObject({ code: "gone" });
});

test("a note that does not exist is not found", async () => {
  const { ctx } = await testContext();

  await expect(reviseNote(ctx, 99, { content: "y", origin })).rejects.toMatchObject({ code: "not_found" });
});
