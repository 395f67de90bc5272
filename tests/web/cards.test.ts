import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createSite } from "../../src/app.ts";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { updateCitation } from "../../src/notes/citation-store.ts";
import { movePin } from "../../src/notes/pins.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { restoreNote, trashNote } from "../../src/notes/trash.ts";
import { LOOK_EVERY_MS, OwnTheme } from "../../src/theme/own-theme.ts";
import { CARD_OVERHEAD_BYTES, CardCache, MAX_CARD_LENGTH, MAX_CARDS_BYTES } from "../../src/web/card-cache.ts";
import { createCards } from "../../src/web/cards.ts";
import { createRender } from "../../src/web/render.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { testServer } from "../support/server.ts";

const AUTHOR = { madeBy: "admin" };
const origin = AUTHOR;
/** What the third note answers. */
const CITED = "https://ada.example/post";
/** Every note, the newest first. */
const ALL = [4, 3, 2, 1];

/** Notes read for a list since the last time that this was asked. */
function readNotes(ctx: Context): () => number[] {
  const read: number[] = [];
  const all = ctx.db.all.bind(ctx.db);
  ctx.db.all = ((sql: string, params?: { ids?: string }) => {
    if (sql.includes("AS text_start") && params?.ids !== undefined) read.push(...JSON.parse(params.ids));
    return all(sql, params);
  }) as typeof ctx.db.all;
  return () => read.splice(0);
}

async function fourNotes() {
  const { ctx, dir, clock } = await testContext();
  await createAuthor(ctx);
  const notes = [
    { content: "one", title: "One", tags: ["odd"] },
    { content: "two ![](https://elsewhere.example/a.jpg)" },
    { content: "three", tags: ["odd"], properties: { "in-reply-to": [CITED] } },
    { content: "four ".repeat(300) },
  ];
  for (const [index, note] of notes.entries()) {
    const publishedAt = `2026-02-0${index + 1}T12:00:00.000Z` as Timestamp;
    await publishNote(ctx, { ...note, slug: `n${index + 1}`, publishedAt }, AUTHOR);
  }
  return { ctx, dir, clock };
}

/** The site in this process and in another one: a database of its own on the same file, and cards of its own. */
async function twoProcesses() {
  const { ctx, dir, clock } = await fourNotes();
  const db = Database.open({ file: join(dir, "starpunk.db"), readers: 1 });
  onTestFinished(() => db.close());
  const sites = await Promise.all(
    [ctx, { ...ctx, db }].map(async (each) => {
      const site = createSite(each);
      return { read: readNotes(each), site, ...(await testServer(site.listener)) };
    }),
  );
  return { ctx, clock, sites };
}

type Notes = Awaited<ReturnType<typeof twoProcesses>>["ctx"];

async function citationComes(ctx: Notes): Promise<void> {
  const facts = { title: "A post", authorName: "Ada", authorUrl: undefined, excerpt: "Well.", language: undefined };
  await ctx.db.write(() => updateCitation(ctx.db, { url: CITED, ...facts }, ctx.clock()));
}

test.each<[string, (ctx: Notes) => Promise<unknown>, number[]]>([
  ["publishing a note", (ctx) => publishNote(ctx, { content: "five" }, AUTHOR), [5]],
  ["revising a text", (ctx) => reviseNote(ctx, 2, { content: "new", origin }), [2]],
  ["changing a title", (ctx) => reviseNote(ctx, 1, { title: "New", origin }), [1]],
  ["renaming", (ctx) => reviseNote(ctx, 3, { slug: "other", origin }), [3]],
  ["retagging", (ctx) => reviseNote(ctx, 1, { tags: ["odd", "even"], origin }), [1]],
  ["what is found out about a cited page", citationComes, [3]],
  ["retracting", (ctx) => retractNote(ctx, 2, { origin }), []],
  ["pinning", (ctx) => movePin(ctx, 1, "pin"), []],
  ["trashing and restoring", async (ctx) => [await trashNote(ctx, 4, AUTHOR), await restoreNote(ctx, 4, AUTHOR)], [4]],
  ["a language", (ctx) => changeSite(ctx, { language: "de" }), ALL],
  ["a time zone", (ctx) => changeSite(ctx, { timeZone: "Asia/Tokyo" }), ALL],
])(
  "after %s only the cards are made anew that it changes, in this process and in another",
  async (_what, act, made) => {
    const { ctx, clock, sites } = await twoProcesses();
    const fresh = await testServer(createApp(ctx));
    for (const { http, read } of sites) {
      await http.get("/").expect(200);
      await http.get("/tags/odd").expect(200);
      expect(read()).toEqual(ALL);
    }

    clock.advance(1);
    await act(ctx);
    const pages = [];
    for (const { http, read } of sites) {
      const texts = [(await http.get("/").expect(200)).text, (await http.get("/tags/odd").expect(200)).text];
      pages.push({ texts, made: read() });
    }

    const texts = [(await fresh.http.get("/")).text, (await fresh.http.get("/tags/odd")).text];
    expect(pages).toEqual([
      { texts, made },
      { texts, made },
    ]);
  },
);

test("a card is kept by one page for all others, and what only the author sees makes none", async () => {
  const { sites } = await twoProcesses();
  const [{ http, site, read }] = sites as [(typeof sites)[0]];

  await http.get("/tags/odd").expect(200);
  const ofTag = read();
  await http.get("/").expect(200);

  expect(ofTag).toEqual([3, 1]);
  expect(read()).toEqual([4, 2]);
  expect(site.cards.statistics().cards).toBe(4);
});

test("cards of before what another process wrote meanwhile are shown to nobody, and none is kept of after it", async () => {
  const { ctx } = await fourNotes();
  const cards = new CardCache();
  cards.set(1, { cardHtml: "old", showsKind: false });
  const freshness = { check: () => ctx.db.dataVersion() - 1 };
  const render = createRender();

  const shown = createCards(ctx, { cards, freshness, theme: { hasTemplates: () => false }, render })([1, 2]);

  expect(shown).toMatchObject([{ id: 1, title: "One" }, { id: 2 }]);
  expect(cards.statistics().cards).toBe(1);
});

test("templates of the author are given whole notes, whatever is kept", async () => {
  const { ctx, dir } = await fourNotes();
  const clock = { nowMs: 0 };
  const theme = new OwnTheme(ctx, { nowMs: () => clock.nowMs });
  const parts = { cards: new CardCache(), freshness: { check: () => ctx.db.dataVersion() }, render: createRender() };
  const show = createCards(ctx, { ...parts, theme });
  const before = show([1]);

  mkdirSync(join(dir, "theme", "partials"), { recursive: true });
  writeFileSync(join(dir, "theme", "partials", "nothing-yet.njk"), "{% macro nothingYet(site) %}{% endmacro %}");
  clock.nowMs += LOOK_EVERY_MS;
  const themed = show([1]);
  rmSync(join(dir, "theme"), { recursive: true });
  clock.nowMs += LOOK_EVERY_MS;

  expect(before).toMatchObject([{ cardHtml: expect.stringContaining("<article") }]);
  expect(themed).toMatchObject([{ id: 1, title: "One" }]);
  expect(show([1])).toEqual(before);
});

const card = (length: number) => ({ cardHtml: "x".repeat(length), showsKind: false });

test("there are as many cards as fit, and those go that nobody asked for longest", () => {
  const cards = new CardCache(3 * (CARD_OVERHEAD_BYTES + 2 * 100));
  for (const id of [1, 2, 3]) cards.set(id, card(100));
  const full = cards.statistics();

  cards.get(1);
  cards.set(4, card(100));

  expect(full.cards).toBe(3);
  expect([1, 2, 3, 4].filter((id) => cards.get(id) !== undefined)).toEqual([1, 3, 4]);
  expect(cards.statistics()).toEqual(full);
});

test("a page shows every card of it, also where there is room for none", async () => {
  const { ctx } = await fourNotes();
  const parts = { cards: new CardCache(0), freshness: { check: () => ctx.db.dataVersion() }, render: createRender() };

  const shown = createCards(ctx, { ...parts, theme: { hasTemplates: () => false } })(ALL);

  expect(shown).toHaveLength(4);
  expect(parts.cards.statistics()).toEqual({ cards: 0, bytes: 0 });
});

test("a card may be as long as the limit says, and no longer", () => {
  const cards = new CardCache();

  cards.set(1, card(MAX_CARD_LENGTH));
  cards.set(2, card(MAX_CARD_LENGTH + 1));
  cards.set(1, card(MAX_CARD_LENGTH + 1));
  for (let id = 10; id < 300; id += 1) cards.set(id, card(MAX_CARD_LENGTH));

  const { cards: count, bytes } = cards.statistics();
  expect([cards.get(1), cards.get(2)]).toEqual([undefined, undefined]);
  expect(bytes).toBeLessThanOrEqual(MAX_CARDS_BYTES);
  expect(count).toBe(Math.floor(MAX_CARDS_BYTES / (CARD_OVERHEAD_BYTES + 2 * MAX_CARD_LENGTH)));
});
