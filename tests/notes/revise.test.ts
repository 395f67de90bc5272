import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { findNoteByAlias, listAliases } from "../../src/notes/alias-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { MAX_SAVE_ATTEMPTS, publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { restoreNote, trashNote } from "../../src/notes/trash.ts";
import { NOW, testContext } from "../support/context.ts";
import { storeNote } from "../support/stored-note.ts";

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
  expect(listAliases(ctx.db, note.id)).toEqual(["/notes/first", "/notes/second"]);
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

test("as many saves at once as there may be, that expect no version, all count, each on top of the others", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "x" }, AUTHOR);
  const saves = Array.from({ length: MAX_SAVE_ATTEMPTS }, (_, index) => index);

  await Promise.all(saves.map((index) => reviseNote(ctx, note.id, { aliases: [`/old/${index}`], origin })));
  await Promise.all([
    reviseNote(ctx, note.id, { title: "Title", origin }),
    reviseNote(ctx, note.id, { language: "de", origin }),
    retractNote(ctx, note.id, { origin }),
  ]);

  expect(findNote(ctx.db, note.id)).toMatchObject({
    version: MAX_SAVE_ATTEMPTS + 4,
    title: "Title",
    language: "de",
    status: "draft",
  });
  expect(listAliases(ctx.db, note.id)).toHaveLength(MAX_SAVE_ATTEMPTS);
});

test("a hashtag goes with the text, a tag that was chosen stays", async () => {
  const { ctx } = await testContext();
  const note = await publishNote(ctx, { content: "Look: #sea #blue", tags: ["Blue", "Travel"] }, AUTHOR);

  const revised = await reviseNote(ctx, note.id, { content: "Look: #sky", origin });

  expect(note.tags.map((tag) => tag.label)).toEqual(["Blue", "Travel", "sea"]);
  expect(revised.tags.map((tag) => tag.label)).toEqual(["Blue", "Travel", "sky"]);
  expect(ctx.db.all("SELECT tag FROM note_tags ORDER BY tag")).toEqual(
    ["blue", "sky", "travel"].map((tag) => ({ tag })),
  );
});

test("the offset that a note was published with stays as long as its time does", async () => {
  const { ctx } = await testContext();
  const publishedAt = "2025-05-06T14:08:09.123Z" as Timestamp;
  const note = await publishNote(ctx, { content: "x", publishedAt, publishedOffset: -420 }, AUTHOR);

  const edited = await reviseNote(ctx, note.id, { content: "y", publishedAt, origin });
  const moved = await reviseNote(ctx, note.id, { publishedAt: NOW, origin });

  expect(edited).toMatchObject({ publishedAt, publishedOffset: -420 });
  expect(moved).toMatchObject({ publishedAt: NOW, publishedOffset: undefined });
});

test("a published note stays published when the clock is put back, whatever is done to it", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "x" }, AUTHOR);
  clock.advance(-3600);

  const revised = await reviseNote(ctx, note.id, { content: "y", origin });
  const published = await publishDraft(ctx, note.id, { origin });
  await trashNote(ctx, note.id, AUTHOR);
  const restored = await restoreNote(ctx, note.id, AUTHOR);
  const retracted = await retractNote(ctx, note.id, { origin });

  for (const saved of [revised, published, restored]) {
    expect(saved).toMatchObject({ status: "published", publishedAt: NOW });
  }
  expect(retracted).toMatchObject({ status: "draft", publishedAt: NOW });
});

test("a draft that has a date but never was out says nothing of an update, and leaves no old address", async () => {
  const { ctx, clock } = await testContext();
  const publishedAt = "2020-01-01T00:00:00.000Z" as Timestamp;
  const draft = await saveDraft(ctx, { content: "One", publishedAt }, AUTHOR);
  clock.advance(60);

  await reviseNote(ctx, draft.id, { content: "Two", slug: "chosen", origin });
  const published = await publishDraft(ctx, draft.id, { origin });

  expect(published).toMatchObject({ slug: "chosen", publishedAt, updatedAt: undefined });
  expect(published.firstPublicAt).toBe(addSeconds(NOW, 60));
  expect(listAliases(ctx.db, draft.id)).toEqual([]);
});

test("what was written while a note was retracted is an update once it is out again", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "One" }, AUTHOR);
  await retractNote(ctx, note.id, { origin });
  clock.advance(60);

  await reviseNote(ctx, note.id, { content: "Two", origin });

  expect(await publishDraft(ctx, note.id, { origin })).toMatchObject({
    publishedAt: NOW,
    updatedAt: addSeconds(NOW, 60),
  });
});

test("a slug that somebody chose stays, also where the automatic one would begin like it", async () => {
  const { ctx } = await testContext();
  const draft = await saveDraft(ctx, { content: "Hello", slug: "hello-world" }, AUTHOR);

  const revised = await reviseNote(ctx, draft.id, { content: "Hello again", origin });
  const cleared = await reviseNote(ctx, draft.id, { slug: "", origin });

  expect(revised.slug).toBe("hello-world");
  expect(cleared.slug).toBe("hello-again");
});

test("an address that was asked for stays with a draft when its text changes", async () => {
  const { ctx } = await testContext();
  const draft = await saveDraft(ctx, { content: "Hello" }, AUTHOR);

  const kept = await reviseNote(ctx, draft.id, { content: "Good bye", slug: draft.slug, origin });

  expect(kept.slug).toBe("hello");
});

test("an alias that the note was called by for a while goes on leading to it, also where nobody knew the note yet", async () => {
  const { ctx } = await testContext();
  const draft = await saveDraft(ctx, { content: "x", slug: "other", aliases: ["/notes/old"] }, AUTHOR);

  await reviseNote(ctx, draft.id, { slug: "old", origin });
  await reviseNote(ctx, draft.id, { slug: "new-one", origin });

  expect(findNoteByAlias(ctx.db, "/notes/old")?.id).toBe(draft.id);
});

test("an alias that is another note's address takes nothing from it, neither now nor after renaming", async () => {
  const { ctx } = await testContext();
  const owner = await publishNote(ctx, { content: "x", slug: "mine" }, AUTHOR);
  const other = await publishNote(
    ctx,
    { content: "y", slug: "other", aliases: ["/notes/mine", "/notes/other"] },
    AUTHOR,
  );

  await reviseNote(ctx, owner.id, { slug: "renamed", origin });
  const whileAway = findNoteByAlias(ctx.db, "/notes/mine")?.id;
  const back = await reviseNote(ctx, owner.id, { slug: "mine", origin });

  expect(whileAway).toBe(owner.id);
  expect(back.slug).toBe("mine");
  expect(listAliases(ctx.db, other.id)).toEqual(["/notes/other"]);
});

test("the publication of a scheduled note meanwhile is no conflict with what the author was writing", async () => {
  const { ctx, clock } = await testContext();
  const publishedAt = addSeconds(NOW, 60);
  const note = await publishNote(ctx, { content: "One", publishedAt }, AUTHOR);
  clock.advance(60);
  await publishScheduledNote(ctx, note.id);

  const saved = await reviseNote(ctx, note.id, { content: "Two", expectedVersion: 1, origin });
  const wrong = reviseNote(ctx, note.id, { content: "Three", expectedVersion: 99, origin });

  expect(saved).toMatchObject({ content: "Two", status: "published", publishedAt });
  await expect(wrong).rejects.toMatchObject({ code: "conflict" });
});

test("a time that is taken away is none for a draft, now for a scheduled note, and stays with a published one", async () => {
  const { ctx } = await testContext();
  const publishedAt = "2027-01-01T00:00:00.000Z" as Timestamp;
  const draft = await saveDraft(ctx, { content: "draft", publishedAt }, AUTHOR);
  const scheduled = await publishNote(ctx, { content: "scheduled", publishedAt }, AUTHOR);
  const published = await publishNote(
    ctx,
    { content: "published", publishedAt: "2020-01-01T00:00:00.000Z" as Timestamp },
    AUTHOR,
  );

  const after = await Promise.all(
    [draft, scheduled, published].map(({ id }) => reviseNote(ctx, id, { publishedAt: null, origin })),
  );

  expect(after.map(({ status, publishedAt: at }) => [status, at])).toEqual([
    ["draft", undefined],
    ["published", NOW],
    ["published", "2020-01-01T00:00:00.000Z"],
  ]);
});

test("a date outside of the calendar is refused, and nothing changes", async () => {
  const { ctx } = await testContext();
  const note = await storeNote(ctx);

  const save = reviseNote(ctx, note.id, { publishedAt: "+010000-01-01T00:00:00.000Z" as Timestamp, origin });

  await expect(save).rejects.toMatchObject({ code: "invalid", field: "published_at" });
  expect(findNote(ctx.db, note.id)).toEqual(note);
});
