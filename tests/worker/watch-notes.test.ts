import { expect, test } from "vitest";
import { publishNote } from "../../src/notes/publish.ts";
import { createDigestLook, MAX_RUSH_LOOKS, watchNotes } from "../../src/worker/watch-notes.ts";
import { testContext } from "../support/context.ts";
import { until } from "../support/until.ts";

const AUTHOR = { madeBy: "admin" };

test("a note that was published is queued to be looked at, and a site where nothing happens queues nothing", async () => {
  const { ctx } = await testContext();
  const queued = () => ctx.db.all("SELECT kind, state FROM jobs");
  const watch = watchNotes(ctx, 10);

  await publishNote(ctx, { content: "draft", visibility: "private" }, AUTHOR);
  await publishNote(ctx, { content: "one" }, AUTHOR);
  await until(() => expect(queued()).toEqual([{ kind: "notes.digest", state: "waiting" }]));
  await watch.stop();
});

test("new notes come into the search index though nobody searches", async () => {
  const { ctx } = await testContext();
  const found = () => ctx.db.all("SELECT rowid AS id FROM note_search WHERE note_search MATCH 'harbour'");
  const note = await publishNote(ctx, { content: "harbour" }, AUTHOR);
  const before = found();

  const watch = watchNotes(ctx, 10);
  await until(() => expect(found()).toEqual([{ id: note.id }]));
  await watch.stop();

  expect(before).toEqual([]);
});

test("while notes keep coming, nothing is queued until a moment is quiet, or a minute of looks is over", async () => {
  const { ctx } = await testContext();
  const queued = () => ctx.db.all("SELECT kind FROM jobs").length;
  const look = createDigestLook(ctx);
  await look();

  for (let count = 1; count < MAX_RUSH_LOOKS; count += 1) {
    await publishNote(ctx, { content: `note ${count}` }, AUTHOR);
    await look();
    expect(queued()).toBe(0);
  }
  await publishNote(ctx, { content: "one more" }, AUTHOR);
  await look();

  expect(queued()).toBe(1);
});

test("a look that finds nothing new since the one before queues what waits", async () => {
  const { ctx } = await testContext();
  const look = createDigestLook(ctx);
  await look();
  await publishNote(ctx, { content: "one" }, AUTHOR);

  await look();
  expect(ctx.db.all("SELECT kind FROM jobs")).toEqual([]);
  await look();
  expect(ctx.db.all("SELECT kind FROM jobs")).toEqual([{ kind: "notes.digest" }]);
});
