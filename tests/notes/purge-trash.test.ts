import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { PURGE_BATCH, PURGE_TRASH, purgeTrash, TRASH_DAYS, trashDaysLeft } from "../../src/notes/purge-trash.ts";
import { listRevisions } from "../../src/notes/revision-store.ts";
import { restoreNote, trashNote } from "../../src/notes/trash.ts";
import { findTrashDays } from "../../src/notes/trash-store.ts";
import type { TestContext } from "../support/context.ts";
import { NOW, testContext } from "../support/context.ts";

const AUTHOR = { madeBy: "admin" };
const DAY = 86_400;

async function trashed({ ctx }: TestContext): Promise<number> {
  const note = await publishNote(ctx, { content: "Words", slug: "words" }, AUTHOR);
  return (await trashNote(ctx, note.id, AUTHOR)).id;
}

/** Lets days pass, with looks at the trash as the job takes them: so many a day. */
async function passDays({ ctx, clock }: TestContext, days: number, looks = 2): Promise<void> {
  for (let look = 0; look < days * looks; look += 1) {
    clock.advance(DAY / looks);
    await purgeTrash(ctx);
  }
}

test("a note in the trash is erased after 30 days, and not a day before: its slug and times stay, its text goes", async () => {
  const context = await testContext();
  const { ctx } = context;
  const id = await trashed(context);

  await passDays(context, TRASH_DAYS - 1);
  const before = findNote(ctx.db, id);
  await passDays(context, 2);
  const after = findNote(ctx.db, id);

  expect(before).toMatchObject({ status: "trashed", content: "Words" });
  expect(after).toMatchObject({ status: "erased", content: "", slug: "words", trashedAt: NOW, publishedAt: NOW });
  expect(listRevisions(ctx.db, id)).toEqual([]);
  expect(findTrashDays(ctx.db, [id]).size).toBe(0);
});

test("a clock that jumps ahead by years erases nothing, however often the trash is looked at on that day", async () => {
  const context = await testContext();
  const id = await trashed(context);

  context.clock.set("2031-01-01T00:30:00.000Z" as Timestamp);
  for (let look = 0; look < 2 * TRASH_DAYS; look += 1) await purgeTrash(context.ctx);
  context.clock.set(NOW);
  await passDays(context, TRASH_DAYS - 2);

  expect(findNote(context.ctx.db, id)?.status).toBe("trashed");
});

test("a note that was trashed while the clock was decades behind stays for 30 days from when it was set right", async () => {
  const context = await testContext();
  context.clock.set("1970-01-01T00:00:10.000Z" as Timestamp);
  const id = await trashed(context);

  context.clock.set(NOW);
  await passDays(context, TRASH_DAYS - 1);
  const before = findNote(context.ctx.db, id)?.status;
  await passDays(context, 1);

  expect([before, findNote(context.ctx.db, id)?.status]).toEqual(["trashed", "erased"]);
});

test("a clock that is set back keeps a note for longer", async () => {
  const context = await testContext();
  const id = await trashed(context);

  await passDays(context, TRASH_DAYS - 1);
  context.clock.set(addSeconds(NOW, -10 * DAY));
  await passDays(context, TRASH_DAYS);

  expect(findNote(context.ctx.db, id)?.status).toBe("trashed");
});

test("who restores a note and trashes it again has 30 days again", async () => {
  const context = await testContext();
  const id = await trashed(context);
  await passDays(context, TRASH_DAYS - 1);

  await restoreNote(context.ctx, id, AUTHOR);
  await passDays(context, 5);
  await trashNote(context.ctx, id, AUTHOR);
  await passDays(context, TRASH_DAYS - 1);

  expect(findNote(context.ctx.db, id)?.status).toBe("trashed");
});

test("of more notes than one look finds at once, all are erased that are due, and no other", async () => {
  const context = await testContext();
  const { ctx } = context;
  const ids: number[] = [];
  for (let index = 0; index <= PURGE_BATCH; index += 1) ids.push((await saveDraft(ctx, { content: "x" }, AUTHOR)).id);
  const kept = (await saveDraft(ctx, { content: "kept" }, AUTHOR)).id;
  for (const id of ids) await trashNote(ctx, id, AUTHOR);

  await passDays(context, TRASH_DAYS + 1, 1);

  expect(new Set(ids.map((id) => findNote(ctx.db, id)?.status))).toEqual(new Set(["erased"]));
  expect(findNote(ctx.db, kept)?.status).toBe("draft");
});

test.each([
  { passed: 0, seen: 0, left: 30 },
  { passed: 0.5 * DAY, seen: 1, left: 30 },
  { passed: DAY, seen: 2, left: 29 },
  { passed: 29.5 * DAY, seen: 30, left: 1 },
  { passed: 30 * DAY, seen: 31, left: 0 },
  { passed: 400 * DAY, seen: 2, left: 29 },
  { passed: -DAY, seen: 0, left: 31 },
])("$passed seconds after it was trashed, seen on $seen days, a note has $left days left", ({ passed, seen, left }) => {
  expect(trashDaysLeft({ trashedAt: NOW }, seen, addSeconds(NOW, passed))).toBe(left);
});

test("the trash is looked at on the hour", () => {
  expect(PURGE_TRASH.nextRunAt(NOW)).toBe("2026-03-01T10:00:00.000Z");
});
