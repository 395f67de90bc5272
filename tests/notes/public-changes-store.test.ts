import { describe, expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { changeKeys, newestChange, newestPageChange, siteRevision } from "../../src/notes/public-changes-store.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { NOW, testContext } from "../support/context.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNote } from "../support/stored-note.ts";

const TAG = { name: "web", label: "Web" };

test("nothing has changed before anything was public", async () => {
  const { ctx } = await testContext();
  await storeNote(ctx, { status: "draft", publishedAt: undefined });

  expect(siteRevision(ctx.db)).toBe(0);
  expect(newestChange(ctx.db, [changeKeys.list, changeKeys.site])).toEqual({ revision: 0, changedAt: undefined });
});

describe("a note that", () => {
  test.each<[string, StoredNoteInput, string[]]>([
    ["is listed changes its page, the lists and its tags", {}, ["note", "list", "tag"]],
    ["is unlisted changes its page alone", { visibility: "unlisted" }, ["note"]],
    ["is private changes nothing", { visibility: "private" }, []],
    ["is a draft changes nothing", { status: "draft" }, []],
    ["is scheduled changes nothing", { status: "scheduled" }, []],
  ])("%s", async (_, input, changed) => {
    const { ctx } = await testContext();
    const note = await storeNote(ctx, { ...input, tags: [TAG] });

    const keys = {
      note: changeKeys.note(note),
      list: changeKeys.list,
      tag: changeKeys.tag(TAG),
      site: changeKeys.site,
    };
    const found = Object.entries(keys).filter(([, key]) => newestChange(ctx.db, [key]).revision > 0);

    expect(found.map(([name]) => name)).toEqual(changed);
  });
});

test("the newest change of several keys is the newest of them all", async () => {
  const { ctx, clock } = await testContext();
  await storeNote(ctx, { tags: [TAG] });
  const tagged = newestChange(ctx.db, [changeKeys.tag(TAG), changeKeys.site]);
  clock.advance(60);
  await changeSettings(ctx, { siteTitle: "Another" });

  const changed = newestChange(ctx.db, [changeKeys.tag(TAG), changeKeys.site]);

  expect(tagged.changedAt).toBe(NOW);
  expect(changed).toEqual({ revision: siteRevision(ctx.db), changedAt: "2026-03-01T09:31:00.000Z" });
  expect(changed.revision).toBeGreaterThan(tagged.revision);
});

test("a page is told of a link that changed, since the lists change in the same moment", async () => {
  const { ctx, clock } = await testContext();
  const note = await storeNote(ctx, { title: "One" });
  const times = [newestPageChange(ctx.db, [changeKeys.link(note)]).changedAt];
  const changes = [
    () => ctx.db.run("UPDATE notes SET title = 'Two', changed_at = :now", { now: ctx.clock() }),
    () => ctx.db.run("UPDATE notes SET kind = 'page', changed_at = :now", { now: ctx.clock() }),
    () => ctx.db.run("UPDATE notes SET kind = 'note', changed_at = :now", { now: ctx.clock() }),
    () => ctx.db.run("UPDATE notes SET visibility = 'unlisted', changed_at = :now", { now: ctx.clock() }),
  ];

  for (const change of changes) {
    clock.advance(60);
    await ctx.db.write(change);
    times.push(newestPageChange(ctx.db, [changeKeys.link(note)]).changedAt);
    expect(times.at(-1)).toBe(newestChange(ctx.db, [changeKeys.link(note)]).changedAt);
  }

  expect(new Set(times).size).toBe(5);
});

test("what only one page shows moves the time of that page alone", async () => {
  const { ctx, clock } = await testContext();
  const note = await storeNote(ctx);
  clock.advance(60);
  const hidden = await storeNote(ctx, { visibility: "unlisted", changedAt: ctx.clock() });

  expect(newestPageChange(ctx.db, [changeKeys.note(note), changeKeys.site]).changedAt).toBe(NOW);
  expect(newestPageChange(ctx.db, [changeKeys.note(hidden)]).changedAt).toBe("2026-03-01T09:31:00.000Z");
});

test("a note that leaves counts as much as one that comes", async () => {
  const { ctx } = await testContext();
  const note = await storeNote(ctx, { tags: [TAG] });
  const before = newestChange(ctx.db, [changeKeys.tag(TAG)]).revision;

  await trashNote(ctx, note.id, { madeBy: "test" });

  expect(newestChange(ctx.db, [changeKeys.tag(TAG)]).revision).toBeGreaterThan(before);
});

test("revisions never come again and times never go back", async () => {
  const { ctx, clock } = await testContext();
  await storeNote(ctx);
  const first = newestChange(ctx.db, [changeKeys.list]);
  clock.set("2001-01-01T00:00:00.000Z" as Timestamp);

  await storeNote(ctx);

  const second = newestChange(ctx.db, [changeKeys.list]);
  expect(second.revision).toBeGreaterThan(first.revision);
  expect(second.changedAt).toBe(first.changedAt);
});
