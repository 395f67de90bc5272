import fc from "fast-check";
import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { ATOM } from "../../src/feeds/atom.ts";
import { buildFeed } from "../../src/feeds/build-feed.ts";
import { writeFeed } from "../../src/feeds/feed.ts";
import type { FeedItems } from "../../src/feeds/feed-items.ts";
import { createFeedItems } from "../../src/feeds/feed-items.ts";
import { keepFeedItems } from "../../src/feeds/feed-items-store.ts";
import { JSON_FEED } from "../../src/feeds/json-feed.ts";
import { createNoteLists } from "../../src/feeds/note-list.ts";
import { RSS } from "../../src/feeds/rss.ts";
import { FIRST_PAGE_NOTES, PAGE_BYTES, PAGE_NOTES, writeWholeFeed } from "../../src/feeds/whole-feed.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { FeedFormat } from "../../src/lib/urls.ts";
import { siteRevision } from "../../src/notes/public-changes-store.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { readSettings } from "../../src/site/settings-store.ts";
import { openTestContext, testContext } from "../support/context.ts";
import { FORMATS } from "../support/read-feed.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNote, storeNotes } from "../support/stored-note.ts";

const WRITERS = { xml: RSS, atom: ATOM, json: JSON_FEED };
const TAG = { name: "web", label: "Web" };
const ORIGIN = { madeBy: "test" };
const MORE_THAN_A_PAGE = 2 * PAGE_NOTES + FIRST_PAGE_NOTES;

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z` as Timestamp;

type Wanted = { readonly format?: FeedFormat; readonly isTagged?: boolean; readonly items?: FeedItems };

function openSource(ctx: Context, { format = "xml", isTagged = false, items }: Wanted) {
  const writer = WRITERS[format];
  const site = { settings: readSettings(ctx.db), siteUrl: ctx.config.SITE_URL, changedAt: at(59) };
  return { ...site, db: ctx.db, format, tag: isTagged ? TAG : undefined, writer, items };
}

function writeAll(ctx: Context, wanted: Wanted = {}): string {
  return Buffer.concat([...writeWholeFeed(openSource(ctx, wanted))]).toString();
}

/** The same feed with all its notes on one page. */
function writePage(ctx: Context, wanted: Wanted = {}): string {
  const { writer, ...source } = openSource(ctx, wanted);
  const list = createNoteLists(ctx.db).read({ tag: source.tag?.name, limit: 10_000 });
  return [...writeFeed(buildFeed({ ...source, list }), writer)].join("");
}

/** Reads until every item is kept. */
async function keepAll(ctx: Context, items: FeedItems): Promise<void> {
  writeAll(ctx, { items });
  await ctx.db.write(() => undefined); // Writes run in the order of their calls.
}

const keptItems = (ctx: Context) => ctx.db.all<{ note_id: number }>("SELECT note_id FROM feed_items ORDER BY note_id");

const anyNotes = fc.array(
  fc.record<StoredNoteInput>({
    publishedAt: fc.integer({ min: 0, max: 3 }).map(at),
    updatedAt: fc.option(fc.integer({ min: 4, max: 9 }).map(at), { nil: undefined }),
    publishedOffset: fc.constantFrom(undefined, 60, -480),
    title: fc.option(fc.string({ unit: "grapheme" }), { nil: undefined }),
    contentText: fc.string({ unit: "grapheme", maxLength: 400 }),
    contentHtml: fc.constantFrom("<p>Zürich 😀 &amp; &lt;b&gt;</p>", '<a href="/x">x</a>', "<p>]]&gt; $& $1</p>"),
    visibility: fc.constantFrom("public", "public", "unlisted", "private"),
    tags: fc.constantFrom([], [TAG]),
    language: fc.constantFrom(undefined, "de"),
  }),
  { maxLength: 40 },
);

test.each(FORMATS)(
  "the feed of all notes says what one page of all of them says, made or kept (%s)",
  async (format) => {
    await fc.assert(
      fc.asyncProperty(anyNotes, fc.boolean(), async (drawn, isTagged) => {
        const { ctx, close } = await openTestContext();
        try {
          await storeNotes(ctx, drawn);
          const items = format === "xml" ? createFeedItems(ctx.db) : undefined;
          const wanted = { format, isTagged, ...(items && { items }) };

          const made = writeAll(ctx, wanted);
          await ctx.db.write(() => undefined);
          const read = writeAll(ctx, wanted);

          expect(made).toBe(writePage(ctx, wanted));
          expect(read).toBe(made);
        } finally {
          close();
        }
      }),
      { numRuns: 25 },
    );
  },
);

test.each(FORMATS)("so it does over several pages of it (%s)", async (format) => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => ({ publishedAt: at(index % 7), tags: [TAG] })),
  );

  expect(writeAll(ctx, { format })).toBe(writePage(ctx, { format }));
  expect(writeAll(ctx, { format, isTagged: true })).toBe(writePage(ctx, { format, isTagged: true }));
});

test("a feed without notes is whole", async () => {
  const { ctx } = await testContext();

  for (const format of FORMATS) expect(writeAll(ctx, { format })).toBe(writePage(ctx, { format }));
});

test("items are kept as they are read, and then nothing of a note is looked at", async () => {
  const { ctx } = await testContext();
  await storeNotes(ctx, [{}, { visibility: "unlisted" }, {}]);
  const items = createFeedItems(ctx.db);

  await keepAll(ctx, items);
  await ctx.db.write(() => ctx.db.run("UPDATE feed_items SET item = '<item>kept</item>'"));

  expect(keptItems(ctx).map(({ note_id }) => note_id)).toEqual([1, 3]);
  expect(writeAll(ctx, { items }).match(/<item>kept<\/item>/gu)).toHaveLength(2);
});

test.each<[string, (ctx: Context, id: number) => Promise<unknown>]>([
  ["is revised", (ctx, id) => reviseNote(ctx, id, { content: "Other", origin: ORIGIN })],
  ["is trashed", (ctx, id) => trashNote(ctx, id, ORIGIN)],
  ["is erased", (ctx, id) => trashNote(ctx, id, ORIGIN).then(() => eraseNote(ctx, id))],
])("a note that %s loses its kept item with that, and the feed says what is", async (_, change) => {
  const { ctx } = await testContext();
  const note = await storeNote(ctx, { contentHtml: "<p>Before</p>" });
  const items = createFeedItems(ctx.db);
  await keepAll(ctx, items);

  await change(ctx, note.id);

  expect(keptItems(ctx)).toEqual([]);
  expect(writeAll(ctx, { items })).toBe(writePage(ctx));
  expect(writeAll(ctx, { items })).not.toContain("Before");
});

test("an item that was made of a note before it changed is not kept", async () => {
  const { ctx } = await testContext();
  const notes = await storeNotes(ctx, [{}, {}]);
  const revision = siteRevision(ctx.db);
  const made = notes.map(({ id }) => ({ noteId: id, item: "<item>as it was</item>" }));

  await reviseNote(ctx, 1, { content: "Other", origin: ORIGIN });
  await ctx.db.write(() => keepFeedItems(ctx.db, made, { stamp: "stamp", revision }));

  expect(keptItems(ctx).map(({ note_id }) => note_id)).toEqual([2]);
});

test("kept items are made anew when the settings say otherwise, and when the site lies elsewhere", async () => {
  const { ctx } = await testContext();
  await storeNote(ctx, { language: "de", contentHtml: '<a href="/x">x</a>' });
  const items = createFeedItems(ctx.db);
  await keepAll(ctx, items);

  await changeSettings(ctx, { authorName: "Ada", language: "de", timeZone: "Asia/Tokyo" });
  const moved = { ...ctx, config: { ...ctx.config, SITE_URL: "https://elsewhere.example" } };

  expect(writeAll(ctx, { items })).toBe(writePage(ctx));
  expect(writeAll(moved, { items })).toBe(writePage(moved));
  expect(writeAll(moved, { items })).not.toContain("blog.example");
});

test("a piece is about as large as it should be, whether notes are short or long", async () => {
  const { ctx } = await testContext();
  const long = `<p>${"x".repeat(PAGE_BYTES / 8)}</p>`;
  await storeNotes(
    ctx,
    Array.from({ length: 100 }, () => ({ contentHtml: long })),
  );

  const sizes = [...writeWholeFeed(openSource(ctx, { items: createFeedItems(ctx.db) }))].map(({ length }) => length);

  // The first one cannot know; each of these notes stands in it twice.
  expect(Math.max(...sizes.slice(1))).toBeLessThan(2 * PAGE_BYTES);
});

test("a piece holds at most so many notes, and the first one few", async () => {
  const { ctx } = await testContext();
  await storeNotes(
    ctx,
    Array.from({ length: MORE_THAN_A_PAGE }, (_, index) => ({ slug: `n${index}`, contentHtml: "" })),
  );
  const items = createFeedItems(ctx.db);
  for (let reading = 0; keptItems(ctx).length < MORE_THAN_A_PAGE && reading < 20; reading += 1)
    await keepAll(ctx, items);

  const pieces = [...writeWholeFeed(openSource(ctx, { items }))].map(
    (piece) => piece.toString().split("<item>").length - 1,
  );

  expect(pieces[0]).toBe(FIRST_PAGE_NOTES);
  expect(Math.max(...pieces)).toBe(PAGE_NOTES);
  expect(pieces.reduce((sum, count) => sum + count, 0)).toBe(MORE_THAN_A_PAGE);
});
