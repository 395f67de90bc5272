import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listFeedNotes, TEXT_START_CHARACTERS } from "../../src/feeds/feed-notes-store.ts";
import type { NoteLists } from "../../src/feeds/note-list.ts";
import { createNoteLists, MAX_CHANGES_TO_RENEW } from "../../src/feeds/note-list.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { Cursor } from "../../src/notes/cursor.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { openTestContext, testContext } from "../support/context.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNote, storeNotes } from "../support/stored-note.ts";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z` as Timestamp;
const AUTHOR = { madeBy: "test" };
const TAG = { name: "web", label: "Web" };

describe("which notes stand in a list", () => {
  const hidden: [string, StoredNoteInput][] = [
    ["a draft", { status: "draft", publishedAt: undefined }],
    ["a scheduled note", { status: "scheduled" }],
    ["a trashed note", { status: "trashed", restoreStatus: "published" }],
    ["an erased note", { status: "erased" }],
    ["an unlisted note", { visibility: "unlisted" }],
    ["a private note", { visibility: "private" }],
  ];

  test.each(hidden)("not %s", async (_, input) => {
    const { ctx } = await testContext();
    await storeNote(ctx, { ...input, tags: [TAG] });

    const lists = createNoteLists(ctx.db);

    expect(lists.read({ limit: 10 }).notes).toEqual([]);
    expect(lists.read({ tag: TAG.name, limit: 10 }).notes).toEqual([]);
  });

  test("listed ones, newest first, those of one moment by the order in which they came", async () => {
    const { ctx } = await testContext();
    const [a, b, c] = await storeNotes(ctx, [{ publishedAt: at(1) }, { publishedAt: at(2) }, { publishedAt: at(1) }]);

    const { notes } = createNoteLists(ctx.db).read({ limit: 10 });

    expect(notes.map(({ id }) => id)).toEqual([b?.id, c?.id, a?.id]);
  });

  test("those with a tag", async () => {
    const { ctx } = await testContext();
    const [tagged] = await storeNotes(ctx, [{ tags: [TAG] }, { tags: [{ name: "webs", label: "Webs" }] }]);

    const { notes } = createNoteLists(ctx.db).read({ tag: "web", limit: 10 });

    expect(notes.map(({ id }) => id)).toEqual([tagged?.id]);
  });
});

test("a note comes with what feeds show, and with the beginning of its text only", async () => {
  const { ctx } = await testContext();
  const note = await storeNote(ctx, {
    title: "Title",
    contentText: "é".repeat(TEXT_START_CHARACTERS + 1),
    tags: [TAG],
    language: "fr",
    publishedOffset: 60,
    updatedAt: at(9),
  });

  expect(listFeedNotes(ctx.db, { limit: 1 })).toEqual([
    {
      id: note.id,
      uid: note.uid,
      slug: note.slug,
      kind: "note",
      title: "Title",
      contentHtml: note.contentHtml,
      textStart: "é".repeat(TEXT_START_CHARACTERS),
      tags: [TAG],
      language: "fr",
      publishedAt: note.publishedAt,
      publishedOffset: 60,
      updatedAt: at(9),
      properties: {},
      files: [],
    },
  ]);
});

test("pages lead through all notes forth and back, with no gap and no repeat", async () => {
  const seconds = fc.array(fc.record({ second: fc.integer({ min: 0, max: 9 }), isTagged: fc.boolean() }), {
    maxLength: 25,
  });
  const limits = fc.integer({ min: 1, max: 7 });

  await fc.assert(
    fc.asyncProperty(seconds, limits, fc.constantFrom(undefined, TAG.name), async (drawn, limit, tag) => {
      const { ctx, close } = await openTestContext();
      try {
        const inputs = drawn.map(({ second, isTagged }) => ({ publishedAt: at(second), tags: isTagged ? [TAG] : [] }));
        const stored = await storeNotes(ctx, inputs);
        const expected = stored
          .filter((note) => tag === undefined || note.tags.length > 0)
          .sort((a, b) => (b.publishedAt ?? "").localeCompare(a.publishedAt ?? "") || b.id - a.id)
          .map(({ id }) => id);

        const lists = createNoteLists(ctx.db);
        const pages = walk(lists, { tag, limit });

        expect(pages.flatMap(({ ids }) => ids)).toEqual(expected);
        expect(pages.map(({ ids }) => ids.length).slice(0, -1)).toEqual(pages.slice(1).map(() => limit));
        expect(pages.slice(1).map(({ newer }) => newer)).toEqual(pages.slice(0, -1).map(({ before }) => before));
      } finally {
        close();
      }
    }),
    { numRuns: 60 },
  );
});

function walk(lists: NoteLists, page: { tag: string | undefined; limit: number }) {
  const pages: { ids: number[]; before: Cursor | undefined; newer: Cursor | undefined }[] = [];
  let before: Cursor | undefined;
  do {
    const list = lists.read({ ...page, before });
    pages.push({ ids: list.notes.map(({ id }) => id), before, newer: list.newer });
    before = list.older;
  } while (before && pages.length < 100);
  return pages;
}

test("the way back is found from a place whose note is gone, and from past the end", async () => {
  const { ctx } = await testContext();
  const notes = await storeNotes(
    ctx,
    [1, 2, 3, 4, 5, 6].map((second) => ({ publishedAt: at(second) })),
  );
  await trashNote(ctx, notes[2]?.id ?? 0, { madeBy: "test" });
  const lists = createNoteLists(ctx.db);

  const fromGone = lists.read({ before: place(notes[2]), limit: 2 });
  const fromEnd = lists.read({ before: { publishedAt: at(0), id: 1 }, limit: 2 });

  expect(fromGone.newer).toEqual(place(notes[5]));
  expect(lists.read({ before: fromGone.newer, limit: 2 }).notes.map(({ id }) => id)).toEqual([
    notes[4]?.id,
    notes[3]?.id,
  ]);
  expect(fromEnd).toMatchObject({ notes: [], older: undefined, newer: place(notes[3]) });
});

function place(note: { publishedAt: Timestamp | undefined; id: number } | undefined): Cursor {
  return { publishedAt: note?.publishedAt ?? at(0), id: note?.id ?? 0 };
}

describe("a list is kept", () => {
  test("as long as nothing in it changes, and read anew when something did", async () => {
    const { ctx } = await testContext();
    await storeNote(ctx, { tags: [TAG] });
    const lists = createNoteLists(ctx.db);
    const first = lists.read({ limit: 10 });
    const tagged = lists.read({ tag: "web", limit: 10 });

    const again = lists.read({ limit: 10 });
    await storeNote(ctx);

    expect(again).toBe(first);
    expect(lists.read({ limit: 10 }).notes).toHaveLength(2);
    expect(lists.read({ tag: "web", limit: 10 })).toBe(tagged);
  });

  test("note by note: after a publish those that did not change are taken over, and one that did is read anew", async () => {
    const { ctx } = await testContext();
    const stored = await storeNotes(ctx, [{ publishedAt: at(1) }, { publishedAt: at(2) }, { publishedAt: at(3) }]);
    const [old, revised, trashed] = stored.map(({ id }) => id);
    const lists = createNoteLists(ctx.db);
    const before = new Map(lists.read({ limit: 3 }).notes.map((note) => [note.id, note]));

    const now = await publishNote(ctx, { content: "new" }, AUTHOR);
    await reviseNote(ctx, revised ?? 0, { content: "revised", origin: AUTHOR });
    await trashNote(ctx, trashed ?? 0, AUTHOR);
    const { notes, older } = lists.read({ limit: 3 });

    expect(notes).toEqual(listFeedNotes(ctx.db, { limit: 3 }));
    expect(notes.map(({ id }) => id)).toEqual([now.id, revised, old]);
    expect(notes.map((note) => note === before.get(note.id))).toEqual([false, false, true]);
    expect(older).toBeUndefined();
  });

  test.each([
    ["taken over after as many changes as the limit", 0, true],
    ["read anew after one more", 1, false],
  ])("and is %s", async (_, more, isTakenOver) => {
    const { ctx } = await testContext();
    await storeNote(ctx);
    const lists = createNoteLists(ctx.db);
    const [before] = lists.read({ limit: 1 }).notes;

    await ctx.db.write(() => {
      const insert = "INSERT INTO public_changes (key, changed_at) VALUES (:key, '2026-03-01T09:30:00.000Z')";
      for (let count = 1; count < MAX_CHANGES_TO_RENEW + more; count += 1)
        ctx.db.run(insert, { key: `note:9${count}` });
      ctx.db.run(insert, { key: "list" });
    });

    expect(lists.read({ limit: 1 }).notes[0] === before).toBe(isTakenOver);
  });

  test("while there are no more than the limit; the one used longest ago goes first", async () => {
    const { ctx } = await testContext();
    const lists = createNoteLists(ctx.db, { lists: 2, characters: 1_000 });
    const [one, two] = [lists.read({ limit: 1 }), lists.read({ limit: 2 })];

    lists.read({ limit: 1 });
    lists.read({ limit: 3 });

    expect(lists.read({ limit: 1 })).toBe(one);
    expect(lists.read({ limit: 2 })).not.toBe(two);
  });

  test.each([
    [1_000, true],
    [999, false],
  ])("when %i characters may be kept and it has 1,000: %j", async (characters, isKept) => {
    const { ctx } = await testContext();
    await storeNote(ctx, { contentHtml: "x".repeat(990), contentText: "y".repeat(10) });
    const lists = createNoteLists(ctx.db, { lists: 2, characters });

    const [first, second] = [lists.read({ limit: 1 }), lists.read({ limit: 1 })];

    expect(second === first).toBe(isKept);
  });
});
