import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { listChangesAfter, siteRevision } from "../../src/notes/public-changes-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import {
  DIGEST_PAUSE_SECONDS,
  DIGEST_RUSH_PAUSE_SECONDS,
  DIGESTED_AT_ONCE,
  digestNotes,
  isAnyDue,
  queueDigests,
} from "../../src/search/digest-notes.ts";
import {
  addNewNotes,
  hasNewNotes,
  listDueDigests,
  listRelatedNotes,
  NEW_NOTES_AT_ONCE,
} from "../../src/search/digest-store.ts";
import { MAX_RELATED } from "../../src/search/find-related.ts";
import { countWords, listRelatingTerms, MAX_RELATING_TERMS } from "../../src/search/related-terms.ts";
import { indexNewNotes } from "../../src/search/search-index.ts";
import { testContext } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import { storeNotes } from "../support/stored-note.ts";

const AUTHOR = { madeBy: "admin" };
const origin = AUTHOR;

/** Runs the job until no note waits; returns how often. */
async function digestAll(ctx: Context): Promise<number> {
  let runs = 0;
  while (isAnyDue(ctx.db)) {
    await digestNotes(ctx);
    runs += 1;
  }
  return runs;
}

const relatedTo = (ctx: Context, id: number) => listRelatedNotes(ctx.db, id).map(({ slug }) => slug);

/** Notes about the sea and about bread, and others about nothing in common. */
async function filledContext(): Promise<Context> {
  const { ctx } = await testContext();
  const texts = [
    ["tides", "Tides in the harbour follow the moon, and the lighthouse keeper writes them down", ["sea"]],
    ["harbour", "The lighthouse keeper watches the harbour and its tides", ["sea"]],
    ["bread", "Sourdough needs patience, flour and warm water", ["kitchen"]],
    ["rolls", "Rolls of sourdough, with flour from the mill", []],
  ] as const;
  for (const [slug, content, tags] of texts) await publishNote(ctx, { content, slug, tags }, AUTHOR);
  for (let index = 0; index < 8; index += 1) {
    await publishNote(ctx, { content: `unique${index} other${index}`, slug: `other${index}` }, AUTHOR);
  }
  return ctx;
}

test("notes that share rare words or tags are related, others are not, and each note has its words counted", async () => {
  const ctx = await filledContext();

  await digestAll(ctx);

  expect([1, 2, 3, 4, 5].map((id) => relatedTo(ctx, id))).toEqual([["harbour"], ["tides"], ["rolls"], ["bread"], []]);
  expect(ctx.db.get("SELECT words FROM note_digests WHERE note_id = 3")).toEqual({ words: 7 });
});

test("nothing is related to or from what is not in lists, from the moment on that it leaves them", async () => {
  const ctx = await filledContext();
  await publishNote(ctx, { content: "lighthouse keeper tides harbour", visibility: "unlisted" }, AUTHOR);
  await publishNote(ctx, { content: "lighthouse keeper tides harbour", visibility: "private" }, AUTHOR);
  await publishNote(ctx, { content: "lighthouse keeper tides harbour", title: "About", kind: "page" }, AUTHOR);
  await digestAll(ctx);
  expect(relatedTo(ctx, 1)).toEqual(["harbour"]);
  expect([13, 14, 15].map((id) => relatedTo(ctx, id))).toEqual([[], [], []]);

  await reviseNote(ctx, 2, { visibility: "private", origin });
  expect(relatedTo(ctx, 1)).toEqual([]);
  await digestAll(ctx);
  expect(relatedTo(ctx, 2)).toEqual([]);
  expect(ctx.db.all("SELECT * FROM note_relations WHERE related_id = 2")).toEqual([]);
});

test.each<[string, (ctx: Context) => Promise<unknown>]>([
  ["trashing", (ctx) => trashNote(ctx, 2, AUTHOR)],
  ["erasing", async (ctx) => [await trashNote(ctx, 2, AUTHOR), await eraseNote(ctx, 2)]],
  ["retracting", (ctx) => retractNote(ctx, 2, { origin })],
  ["another text", (ctx) => reviseNote(ctx, 2, { content: "nothing of that", tags: [], origin })],
])("%s takes a note from the lists of those that it was related to", async (_what, act) => {
  const ctx = await filledContext();
  await digestAll(ctx);

  await act(ctx);
  await digestAll(ctx);

  expect(relatedTo(ctx, 1)).toEqual([]);
  expect(ctx.db.all("SELECT * FROM note_relations WHERE related_id = 2 OR note_id = 2")).toEqual([]);
});

test("a new note comes into the lists of those that it is related to, and only their pages go stale", async () => {
  const ctx = await filledContext();
  await digestAll(ctx);
  const note = await publishNote(ctx, { content: "Flour and sourdough once more", slug: "again" }, AUTHOR);
  const before = siteRevision(ctx.db);

  await digestAll(ctx);

  expect(relatedTo(ctx, 3)).toEqual(expect.arrayContaining(["again", "rolls"]));
  const keys = listChangesAfter(ctx.db, before, 100).map(({ key }) => key);
  expect(keys.sort()).toEqual([`related:${note.id}`, "related:3", "related:4"].sort());
});

test("a note has at most so many related notes, the most related first", async () => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: 4 * (MAX_RELATED + 3) }, (_, index) => ({
      slug: `n${index}`,
      contentText: index < MAX_RELATED + 3 ? `lighthouse keeper${index < 2 ? " foghorn" : ""}` : `word${index}`,
    })),
  );

  await digestAll(ctx);

  expect(relatedTo(ctx, 1)).toHaveLength(MAX_RELATED);
  expect(relatedTo(ctx, 1)[0]).toBe("n1");
});

test("notes in Chinese are related by pairs of characters", async () => {
  const { ctx } = await testContext();
  const texts = ["我今天去了東京塔", "東京塔的夜景", "完全別的事情", "一杯茶", "下雨", "早上好", "晚安", "再見"];
  for (const [index, content] of texts.entries()) await publishNote(ctx, { content, slug: `n${index}` }, AUTHOR);

  await digestAll(ctx);

  expect([relatedTo(ctx, 1), relatedTo(ctx, 3)]).toEqual([["n1"], []]);
});

test("the job takes as many notes as the limit, newest first, and queues itself until none waits, then the counting", async () => {
  const { ctx } = await testContext();
  const at = (index: number) => new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString() as Timestamp;
  await storeNotes(
    ctx,
    Array.from({ length: DIGESTED_AT_ONCE + 1 }, (_, index) => ({ slug: `n${index}`, publishedAt: at(index) })),
  );
  await queueDigests(ctx);
  await queueDigests(ctx);
  const queued = listJobs(ctx.db, "notes.digest", 10);

  await digestNotes(ctx);
  const left = listDueDigests(ctx.db, 10);
  await digestNotes(ctx);

  expect(queued.map(({ state, runAt }) => [state, runAt])).toEqual([["waiting", "2026-03-01T09:30:00.000Z"]]);
  expect(left).toEqual([{ noteId: 1, spreads: true, turn: 1 }]);
  expect(listJobs(ctx.db, "notes.count", 10).map(({ state, runAt }) => [state, runAt])).toEqual([
    ["waiting", "2026-03-01T09:30:00.000Z"],
  ]);
});

test("the next run comes after a second; where somebody publishes during this one, it ends at once and the next is later", async () => {
  const { ctx, clock } = await testContext();
  const content = Array.from({ length: 20 }, (_, index) => `word${index}`).join(" ");
  const notes = Array.from({ length: 2 * DIGESTED_AT_ONCE + 1 }, (_, index) => ({ slug: `n${index}`, content }));
  await storeNotes(ctx, notes);
  const nextRun = () => listJobs(ctx.db, "notes.digest", 10).map(({ runAt }) => runAt);
  const waiting = () => listDueDigests(ctx.db, notes.length).length;

  await digestNotes(ctx);
  expect(nextRun()).toEqual([addSeconds(clock.now(), DIGEST_PAUSE_SECONDS)]);
  expect(waiting()).toBe(DIGESTED_AT_ONCE + 1);

  await ctx.db.write(() => ctx.db.run("DELETE FROM jobs"));
  const digesting = digestNotes(ctx);
  await publishNote(ctx, { content: "one more" }, AUTHOR);
  await digesting;
  expect(nextRun()).toEqual([addSeconds(clock.now(), DIGEST_RUSH_PAUSE_SECONDS)]);
  expect(waiting()).toBeGreaterThan(1);
  expect(waiting()).toBeLessThan(DIGESTED_AT_ONCE + 1);
});

test("a note that changes while it is looked at is looked at again", async () => {
  const ctx = await filledContext();
  await digestAll(ctx);
  await reviseNote(ctx, 1, { content: "one", origin });

  const digesting = digestNotes(ctx);
  await reviseNote(ctx, 1, { content: "one two", origin });
  await digesting;

  expect(listDueDigests(ctx.db, 100).map(({ noteId }) => noteId)).toContain(1);
  await digestAll(ctx);
  expect(ctx.db.get("SELECT words FROM note_digests WHERE note_id = 1")).toEqual({ words: 2 });
});

test("where the search index is damaged, tags alone relate notes", async () => {
  const ctx = await filledContext();
  await indexNewNotes(ctx.db);
  tamper(ctx.db.file, "DELETE FROM note_search_data WHERE id > 10");

  await digestAll(ctx);

  expect([relatedTo(ctx, 1), relatedTo(ctx, 3)]).toEqual([["harbour"], []]);
});

test("notes that have come are put on the list so many at a time, and those outside of lists are not", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{ status: "draft" }, ...Array.from({ length: NEW_NOTES_AT_ONCE - 1 }, () => ({}))]);
  const listNew = () => ctx.db.write(() => addNewNotes(ctx.db));
  const waiting = () => listDueDigests(ctx.db, NEW_NOTES_AT_ONCE * 2).length;

  await listNew();
  const atTheLimit = [waiting(), hasNewNotes(ctx.db)];
  await storeNotes(
    ctx,
    Array.from({ length: NEW_NOTES_AT_ONCE + 1 }, () => ({})),
  );
  await listNew();
  const pastTheLimit = [waiting(), hasNewNotes(ctx.db)];
  await listNew();

  expect(atTheLimit).toEqual([NEW_NOTES_AT_ONCE - 1, false]);
  expect(pastTheLimit).toEqual([2 * NEW_NOTES_AT_ONCE - 1, true]);
  expect([waiting(), hasNewNotes(ctx.db)]).toEqual([2 * NEW_NOTES_AT_ONCE, false]);
});

test("a draft that was passed by is looked at once it is published", async () => {
  const { ctx } = await testContext();
  const [draft] = await storeNotes(ctx, [{ status: "draft", publishedAt: undefined }]);
  await ctx.db.write(() => addNewNotes(ctx.db));

  await publishDraft(ctx, draft?.id ?? 0, { content: "Now", expectedVersion: 1, origin });

  expect(listDueDigests(ctx.db, 10).map(({ noteId, spreads }) => [noteId, spreads])).toEqual([[draft?.id, true]]);
});

test.each([
  ["", 0],
  ["One two, three.", 3],
  ["don't stop e-mail 3.5", 4],
  ["我今天去了 Tokyo", 6],
  ["วันนี้", 3],
  ["!!! — …", 0],
])("%j has its words counted: %i", (text, count) => {
  expect(countWords(text)).toBe(count);
});

test("a note is told by as many words as the limit, those of its title first", () => {
  const contentText = Array.from(
    { length: MAX_RELATING_TERMS + 1 },
    (_, index) => `wordy${"x".repeat(index % 9)}${index}`,
  ).join(" ");

  const terms = listRelatingTerms({ title: "Foghorn", contentText });

  expect(terms).toHaveLength(MAX_RELATING_TERMS);
  expect(terms[0]?.phrase).toBe('"foghorn"');
});
