import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import { BULK_UNDO_SECONDS, MAX_BULK_NOTES } from "../../src/notes/bulk-act.ts";
import { listBulkNotes } from "../../src/notes/bulk-act-store.ts";
import { changeMany } from "../../src/notes/change-many.ts";
import { EARLIEST_TIME } from "../../src/notes/note-input.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishScheduledNote } from "../../src/notes/publish-scheduled.ts";
import { publishDraft, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { planMany, takeBack } from "../../src/notes/take-back.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { undoMany } from "../../src/notes/undo-many.ts";
import { countWrites } from "../../src/notes/writes-store.ts";
import { testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };
const APP = "https://app.example/";
const BY_APP = { origin: { madeBy: APP } };

/** A site, with the time passing between saves. */
async function site() {
  const { ctx, clock } = await testContext();
  const write = async (slug: string, origin = AUTHOR) => {
    clock.advance(10);
    return (await publishNote(ctx, { content: `The ${slug} note`, slug, tags: ["Sea"] }, origin)).id;
  };
  return { ctx, clock, write };
}

function span(ctx: Context, since: Timestamp = EARLIEST_TIME) {
  return { madeBy: APP, since, until: ctx.clock() };
}

/** Takes back and says what is left alone and why, by note. */
async function undo(ctx: Context, since?: Timestamp) {
  const key = createSecret();
  await takeBack(ctx, { key, ...span(ctx, since) }, AUTHOR);
  return { key, left: listBulkNotes(ctx.db, key).flatMap(({ noteId, reason }) => (reason ? [[noteId, reason]] : [])) };
}

function note(ctx: Context, id: number) {
  const { status, slug, title, content, visibility, tags, properties, contentHtml, publishedAt } =
    findNote(ctx.db, id) ?? {};
  return { status, slug, title, content, visibility, tags, properties, contentHtml, publishedAt };
}

test("what an app made goes into the trash, what it changed is as before, what it deleted is there again", async () => {
  const { ctx, clock, write } = await site();
  const [changed, deleted] = [await write("changed"), await write("deleted")];
  const before = [note(ctx, changed), note(ctx, deleted)];
  const made = await write("made", { madeBy: APP });
  await reviseNote(ctx, changed, {
    ...BY_APP,
    content: "**Bought** cheap pills",
    title: "Pills",
    slug: "pills",
    tags: ["Pills"],
    visibility: "unlisted",
    publishedAt: "2020-01-01T00:00:00.000Z" as Timestamp,
    properties: { category: ["x"] },
  });
  clock.advance(5);
  await trashNote(ctx, deleted, { madeBy: APP });
  clock.advance(5);

  const plan = await planMany(ctx, span(ctx));
  const { left } = await undo(ctx);

  expect(plan.notes).toEqual([
    { noteId: deleted, plan: { result: "restore", version: 1, isPartial: false } },
    { noteId: made, plan: { result: "trash" } },
    { noteId: changed, plan: { result: "revert", version: 1, isPartial: false } },
  ]);
  expect(left).toEqual([]);
  expect(note(ctx, made).status).toBe("trashed");
  expect([note(ctx, changed), note(ctx, deleted)]).toEqual(before);
  expect(listRevisions(ctx.db, changed)).toMatchObject([{ action: "take_back", madeBy: "admin" }, {}, {}]);
});

test("the act can be undone, and done again", async () => {
  const { ctx, write } = await site();
  const [changed, deleted] = [await write("changed"), await write("deleted")];
  const made = await write("made", { madeBy: APP });
  await reviseNote(ctx, changed, { ...BY_APP, content: "Changed by the app", slug: "elsewhere" });
  await trashNote(ctx, deleted, { madeBy: APP });
  const all = [changed, deleted, made];
  const before = all.map((id) => note(ctx, id));

  const { key } = await undo(ctx);
  const taken = all.map((id) => note(ctx, id));
  await undoMany(ctx, key, AUTHOR);
  const undone = all.map((id) => note(ctx, id));
  await undoMany(ctx, key, AUTHOR);
  const { left } = await undo(ctx);

  expect(undone).toEqual(before);
  expect(all.map((id) => note(ctx, id))).toEqual(taken);
  expect(left).toEqual([]);
});

test("what the author wrote on top stays, whole notes and the part below it; it is said", async () => {
  const { ctx, clock, write } = await site();
  const [kept, partly, byOther] = [await write("kept", { madeBy: APP }), await write("partly"), await write("other")];
  await reviseNote(ctx, kept, { origin: AUTHOR, content: "Better" });
  await reviseNote(ctx, partly, { ...BY_APP, content: "First by the app" });
  await reviseNote(ctx, partly, { origin: AUTHOR, content: "Then by the author" });
  await reviseNote(ctx, partly, { ...BY_APP, content: "Then by the app" });
  await reviseNote(ctx, byOther, { ...BY_APP, content: "By the app" });
  await reviseNote(ctx, byOther, { origin: { madeBy: "https://other.example/" }, content: "By another" });
  clock.advance(1);

  const plan = await planMany(ctx, span(ctx));
  const { key, left } = await undo(ctx);

  expect(plan.notes.find(({ noteId }) => noteId === partly)?.plan).toMatchObject({ result: "revert", isPartial: true });
  expect(left).toEqual([
    [kept, "You changed it afterwards. It stays as it is."],
    [byOther, "It was changed by somebody else afterwards. It stays as it is."],
  ]);
  expect([kept, partly, byOther].map((id) => note(ctx, id).content)).toEqual([
    "Better",
    "Then by the author",
    "By another",
  ]);
  await reviseNote(ctx, partly, { origin: AUTHOR, content: "Later still" });
  await undoMany(ctx, key, AUTHOR);
  expect(note(ctx, partly).content).toBe("Later still");
  expect(listBulkNotes(ctx.db, key)).toContainEqual(
    expect.objectContaining({ noteId: partly, reason: "It was changed since, and stays as it is." }),
  );
});

test("only what was saved since the moment is taken back, to the app's own older save", async () => {
  const { ctx, clock, write } = await site();
  const id = await write("one", { madeBy: APP });
  const untouched = await write("two", { madeBy: APP });
  clock.advance(3_600);
  const since = ctx.clock();
  await reviseNote(ctx, id, { ...BY_APP, content: "Since then" });
  clock.advance(10);

  const plan = await planMany(ctx, span(ctx, since));
  await undo(ctx, since);

  expect(plan.notes).toEqual([{ noteId: id, plan: { result: "revert", version: 1, isPartial: false } }]);
  expect([note(ctx, id).content, note(ctx, untouched).status]).toEqual(["The one note", "published"]);
});

test("what the app saved after the author looked stays, and so does what it made then", async () => {
  const { ctx, clock, write } = await site();
  const id = await write("one", { madeBy: APP });
  const looked = span(ctx);
  clock.advance(10);
  await reviseNote(ctx, id, { ...BY_APP, content: "Again" });
  const late = await write("late", { madeBy: APP });

  const key = createSecret();
  await takeBack(ctx, { key, ...looked }, AUTHOR);

  expect(listBulkNotes(ctx.db, key)).toMatchObject([
    { noteId: id, reason: "The app wrote in it after you looked. It stays as it is." },
  ]);
  expect([id, late].map((each) => note(ctx, each).status)).toEqual(["published", "published"]);
});

test("drafts, plans, and the trash are put back as well: each note is where it was", async () => {
  const { ctx, clock, write } = await site();
  const draft = (await saveDraft(ctx, { content: "A draft" }, AUTHOR)).id;
  await publishDraft(ctx, draft, BY_APP);
  const trashed = await write("trashed");
  await trashNote(ctx, trashed, AUTHOR);
  await restoreNote(ctx, trashed, { madeBy: APP });
  const time = addSeconds(ctx.clock(), 60);
  const planned = (await publishNote(ctx, { content: "Planned", publishedAt: time }, AUTHOR)).id;
  await reviseNote(ctx, planned, { ...BY_APP, content: "Replaced" });
  const byApp = (await publishNote(ctx, { content: "Its plan", publishedAt: time }, { madeBy: APP })).id;
  const both = (await publishNote(ctx, { content: "Made and deleted" }, { madeBy: APP })).id;
  await trashNote(ctx, both, { madeBy: APP });
  const erased = await write("erased", { madeBy: APP });
  await eraseNote(ctx, erased);
  clock.advance(60);
  for (const noteId of [planned, byApp]) await publishScheduledNote(ctx, noteId);

  const { key, left } = await undo(ctx);

  expect(note(ctx, draft).status).toBe("draft");
  expect(findNote(ctx.db, trashed)).toMatchObject({ status: "trashed", restoreStatus: "published" });
  expect(note(ctx, planned)).toMatchObject({ status: "published", content: "Planned" });
  expect(note(ctx, byApp).status).toBe("trashed");
  expect(left).toEqual([[both, "The app made it and put it into the trash itself. It stays there."]]);
  await undoMany(ctx, key, AUTHOR);
  expect(note(ctx, draft).status).toBe("published");
  expect(note(ctx, trashed).status).toBe("published");
  expect(note(ctx, planned)).toMatchObject({ status: "published", content: "Replaced" });
});

test("an act on many notes that was undone counts as if it had never been", async () => {
  const { ctx, write } = await site();
  const id = await write("one");
  await reviseNote(ctx, id, { ...BY_APP, content: "By the app" });
  const key = createSecret();
  await changeMany(ctx, { key, action: "trash", tags: [], noteIds: [id] }, AUTHOR);
  await undoMany(ctx, key, AUTHOR);

  const { left } = await undo(ctx);

  expect(left).toEqual([]);
  expect(note(ctx, id).content).toBe("The one note");
});

test("doing it a second time does nothing, by the same key or by another one", async () => {
  const { ctx, write } = await site();
  const id = await write("one", { madeBy: APP });
  const { key } = await undo(ctx);
  const version = findNote(ctx.db, id)?.version;

  const again = await takeBack(ctx, { key, ...span(ctx) }, AUTHOR);
  const { left } = await undo(ctx);

  expect([again, findNote(ctx.db, id)?.version]).toEqual([false, version]);
  expect([left, findNote(ctx.db, id)?.version]).toEqual([[], version]);
  await expect(takeBack(ctx, { key: "x", ...span(ctx) }, AUTHOR)).rejects.toMatchObject({ field: "act_key" });
});

test(`of more than ${MAX_BULK_NOTES} notes those come first that the app wrote in last; doing it again comes to the others`, async () => {
  const { ctx, clock, write } = await site();
  const first = await write("first", { madeBy: APP });
  const ids = Array.from({ length: MAX_BULK_NOTES }, (_, index) => first + 1 + index);
  await ctx.db.write(() => {
    for (const id of ids) copyNote(ctx, first, id);
  });
  clock.advance(60);

  const all = await planMany(ctx, span(ctx));
  await ctx.db.write(() =>
    ctx.db.run("UPDATE note_revisions SET action = 'take_back' WHERE note_id > :first", { first }),
  );
  const rest = await planMany(ctx, span(ctx));

  expect([all.notes.length, all.hasMore]).toEqual([MAX_BULK_NOTES, true]);
  expect(all.notes.some(({ noteId }) => noteId === first)).toBe(false);
  expect(rest).toEqual({ notes: [{ noteId: first, plan: { result: "trash" } }], hasMore: false });
});

test("a note whose language its translations have meanwhile is left alone, with the reason", async () => {
  const { ctx, write } = await site();
  await publishNote(ctx, { content: "Auf Deutsch", slug: "de", language: "de" }, AUTHOR);
  const id = await write("one");
  await reviseNote(ctx, id, { origin: AUTHOR, language: "fr", translationOf: "de" });
  await reviseNote(ctx, id, { ...BY_APP, language: "it" });
  await publishNote(ctx, { content: "En français", language: "fr", translationOf: "de" }, AUTHOR);

  const { left } = await undo(ctx);

  expect(left).toEqual([[id, expect.stringContaining("is this in Français already")]]);
  expect(findNote(ctx.db, id)?.language).toBe("it");
});

test("an undoing that no rule allows any more leaves its note alone, and goes on with the others", async () => {
  const { ctx, write } = await site();
  await publishNote(ctx, { content: "Auf Deutsch", slug: "de", language: "de" }, AUTHOR);
  const [id, other] = [await write("one"), await write("two", { madeBy: APP })];
  await reviseNote(ctx, id, { origin: AUTHOR, language: "it", translationOf: "de" });
  await reviseNote(ctx, id, { ...BY_APP, language: "fr" });
  const { key } = await undo(ctx);
  await publishNote(ctx, { content: "En français", language: "fr", translationOf: "de" }, AUTHOR);

  await undoMany(ctx, key, AUTHOR);

  expect(note(ctx, other).status).toBe("published");
  expect(listBulkNotes(ctx.db, key)[0]).toMatchObject({ noteId: id, reason: expect.stringContaining("is this in") });
});

test("writes are counted by what they did; the scheduler's are nobody's", async () => {
  const { ctx, clock, write } = await site();
  const id = await write("one", { madeBy: APP });
  await reviseNote(ctx, id, { ...BY_APP, content: "Changed" });
  await trashNote(ctx, id, { madeBy: APP });
  await restoreNote(ctx, id, { madeBy: APP });
  await trashNote(ctx, id, AUTHOR);
  const publishedAt = addSeconds(ctx.clock(), 60);
  const planned = await publishNote(ctx, { content: "Planned", publishedAt }, { madeBy: APP });
  clock.advance(BULK_UNDO_SECONDS);
  await publishScheduledNote(ctx, planned.id);

  expect(countWrites(ctx.db, APP)).toMatchObject({ created: 2, changed: 1, deleted: 1, restored: 1 });
  expect(countWrites(ctx.db, "https://other.example/")).toMatchObject({ created: 0, firstAt: undefined });
});

/** The same note once more, written a second later by the same app. */
function copyNote(ctx: Context, of: number, id: number): void {
  const later = addSeconds(ctx.clock(), 1);
  ctx.db.run(
    `INSERT INTO notes (id, uid, anchor, slug, kind, status, visibility, published_at, content, content_format,
                        content_html, content_text, renderer_version, tags, properties, created_at, changed_at, version,
                        made_by)
     SELECT :id, 'u' || :id, 'a', 's' || :id, kind, status, visibility, published_at, content, content_format,
            content_html, content_text, renderer_version, tags, properties, created_at, :later, 1, made_by
       FROM notes WHERE id = :of`,
    { id, of, later },
  );
  ctx.db.run(
    `INSERT INTO note_revisions (note_id, version, saved_at, made_by, action, slug, kind, status, visibility, content,
                                 content_format, tags, published_at, properties)
     SELECT :id, 1, :later, made_by, action, 's' || :id, kind, status, visibility, content, content_format, tags,
            published_at, properties
       FROM note_revisions WHERE note_id = :of`,
    { id, of, later },
  );
}
