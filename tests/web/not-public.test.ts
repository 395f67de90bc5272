import fc from "fast-check";
import { expect, test } from "vitest";
import { addSeconds } from "../../src/lib/clock.ts";
import type { Visibility } from "../../src/notes/note.ts";
import { isListed, isReadable } from "../../src/notes/note.ts";
import type { StoredNote } from "../../src/notes/note-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { openTestApp, testApp } from "../support/app.ts";
import { createAuthor, logInAgent } from "../support/author.ts";
import { queryAll } from "../support/dom.ts";
import { rawRequest } from "../support/server.ts";

const origin = { madeBy: "test" };

type Plan = {
  readonly end: "published" | "draft" | "scheduled" | "retracted" | "trashed" | "erased" | "hidden later";
  readonly visibility: Visibility;
  readonly isTitled: boolean;
};

const plan: fc.Arbitrary<Plan> = fc.record({
  end: fc.constantFrom(
    "published",
    "published",
    "draft",
    "scheduled",
    "retracted",
    "trashed",
    "erased",
    "hidden later",
  ),
  visibility: fc.constantFrom("public", "public", "unlisted", "private"),
  isTitled: fc.boolean(),
});

test("no list, feed, search or page of others shows a word of what is not public, and all of them what is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { minLength: 3, maxLength: 9 }), async (plans) => {
      const app = await openTestApp();
      try {
        await createAuthor(app.ctx);
        await changeSettings(app.ctx, { itemsPerPage: 2 });
        const notes = await make(app, plans);
        const pages = await readAll(app);

        for (const [index, note] of notes.entries()) {
          const own = `/notes/${note.slug}`;
          const showing = pages.filter(
            ({ path, text }) => path !== own && !path.includes(`q=${secret(index)}`) && shows(text, index),
          );
          const isFound = pages.some(({ path, text }) => path.includes(`q=${secret(index)}`) && text.includes(own));
          expect(isFound, own).toBe(isListed(note));
          expect(showing.length > 0, `${own} is on ${showing.map(({ path }) => path).join(", ")}`).toBe(isListed(note));
          expect((await app.http.get(own)).status, own).toBe(statusOf(note));
        }
      } finally {
        await app.close();
      }
    }),
    { numRuns: 8 },
  );
}, 120_000);

/** A word that stands in nothing but this note. */
function secret(index: number): string {
  return `secret${"abcdefghij"[index]}word`;
}

function shows(text: string, index: number): boolean {
  return text.toLowerCase().includes(secret(index));
}

async function make({ ctx, clock }: TestApp, plans: readonly Plan[]): Promise<StoredNote[]> {
  const notes: StoredNote[] = [];
  for (const [index, { end, visibility, isTitled }] of plans.entries()) {
    const word = secret(index);
    const publishedAt = end === "scheduled" ? addSeconds(ctx.clock(), 86_400) : undefined;
    const title = isTitled ? `Title ${word}` : undefined;
    const input = { content: `Text ${word} #tag${word}`, title, slug: `slug-${word}`, visibility, publishedAt };
    const { id } = await (end === "draft" ? saveDraft : publishNote)(ctx, input, origin);
    clock.advance(60);
    await ENDS[end]?.(ctx, id);
    const note = findNote(ctx.db, id);
    if (note !== undefined) notes.push(note);
  }
  return notes;
}

/** What is done to a note after it was made. */
const ENDS: Partial<Record<Plan["end"], (ctx: TestApp["ctx"], id: number) => Promise<unknown>>> = {
  retracted: (ctx, id) => retractNote(ctx, id, { origin }),
  trashed: (ctx, id) => trashNote(ctx, id, origin),
  erased: (ctx, id) => eraseNote(ctx, id),
  "hidden later": (ctx, id) => reviseNote(ctx, id, { visibility: "private", slug: `later-${id}`, origin }),
};

function statusOf(note: StoredNote): number {
  if (isReadable(note)) return 200;
  const isAway = note.status === "trashed" || note.status === "erased";
  return isAway && note.visibility !== "private" ? 410 : 404;
}

type Page = { readonly path: string; readonly text: string };

/** Every page that is reached from home, the archive, the feeds and the sitemap by links, and a search for each secret. */
async function readAll({ http }: TestApp): Promise<Page[]> {
  const searches = Array.from({ length: 10 }, (_, index) => `/search?q=${secret(index)}`);
  const waiting = ["/", "/archive", "/feed.xml", "/feed.atom", "/feed.json", "/sitemap.xml", ...searches];
  const read = new Map<string, Page>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (read.has(path)) continue;
    const answer = await http.get(path).buffer(true);
    const { text } = answer;
    // A search says again what was looked for.
    read.set(path, { path, text: path.startsWith("/search?") ? withoutForm(text) : text });
    if (/html/u.test(answer.headers["content-type"] ?? "")) waiting.push(...linksIn(text));
  }
  return [...read.values()];
}

function withoutForm(html: string): string {
  return html.replace(/<form class="search"[\s\S]*?<\/form>/u, "");
}

/** Of the days of the year only those around the one on which all notes were made. */
function linksIn(html: string): string[] {
  const links = [...queryAll(html, "a"), ...queryAll(html, "link")].map((link) => link.attributes.href ?? "");
  return links.filter((href) => /^\/(?!static|media|health|login|admin|on-this-day\/(?!0[23]\/))/u.test(href));
}

test("the address of a draft or a scheduled note leads its author to the editor, and nobody keeps that; others find nothing", async () => {
  const app = await testApp();
  const login = await logInAgent(app);
  const draft = await saveDraft(app.ctx, { content: "Not yet" }, origin);
  const publishedAt = addSeconds(app.ctx.clock(), 3_600);
  const later = await publishNote(app.ctx, { content: "Later", publishedAt }, origin);
  const taken = await publishNote(app.ctx, { content: "Taken down" }, origin);
  await trashNote(app.ctx, taken.id, origin);

  for (const note of [draft, later]) {
    const own = await app.http.get(`/notes/${note.slug}`);
    const others = await app.raw(rawRequest("GET", `/notes/${note.slug}`));
    expect([own.status, own.headers.location]).toEqual([303, `/admin/notes/${note.id}`]);
    expect(own.headers["cache-control"]).toBe("no-store");
    expect(others.status).toBe(404);
  }
  expect((await app.http.get(`/notes/${taken.slug}`).set("Cookie", login.cookie)).status).toBe(410);
});
