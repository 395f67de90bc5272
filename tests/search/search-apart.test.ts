import { expect, onTestFinished, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { findHits } from "../../src/search/find-hits.ts";
import type { HitRequest } from "../../src/search/hit-page.ts";
import { searchListedNotes, toWritten, toWrittenSearch } from "../../src/search/search.ts";
import { endSearchProcess, findHitsApart, MAX_SEARCHES_WAITING } from "../../src/search/search-apart.ts";
import { findListedNotes, findWrittenNotes, SMALL_SITE_NOTES } from "../../src/search/search-aside.ts";
import { indexNewNotes, readIndexState } from "../../src/search/search-index.ts";
import { testContext } from "../support/context.ts";
import { tamper } from "../support/database-files.ts";
import { storeNotes } from "../support/stored-note.ts";

const HITS = 45;

/** A site whose newest note has the highest number that a large one begins with. */
async function largeSite(): Promise<Context> {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{ slug: "first", contentText: "nothing", status: "draft" }]);
  await ctx.db.write(() => ctx.db.run("UPDATE notes SET id = :id", { id: SMALL_SITE_NOTES }));
  await storeNotes(
    ctx,
    Array.from({ length: HITS }, (_, index) => ({
      slug: `n${index}`,
      contentText: `harbour ${index % 2 === 0 ? "quiet" : "loud"} sea`,
      publishedAt: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString() as Timestamp,
      kind: index % 3 === 0 ? ("photo" as const) : ("note" as const),
    })),
  );
  await indexNewNotes(ctx.db);
  onTestFinished(() => endSearchProcess(ctx.db));
  return ctx;
}

const SEARCHES: [string, HitRequest][] = [
  ["harbour", {}],
  ["harb", {}],
  ['"quiet sea"', {}],
  ["harbour -loud", {}],
  ["kind:photo harbour year:2026", {}],
  ["year:1999 harbour", {}],
  ["harbour", { order: "relevance" }],
  ["harbour", { before: "20260101T001000000-1" }],
  ["harbour", { after: "20260101T001000000-1" }],
  ["harbuor", {}],
  ["", {}],
];

test("another process finds what this one finds, in every order and on every page, for readers and for the author", async () => {
  const ctx = await largeSite();

  for (const [text, request] of SEARCHES) {
    expect(await findListedNotes(ctx.db, text, request), text).toEqual(searchListedNotes(ctx.db, text, request));
    const written = toWritten(ctx.db, findHits(ctx.db, toWrittenSearch(ctx.db, text, request)));
    expect(await findWrittenNotes(ctx.db, text, request), text).toEqual(written);
  }
});

test("what the process has found and is public no more is not shown", async () => {
  const ctx = await largeSite();

  const finding = findListedNotes(ctx.db, "kind:photo");
  await ctx.db.write(() => ctx.db.run("UPDATE notes SET visibility = 'private'"));

  expect((await finding).hits).toEqual([]);
});

test("as many searches as the limit wait for the process, and one more is put off", async () => {
  const ctx = await largeSite();
  const search = { text: "kind:photo", timeZone: "UTC" };

  const asked = Array.from({ length: MAX_SEARCHES_WAITING + 1 }, () => findHitsApart(ctx.db, search));
  const outcomes = await Promise.allSettled(asked);

  expect(outcomes.map(({ status }) => status)).toEqual([...Array(MAX_SEARCHES_WAITING).fill("fulfilled"), "rejected"]);
  expect(outcomes.at(-1)).toMatchObject({ reason: { code: "unavailable", retryAfterSeconds: 5 } });
});

test("a process that is gone is followed by another one", async () => {
  const ctx = await largeSite();
  const before = await findListedNotes(ctx.db, "kind:photo");

  await endSearchProcess(ctx.db);
  const after = await findListedNotes(ctx.db, "kind:photo");

  expect(after).toEqual(before);
});

test("where the process finds the index damaged, it looks through the notes, and health is told", async () => {
  const ctx = await largeSite();
  tamper(ctx.db.file, "DELETE FROM note_search_data WHERE id > 10");

  const found = await findListedNotes(ctx.db, "quiet year:2026");

  expect(found).toMatchObject({ isScanned: true });
  expect(found.hits).toHaveLength(20);
  expect(readIndexState(ctx.db)).toEqual({ isReadable: false });
});
