import fc from "fast-check";
import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { Cursor } from "../../src/notes/cursor.ts";
import { formatCursor, parseCursor } from "../../src/notes/cursor.ts";
import type { ListedNote } from "../../src/notes/listed-notes-store.ts";
import { LISTED_TEXT_CHARACTERS, listListedNotes, listTaggedNotes } from "../../src/notes/listed-notes-store.ts";
import type { ListPage, PageRequest } from "../../src/notes/listed-places-store.ts";
import { findListedTag, listTagsByCount } from "../../src/notes/listed-tags-store.ts";
import { testContext } from "../support/context.ts";
import { storeNote, storeNotes } from "../support/stored-note.ts";

const TAG = { name: "a", label: "A" };

// Few times for many notes, so that most of them have company.
const time = fc.constantFrom(
  ...["2026-01-01", "2026-01-02", "2026-01-03"].map((day) => `${day}T00:00:00.000Z` as Timestamp),
);
const note = fc.record({ publishedAt: time, isTagged: fc.boolean(), isListed: fc.boolean() });

test("pages lead through all notes in both directions without a gap or a repeat, also while notes come in between", async () => {
  const { ctx } = await testContext();

  await fc.assert(
    fc.asyncProperty(
      fc.array(note, { maxLength: 30 }),
      fc.array(time, { maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      async (notes, arrivals, limit, isTagPage) => {
        await ctx.db.write(() => ctx.db.run("DELETE FROM note_tags"));
        await ctx.db.write(() => ctx.db.run("DELETE FROM notes"));
        const stored = await storeNotes(
          ctx,
          notes.map(({ publishedAt, isTagged, isListed }) => ({
            publishedAt,
            tags: isTagged ? [TAG] : [],
            visibility: isListed ? "public" : "unlisted",
          })),
        );
        const read = (page: PageRequest) =>
          isTagPage ? listTaggedNotes(ctx.db, TAG.name, page) : listListedNotes(ctx.db, page);
        const expected = stored
          .filter((each) => each.visibility === "public" && (!isTagPage || each.tags.length > 0))
          .map((each) => `${each.publishedAt} ${String(each.id).padStart(6, "0")}`)
          .sort()
          .reverse();

        const pages = readForward(read, limit);
        expect(keysOf(pages)).toEqual(expected);
        expect(
          keysOf(readBack(read, limit, pages.at(-1)))
            .sort()
            .reverse(),
        ).toEqual(expected);

        const [first, ...rest] = pages;
        for (const publishedAt of arrivals) await storeNote(ctx, { publishedAt, tags: [TAG] });
        const later = first?.older === undefined ? [] : readForward(read, limit, first.older);
        const known = new Set(expected);
        expect(keysOf(later).filter((key) => known.has(key))).toEqual(keysOf(rest));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test("a page says truly whether there is anything beside it", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{}, {}, {}]);
  const [newest, middle, oldest] = listListedNotes(ctx.db, { limit: 3 }).notes.map(toCursor);

  const whole = listListedNotes(ctx.db, { limit: 3 });
  const afterMiddle = listListedNotes(ctx.db, { limit: 3, after: middle });
  const beforeMiddle = listListedNotes(ctx.db, { limit: 3, before: middle });
  const nothing = listListedNotes(ctx.db, { limit: 3, before: oldest });

  expect([whole.newer, whole.older]).toEqual([undefined, undefined]);
  expect([afterMiddle.newer, afterMiddle.older]).toEqual([undefined, newest]);
  expect([beforeMiddle.newer, beforeMiddle.older]).toEqual([oldest, undefined]);
  expect([nothing.notes, nothing.newer, nothing.older]).toEqual([[], undefined, undefined]);
});

test("a tag is called as the newest listed note calls it, on its page and in the list of all", async () => {
  const { ctx } = await testContext();
  const at = (day: number) => `2026-01-0${day}T00:00:00.000Z` as Timestamp;
  await storeNotes(ctx, [
    { publishedAt: at(2), tags: [{ name: "web-dev", label: "Web Dev" }] },
    { publishedAt: at(1), tags: [{ name: "web-dev", label: "web dev" }] },
    { publishedAt: at(3), tags: [{ name: "web-dev", label: "WEB-DEV" }], visibility: "unlisted" },
    { publishedAt: at(2), tags: [{ name: "web-dev", label: "Web-Dev" }] },
  ]);

  expect(findListedTag(ctx.db, "web-dev")).toEqual({ name: "web-dev", label: "Web-Dev", count: 3 });
  expect(listTagsByCount(ctx.db, 10)).toEqual([{ name: "web-dev", label: "Web-Dev", count: 3 }]);
});

test("a place in a list is written and read without loss, and nothing else is one", () => {
  const place = { publishedAt: "2026-03-01T09:30:00.123Z" as Timestamp, id: 42 };

  expect(parseCursor(formatCursor(place), "before")).toEqual(place);
  expect(parseCursor(undefined, "before")).toBeUndefined();
  for (const text of [
    "",
    "x",
    "20260301",
    "20260301T093000123",
    "20260301T093000123-",
    "20260301T093000123-1x",
    "-1",
  ]) {
    expect(() => parseCursor(text, "before"), text).toThrow(/is no place in this list/u);
  }
});

test("a list has the beginning of a long text, and HTML only where it may show the whole", async () => {
  const { ctx } = await testContext();
  const long = "🌍".repeat(LISTED_TEXT_CHARACTERS);
  await storeNotes(ctx, [
    { contentText: long, contentHtml: "at the limit" },
    { contentText: `${long}!`, contentHtml: "one past it" },
    { contentText: "short", contentHtml: "titled", title: "Title" },
  ]);
  await storeNote(ctx, { contentText: "short", contentHtml: "tagged", tags: [TAG] });

  const shown = listListedNotes(ctx.db, { limit: 9 }).notes.map((each) => [
    each.contentHtml,
    each.contentText === long,
  ]);
  const [tagged] = listTaggedNotes(ctx.db, TAG.name, { limit: 9 }).notes;

  expect(shown).toEqual([
    ["tagged", false],
    ["", false],
    ["", true],
    ["at the limit", true],
  ]);
  expect(tagged).toMatchObject({ contentHtml: "tagged", contentText: "short" });
});

type Read = (page: PageRequest) => ListPage<ListedNote>;

function readForward(read: Read, limit: number, before?: Cursor): ListPage<ListedNote>[] {
  const page = read({ limit, before });
  return page.older === undefined ? [page] : [page, ...readForward(read, limit, page.older)];
}

function readBack(read: Read, limit: number, from: ListPage<ListedNote> | undefined): ListPage<ListedNote>[] {
  if (from === undefined) return [];
  return from.newer === undefined ? [from] : [from, ...readBack(read, limit, read({ limit, after: from.newer }))];
}

function toCursor({ publishedAt, id }: ListedNote): Cursor {
  return { publishedAt: publishedAt as Timestamp, id };
}

function keysOf(pages: readonly ListPage<ListedNote>[]): string[] {
  return pages.flatMap((page) => page.notes.map((each) => `${each.publishedAt} ${String(each.id).padStart(6, "0")}`));
}
