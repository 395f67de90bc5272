import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { createSecret } from "../../src/lib/secrets.ts";
import type { ChosenAction } from "../../src/notes/bulk-act.ts";
import { BULK_UNDO_SECONDS, MAX_BULK_NOTES, parseBulkOrder } from "../../src/notes/bulk-act.ts";
import { findBulkAct, listBulkNotes } from "../../src/notes/bulk-act-store.ts";
import { changeMany } from "../../src/notes/change-many.ts";
import type { NoteInput } from "../../src/notes/note-input.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { UNDO_BATCH, undoMany } from "../../src/notes/undo-many.ts";
import type { TestContext } from "../support/context.ts";
import { testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };
const LATER = "2026-03-02T09:30:00.000Z" as NonNullable<NoteInput["publishedAt"]>;

/** Notes of every status, by a word for each. */
async function notes(ctx: Context) {
  const make = async (name: string, input: Partial<NoteInput> = {}) =>
    (await publishNote(ctx, { content: `The ${name} note`, tags: ["Sea"], ...input }, AUTHOR)).id;
  const trashed = await make("trashed");
  await trashNote(ctx, trashed, AUTHOR);
  const erased = await make("erased");
  await eraseNote(ctx, erased);
  return {
    public: await make("public"),
    unlisted: await make("unlisted", { visibility: "unlisted" }),
    private: await make("private", { visibility: "private" }),
    hashtag: await make("hashtag", { content: "A walk by the #sea", tags: ["Walks"] }),
    scheduled: await make("scheduled", { publishedAt: LATER }),
    draft: (await saveDraft(ctx, { content: "The draft note" }, AUTHOR)).id,
    trashed,
    erased,
  };
}

/** Does an act to all notes, and says by name what it did with each: what it is now, or why it was left out. */
async function act(ctx: Context, ids: Record<string, number>, action: ChosenAction, tags: string[] = []) {
  const key = createSecret();
  await changeMany(ctx, { key, action, tags, noteIds: Object.values(ids) }, AUTHOR);
  const known = new Map(listBulkNotes(ctx.db, key).map((note) => [note.noteId, note.reason ?? "changed"]));
  const outcome = Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, known.get(id)]));
  return { key, outcome };
}

function states(ctx: Context, ids: Record<string, number>) {
  return Object.values(ids).map((id) => {
    const { version, changedAt, firstPublicAt, rendererVersion, ...rest } = findNote(ctx.db, id) ?? {};
    return rest;
  });
}

test.each<[action: ChosenAction, tags: string[], outcome: Record<string, string>]>([
  [
    "tag",
    ["sea", "Walks"],
    { public: "changed", hashtag: "It had them already.", draft: "changed", trashed: "It is in the trash." },
  ],
  [
    "untag",
    ["SEA"],
    { public: "changed", hashtag: "Its text has the hashtag: take it out there.", draft: "It had none of them." },
  ],
  ["publish", [], { public: "It was out already.", draft: "changed", scheduled: "changed" }],
  [
    "unlist",
    [],
    {
      public: "changed",
      unlisted: "It was unlisted already.",
      private: "It is private: unlisted, others could read it.",
      draft: "changed",
    },
  ],
  ["trash", [], { public: "changed", draft: "changed", trashed: "It was in the trash already." }],
  ["restore", [], { trashed: "changed", public: "It is not in the trash." }],
])(
  "%s %j changes what it can, leaves out the rest with the reason, and is undone as a whole",
  async (action, tags, expected) => {
    const { ctx } = await testContext();
    const ids = await notes(ctx);
    const before = states(ctx, ids);

    const { key, outcome } = await act(ctx, ids, action, tags);
    const after = states(ctx, ids);
    await undoMany(ctx, key, AUTHOR);

    expect(outcome).toMatchObject({ ...expected, erased: "It was erased meanwhile." });
    expect(after).not.toEqual(before);
    expect(states(ctx, ids)).toEqual(before);
  },
);

test("each change and each undoing is a revision, and says of what it was a part", async () => {
  const { ctx } = await testContext();
  const { id } = await saveDraft(ctx, { content: "x" }, AUTHOR);

  const { key } = await act(ctx, { id }, "publish");
  await undoMany(ctx, key, AUTHOR);

  expect(listRevisions(ctx.db, id).map(({ action }) => action)).toEqual(["undo", "publish", "save_draft"]);
  expect(findNote(ctx.db, id)).toMatchObject({ status: "draft", publishedAt: undefined });
});

test("publishing and tagging write what readers are to see anew", async () => {
  const { ctx } = await testContext();
  const { id } = await publishNote(ctx, { content: "x" }, AUTHOR);
  const keys = () => ctx.db.all<{ key: string }>("SELECT key FROM public_changes ORDER BY revision DESC LIMIT 3");

  await act(ctx, { id }, "tag", ["Sea"]);

  expect(keys().map(({ key }) => key)).toEqual(expect.arrayContaining([`note:${id}`, "tag:sea"]));
  expect(findNote(ctx.db, id)?.tags).toEqual([{ name: "sea", label: "Sea" }]);
});

test("a note that was saved since the act stays when it is undone, and says so", async () => {
  const { ctx } = await testContext();
  const [one, other] = [
    await publishNote(ctx, { content: "one" }, AUTHOR),
    await publishNote(ctx, { content: "other" }, AUTHOR),
  ];
  const { key } = await act(ctx, { one: one.id, other: other.id }, "tag", ["Sea"]);

  await reviseNote(ctx, one.id, { content: "one, rewritten", origin: AUTHOR });
  await undoMany(ctx, key, AUTHOR);
  await undoMany(ctx, key, AUTHOR);

  expect(findNote(ctx.db, one.id)).toMatchObject({ content: "one, rewritten", tags: [{ name: "sea" }] });
  expect(findNote(ctx.db, other.id)).toMatchObject({ tags: [], version: 3 });
  expect(listBulkNotes(ctx.db, key)[0]).toMatchObject({ reason: "It was changed since, and stays as it is." });
});

test("a scheduled note that was published comes back to its time, and is out where that has passed", async () => {
  const { ctx, clock } = await testContext();
  const soon = "2026-03-01T09:40:00.000Z" as typeof LATER;
  const [waiting, passed] = [
    await publishNote(ctx, { content: "waits", publishedAt: LATER }, AUTHOR),
    await publishNote(ctx, { content: "passes", publishedAt: soon }, AUTHOR),
  ];
  const { key } = await act(ctx, { waiting: waiting.id, passed: passed.id }, "publish");

  clock.advance(1_800);
  await undoMany(ctx, key, AUTHOR);

  expect(findNote(ctx.db, waiting.id)).toMatchObject({ status: "scheduled", publishedAt: LATER });
  expect(findNote(ctx.db, passed.id)).toMatchObject({ status: "published", publishedAt: soon });
  const jobs = ctx.db.all("SELECT 1 FROM jobs WHERE kind = 'notes.publish_scheduled' AND run_at = :at", { at: LATER });
  expect(jobs).toHaveLength(1);
});

test("the same form sent twice, also at once, does its act once", async () => {
  const { ctx } = await testContext();
  const { id } = await saveDraft(ctx, { content: "x" }, AUTHOR);
  const order = { key: createSecret(), action: "publish", tags: [], noteIds: [id, id] } as const;

  const first = await Promise.all([changeMany(ctx, order, AUTHOR), changeMany(ctx, order, AUTHOR)]);
  await retractNote(ctx, id, { origin: AUTHOR });
  const again = await changeMany(ctx, order, AUTHOR);

  expect([...first.toSorted(), again]).toEqual([false, true, false]);
  expect(findNote(ctx.db, id)).toMatchObject({ status: "draft", version: 3 });
});

test("what is undone while it is under way goes no further", async () => {
  const { ctx } = await testContext();
  const ids: number[] = [];
  for (let made = 0; made < 2 * UNDO_BATCH + 1; made += 1) {
    ids.push((await saveDraft(ctx, { content: `Note ${made}` }, AUTHOR)).id);
  }
  const key = createSecret();

  const doing = changeMany(ctx, { key, action: "publish", tags: [], noteIds: ids }, AUTHOR);
  while (listBulkNotes(ctx.db, key).length < 2) await new Promise(setImmediate);
  await undoMany(ctx, key, AUTHOR);
  await doing;

  expect(ids.map((id) => findNote(ctx.db, id)?.status).filter((status) => status !== "draft")).toEqual([]);
  expect(listBulkNotes(ctx.db, key).at(0)?.reason).toBe("It was undone before the turn of this note came.");
});

test("an act is forgotten after an hour, and with it what notes were; erasing a note forgets it at once", async () => {
  const { ctx, clock } = await testContext();
  const made = await forgettable(ctx);

  await eraseNote(ctx, made.erased);
  const ofErased = listBulkNotes(ctx.db, made.key).map(({ noteId }) => noteId);
  clock.advance(BULK_UNDO_SECONDS + 1);
  const undone = await undoMany(ctx, made.key, AUTHOR).catch((error: { code: string }) => error.code);
  await act(ctx, { kept: made.kept }, "untag", ["Secret"]);

  expect(ofErased).toEqual([made.kept]);
  expect(undone).toBe("gone");
  expect(findBulkAct(ctx.db, made.key, "0" as TestTime)).toBeUndefined();
  expect(ctx.db.all("SELECT 1 FROM bulk_act_notes WHERE act_key = :key", { key: made.key })).toEqual([]);
});

type TestTime = ReturnType<TestContext["ctx"]["clock"]>;

async function forgettable(ctx: Context) {
  const kept = (await publishNote(ctx, { content: "kept" }, AUTHOR)).id;
  const erased = (await publishNote(ctx, { content: "erased" }, AUTHOR)).id;
  return { kept, erased, key: (await act(ctx, { kept, erased }, "tag", ["Secret"])).key };
}

test("at most so many notes are changed at once, and not one more", () => {
  const order = (count: number) =>
    parseBulkOrder({
      key: createSecret(),
      action: "trash",
      tags: [],
      noteIds: Array.from({ length: count }, (_, index) => index + 1),
    });

  expect(order(MAX_BULK_NOTES).noteIds).toHaveLength(MAX_BULK_NOTES);
  expect(() => order(MAX_BULK_NOTES + 1)).toThrow("At most 500 notes are changed at once.");
  expect(() => order(0)).toThrow("No note is ticked.");
});

test.each([
  ["no tag", { tags: [" ", ""] }, "Write the tags that the notes shall get."],
  ["a tag that is too long", { tags: ["x".repeat(200)] }, "A tag is longer than"],
  ["a key that is none", { key: "x" }, "This form has no key."],
])("%s is refused", (_what, changed, sentence) => {
  const order = { key: createSecret(), action: "tag", tags: ["Sea"], noteIds: [1], ...changed } as const;

  expect(() => parseBulkOrder(order)).toThrow(sentence);
});
