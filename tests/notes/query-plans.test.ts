import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import type { Database } from "../../src/db/database.ts";
import { findPlaceAfter, joinFeedItems, keepFeedItems, listFeedItems } from "../../src/feeds/feed-items-store.ts";
import { listFeedNotes } from "../../src/feeds/feed-notes-store.ts";
import { listSitemapNotes, listSitemapPages } from "../../src/feeds/sitemap-store.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { findNoteByAlias, isSlugFree, listAliases } from "../../src/notes/alias-store.ts";
import { findAutosave, listAutosaves, listNoteAutosaves } from "../../src/notes/autosave-store.ts";
import {
  countNotesBetween,
  findNewestBetween,
  listListedNotes,
  listTaggedNotes,
} from "../../src/notes/listed-notes-store.ts";
import { ALL_TIME, listPlacesPast } from "../../src/notes/listed-places-store.ts";
import { findListedTag, listTagsByCount, listTagsByName } from "../../src/notes/listed-tags-store.ts";
import { findNeighbourIds, findNeighbours } from "../../src/notes/neighbours-store.ts";
import { findNoteByImportPath, findNoteBySlug } from "../../src/notes/note-store.ts";
import { newestChange } from "../../src/notes/public-changes-store.ts";
import {
  findRevision,
  findVersionBefore,
  isEditedSince,
  listRevisionSummaries,
  listRevisions,
  removeRevisions,
} from "../../src/notes/revision-store.ts";
import { findFormNoteId, findSubmittedNoteId, removeSubmissions } from "../../src/notes/submission-store.ts";
import { countWrites, hasWrittenBefore, listTrail } from "../../src/notes/writes-store.ts";
import { listTagLabels, listWrittenNotes } from "../../src/notes/written-notes-store.ts";
import { listDueDigests, listRelatedTo } from "../../src/search/digest-store.ts";
import { listCountedNotes } from "../../src/search/figures-store.ts";
import { findHits } from "../../src/search/find-hits.ts";
import { searchListedNotes, toWrittenSearch } from "../../src/search/search.ts";
import { countWaitingNotes } from "../../src/search/search-index-store.ts";
import { findUsedTag, listHiddenUses, listNotesWith } from "../../src/tags/tag-store.ts";
import { NOW, testContext } from "../support/context.ts";
import { storeNotes } from "../support/stored-note.ts";

const place = { publishedAt: NOW, id: 7 };

/** What reads notes or belongs to them, however many there are. */
const READS: [name: string, read: (db: Database) => unknown][] = [
  ["home", (db) => listListedNotes(db, { limit: 20 })],
  ["older notes", (db) => listListedNotes(db, { limit: 20, before: place })],
  ["newer notes", (db) => listListedNotes(db, { limit: 20, after: place })],
  ["a month", (db) => listListedNotes(db, { limit: 20 }, { from: "2020" as Timestamp, to: "2021" as Timestamp })],
  ["a tag", (db) => listTaggedNotes(db, "a", { limit: 20 })],
  ["newer notes of a tag", (db) => listTaggedNotes(db, "a", { limit: 20, after: place })],
  ["how often a tag is used", (db) => findListedTag(db, "a")],
  ["tags by name", (db) => listTagsByName(db, 10, "a")],
  ["tags by use", (db) => listTagsByCount(db, 10, { count: 5, name: "a" })],
  ["a tag as its newest note has it", (db) => findUsedTag(db, "a")],
  ["hidden notes with a tag", (db) => listNotesWith(db, "a", { listedAt: null, noteId: 0, limit: 20 })],
  ["listed notes with a tag", (db) => listNotesWith(db, "a", { listedAt: NOW, noteId: 7, limit: 20 })],
  ["tags of hidden notes", (db) => listHiddenUses(db, { name: "a", noteId: 7, limit: 20 })],
  ["neighbours", (db) => findNeighbours(db, place)],
  ["ids of neighbours", (db) => findNeighbourIds(db, 7)],
  ["how many notes a month has", (db) => countNotesBetween(db, ALL_TIME)],
  ["the newest note of a month", (db) => findNewestBetween(db, ALL_TIME)],
  ["notes to be looked at", (db) => listDueDigests(db, 10)],
  ["notes under which one stands", (db) => listRelatedTo(db, 1, 10)],
  ["notes as they are counted", (db) => listCountedNotes(db, { ...place, limit: 10 })],
  ["search", (db) => searchListedNotes(db, "word")],
  ["the author's search", (db) => findHits(db, toWrittenSearch(db, "word", {}))],
  ["how many notes wait for the search index", (db) => countWaitingNotes(db, 10)],
  ["the author's notes", (db) => listWrittenNotes(db, { status: "all", limit: 50 })],
  ["the author's drafts", (db) => listWrittenNotes(db, { status: "draft", limit: 50 })],
  ["a note by slug", (db) => findNoteBySlug(db, "x")],
  ["a note by alias", (db) => findNoteByAlias(db, "/x")],
  ["a note by its file", (db) => findNoteByImportPath(db, "x")],
  ["whether a slug is free", (db) => isSlugFree(db, "x", { id: 1 })],
  ["aliases", (db) => listAliases(db, 1)],
  ["revisions", (db) => [listRevisions(db, 1), isEditedSince(db, 1, 1)]],
  ["a page of revisions", (db) => listRevisionSummaries(db, 1, { before: 9, limit: 50 })],
  ["one revision and the one before", (db) => [findRevision(db, 1, 2), findVersionBefore(db, 1, 2)]],
  ["how often an app wrote", (db) => countWrites(db, "https://app.example/")],
  [
    "who wrote in a note",
    (db) => [
      listTrail(db, 1, { before: 9, limit: 50 }),
      hasWrittenBefore(db, { noteId: 1, madeBy: "https://app.example/", since: NOW, version: 3 }),
    ],
  ],
  ["submissions", (db) => [findSubmittedNoteId(db, { formKey: "x", contentHash: "y" }), findFormNoteId(db, "x")]],
  ["autosaves", (db) => [findAutosave(db, "x"), listNoteAutosaves(db, 1, NOW)]],
  ["all autosaves", (db) => listAutosaves(db, { since: NOW, limit: 50 })],
  ["changes", (db) => newestChange(db, ["list"])],
  ["feeds", (db) => [listFeedNotes(db, { limit: 50 }), listFeedNotes(db, { limit: 50, tag: "a", before: place })]],
  [
    "ids of feeds",
    (db) => [listPlacesPast(db, { limit: 50 }), listPlacesPast(db, { limit: 50, tag: "a", before: place })],
  ],
  ["where a stretch of all notes ends", (db) => findPlaceAfter(db, { tag: undefined, before: place, limit: 200 })],
  ["where a stretch of a tag ends", (db) => findPlaceAfter(db, { tag: "a", before: place, limit: 200 })],
  ["finished items", (db) => joinFeedItems(db, { tag: undefined, before: place, last: place }, "stamp")],
  ["finished items of a tag", (db) => joinFeedItems(db, { tag: "a", before: place, last: place }, "stamp")],
  ["items one by one", (db) => listFeedItems(db, { tag: undefined, before: place, last: place }, "stamp")],
  ["items of a tag one by one", (db) => listFeedItems(db, { tag: "a", before: place, last: place }, "stamp")],
  ["pages", (db) => listSitemapPages(db)],
  ["sitemaps", (db) => listSitemapNotes(db, { from: "2020", to: "2021", before: place, limit: 10 })],
];

test.each(READS)("%s: read in the order of an index, with and without statistics", async (_name, read) => {
  const { ctx } = await testContext();
  const statements = listen(ctx, () => read(ctx.db)).filter(({ params }) => params?.ids === undefined);

  const fresh = statements.flatMap((statement) => planOf(ctx.db, statement));
  await fill(ctx);
  const measured = statements.flatMap((statement) => planOf(ctx.db, statement));

  expect(statements).not.toEqual([]);
  expect([...fresh, ...measured].filter(isCostly)).toEqual([]);
});

// Of two bounds on one side SQLite takes the first, and reads on from there to the other: through all notes, at worst.
test.each(READS)("%s: bounded once on each side", async (_name, read) => {
  const { ctx } = await testContext();

  const statements = listen(ctx, () => read(ctx.db)).map(({ sql }) => sql);

  expect(statements.filter((sql) => /_at, \w*id\) </u.test(sql) && /_at <=? :/u.test(sql))).toEqual([]);
  expect(statements.filter((sql) => /_at, \w*id\) >/u.test(sql) && /_at >=? :/u.test(sql))).toEqual([]);
});

test.each<[string, (db: Database) => unknown]>([
  ["the most used tags", (db) => listTagsByCount(db, 10)],
  ["the editor's tags", (db) => listTagLabels(db, 10)],
])("%s: counted in one index, without a look at the rows", async (_name, read) => {
  const { ctx } = await testContext();

  const plans = listen(ctx, () => read(ctx.db)).flatMap((statement) => planOf(ctx.db, statement));

  expect(plans.filter((step) => /^SCAN|^SEARCH/u.test(step))).toEqual([expect.stringMatching(/COVERING INDEX/u)]);
});

test("finished items of a stretch: found without a look at the notes, and kept without a scan", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{}]);
  const span = { tag: undefined, before: place, last: place };
  const under = { stamp: "stamp", revision: 9 };

  const reading = listen(ctx, () => joinFeedItems(ctx.db, span, "stamp"));
  const keeping = await ctx.db.write(() =>
    listen(ctx, () => keepFeedItems(ctx.db, [{ noteId: 1, item: "" }], under)).flatMap((each) => planOf(ctx.db, each)),
  );

  expect(reading.flatMap((each) => planOf(ctx.db, each)).filter((step) => /notes /u.test(step))).toEqual([
    expect.stringMatching(/COVERING INDEX notes_listed/u),
  ]);
  expect(keeping.filter(isCostly)).toEqual([]);
});

test("erasing finds what belongs to the note by an index", async () => {
  const { ctx } = await testContext();

  const statements = await ctx.db.write(() =>
    listen(ctx, () => {
      removeRevisions(ctx.db, 1);
      removeSubmissions(ctx.db, 1);
    }),
  );

  expect(statements).toHaveLength(2);
  expect(statements.flatMap((statement) => planOf(ctx.db, statement)).filter(isCostly)).toEqual([]);
});

type Statement = { readonly sql: string; readonly params: Record<string, unknown> | undefined };

/** Runs `read` and returns the statements that it asked. */
function listen({ db }: Pick<Context, "db">, read: () => unknown): Statement[] {
  const heard: Statement[] = [];
  const { get, all, run } = db;
  const hear =
    (method: typeof db.all) =>
    (sql: string, params?: Statement["params"]): never => {
      heard.push({ sql, params });
      return method.call(db, sql, params) as never;
    };
  Object.assign(db, { get: hear(get as never), all: hear(all), run: hear(run as never) });
  try {
    read();
  } finally {
    Object.assign(db, { get, all, run });
  }
  return heard;
}

function planOf(db: Database, { sql, params }: Statement): string[] {
  return db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params).map((row) => row.detail);
}

/**
 * Sorting, and looking at every row of a table. The few hits that a search reads first (`hit`) may be looked at, the rows
 * of a subquery, which has steps of its own, and tables that have a few rows for ever.
 */
function isCostly(step: string): boolean {
  return /TEMP B-TREE|^SCAN (?!CONSTANT|hit$|settings$|search_index_damage$|search_index_place$|\(subquery|.*VIRTUAL TABLE)(?!.*USING (?:COVERING )?INDEX)/u.test(
    step,
  );
}

/** Enough notes that SQLite's statistics say something, and a tag that nearly all of them have. */
async function fill(ctx: Context): Promise<void> {
  await storeNotes(
    ctx,
    Array.from({ length: 500 }, (_, index) => ({
      slug: `n${index}`,
      status: index % 50 === 0 ? ("draft" as const) : ("published" as const),
      tags: index % 10 === 0 ? [] : [{ name: "a", label: "A" }],
    })),
  );
  await ctx.db.write(() => ctx.db.run("ANALYZE"));
}
