import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { createSite } from "../../src/app.ts";
import { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { updateCitation } from "../../src/notes/citation-store.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { movePin } from "../../src/notes/pins.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import { moveSectionPin, saveSection } from "../../src/tags/save-section.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { testServer } from "../support/server.ts";

const AUTHOR = { madeBy: "admin" };
const origin = AUTHOR;

/** A site with its cache at hand, and five notes of five days, the odd ones tagged. */
async function cachedSite() {
  const { ctx, clock, dir } = await testContext({ config: { SITE_URL: "http://blog.example" } });
  await createAuthor(ctx);
  for (const number of [1, 2, 3, 4, 5]) {
    const publishedAt = `2026-02-0${number}T12:00:00.000Z` as Timestamp;
    await publishNote(
      ctx,
      {
        content: `text ${number}`,
        title: `Title ${number}`,
        slug: `n${number}`,
        publishedAt,
        tags: number % 2 === 1 ? ["odd"] : [],
      },
      AUTHOR,
    );
  }
  await publishNote(ctx, { kind: "page", title: "About", content: "me", tags: ["odd"] }, AUTHOR);
  const site = createSite(ctx);
  const server = await testServer(site.listener);
  return { ctx, clock, dir, site, ...server };
}

const PAGES = [
  "/",
  "/about",
  "/archive",
  "/archive/2026",
  "/archive/2026/02",
  "/feed.atom",
  "/feed.json",
  "/feed.xml",
  "/notes/n1",
  "/notes/n2",
  "/notes/n3",
  "/notes/n4",
  "/notes/n5",
  "/on-this-day/02/03",
  "/tags",
  "/tags/by/count",
  "/tags/odd",
  "/tags/odd/feed.xml",
];
const CITED = "https://ada.example/post";
const UNSAID = { authorName: undefined, authorUrl: undefined, excerpt: undefined, language: undefined };
/** Row id of the page. */
const ABOUT = 6;
const LISTS = [
  ...["/", "/archive", "/archive/2026", "/archive/2026/02", "/feed.atom", "/feed.json", "/feed.xml"],
  ...["/on-this-day/02/03", "/tags", "/tags/by/count"],
];
const TAG = ["/tags/odd", "/tags/odd/feed.xml"];

type Site = Awaited<ReturnType<typeof cachedSite>>;

/** The same site as another process has it: a database of its own on the same file, and a cache of its own. */
async function secondSite({ ctx, dir }: Site) {
  const db = Database.open({ file: `${dir}/starpunk.db`, readers: 1 });
  onTestFinished(() => db.close());
  const site = createSite({ ...ctx, db });
  return { site, ...(await testServer(site.listener)) };
}

type Cached = Pick<Site, "site" | "http">;

/** Asks for every page, so that all are cached. */
async function fill({ site, http }: Cached): Promise<void> {
  for (const path of PAGES) await http.get(path).expect(200);
  expect(site.pages.addresses().sort()).toEqual(PAGES);
}

/** What is no longer cached once another request has come. */
async function droppedFrom({ site, http }: Cached): Promise<string[]> {
  await http.get("/robots.txt").expect(200);
  const left = new Set(site.pages.addresses());
  return PAGES.filter((path) => !left.has(path));
}

const publishLater = (ctx: Site["ctx"]) => publishNote(ctx, { content: "six", slug: "n6" }, AUTHOR);

test.each<[string, (site: Site) => Promise<unknown>, string[]]>([
  ["publishing the newest note", ({ ctx }) => publishLater(ctx), [...LISTS, "/notes/n5"]],
  [
    "publishing one between two others",
    ({ ctx }) => publishNote(ctx, { content: "x", publishedAt: "2026-02-03T18:00:00.000Z" as Timestamp }, AUTHOR),
    [...LISTS, "/notes/n3", "/notes/n4"],
  ],
  ["saving a draft", ({ ctx }) => saveDraft(ctx, { content: "x" }, AUTHOR), []],
  ["making a section of a tag", ({ ctx }) => saveSection(ctx, "odd", { title: "Odd", description: "x" }), TAG],
  ["pinning a note on its page", ({ ctx }) => moveSectionPin(ctx, "odd", { noteId: 1, move: "pin" }), TAG],
  ["publishing a private note", ({ ctx }) => publishNote(ctx, { content: "x", visibility: "private" }, AUTHOR), []],
  ["revising the text", ({ ctx }) => reviseNote(ctx, 2, { content: "new", origin }), [...LISTS, "/notes/n2"]],
  [
    "revising the text of a tagged note",
    ({ ctx }) => reviseNote(ctx, 3, { content: "new", origin }),
    [...LISTS, "/notes/n3", ...TAG],
  ],
  [
    "changing a title",
    ({ ctx }) => reviseNote(ctx, 2, { title: "New", origin }),
    [...LISTS, "/notes/n1", "/notes/n2", "/notes/n3"],
  ],
  [
    "renaming",
    ({ ctx }) => reviseNote(ctx, 4, { slug: "renamed", origin }),
    [...LISTS, "/notes/n3", "/notes/n4", "/notes/n5"],
  ],
  ["revising a page", ({ ctx }) => reviseNote(ctx, ABOUT, { title: "Me", tags: ["even"], origin }), ["/about"]],
  ["renaming a page", ({ ctx }) => reviseNote(ctx, ABOUT, { slug: "me", origin }), ["/about"]],
  ["publishing a page", ({ ctx }) => publishNote(ctx, { kind: "page", title: "Now", content: "x" }, AUTHOR), []],
  [
    "making a page of a tagged note",
    ({ ctx }) => reviseNote(ctx, 3, { kind: "page", origin }),
    [...LISTS, "/notes/n2", "/notes/n3", "/notes/n4", ...TAG],
  ],
  ["tagging", ({ ctx }) => reviseNote(ctx, 2, { tags: ["odd"], origin }), [...LISTS, "/notes/n2", ...TAG]],
  ["untagging", ({ ctx }) => reviseNote(ctx, 3, { tags: [], origin }), [...LISTS, "/notes/n3", ...TAG]],
  ["trashing", ({ ctx }) => trashNote(ctx, 2, AUTHOR), [...LISTS, "/notes/n1", "/notes/n2", "/notes/n3"]],
  ["retracting", ({ ctx }) => retractNote(ctx, 4, { origin }), [...LISTS, "/notes/n3", "/notes/n4", "/notes/n5"]],
  [
    "unlisting",
    ({ ctx }) => reviseNote(ctx, 2, { visibility: "unlisted", origin }),
    [...LISTS, "/notes/n1", "/notes/n2", "/notes/n3"],
  ],
  ["a setting", ({ ctx }) => changeSite(ctx, { footerText: "new" }), PAGES],
  ["a setting saved as it was", ({ ctx }) => changeSite(ctx, { siteTitle: "Ada writes" }), []],
])("%s drops exactly the pages that it changes, in this process and in a second one", async (_what, act, expected) => {
  const site = await cachedSite();
  const second = await secondSite(site);
  for (const each of [site, second]) await fill(each);

  await act(site);
  const dropped = [await droppedFrom(site), await droppedFrom(second)];

  expect(dropped).toEqual([[...expected].sort(), [...expected].sort()]);
});

test("restoring a note drops the lists, itself and the notes beside it, in this process and in a second one", async () => {
  const site = await cachedSite();
  const second = await secondSite(site);
  await trashNote(site.ctx, 3, AUTHOR);
  const paths = ["/", "/notes/n1", "/notes/n2", "/notes/n4", "/notes/n5"];
  for (const { http } of [site, second]) for (const path of paths) await http.get(path).expect(200);

  await restoreNote(site.ctx, 3, AUTHOR);
  for (const { http } of [site, second]) await http.get("/robots.txt");

  const left = [site, second].map(({ site: { pages } }) => pages.addresses().sort());
  expect(left).toEqual([
    ["/notes/n1", "/notes/n5"],
    ["/notes/n1", "/notes/n5"],
  ]);
});

test("what another process wrote is on the page with the next request", async () => {
  const site = await cachedSite();
  const second = await secondSite(site);
  for (const { http } of [site, second]) await http.get("/notes/n2").expect(200);

  await reviseNote(site.ctx, 2, { content: "theirs", origin });
  const page = await second.http.get("/notes/n2").expect(200);

  expect(page.text).toContain("theirs");
});

test("each answer from the cache is counted, and each page that was made for it", async () => {
  const { site, http } = await cachedSite();
  await http.get("/notes/n1").expect(200);
  const cold = site.pages.statistics();

  const { headers } = await http.get("/notes/n1").expect(200);
  await http
    .get("/notes/n1?utm=1")
    .set("If-None-Match", headers.etag ?? "")
    .expect(304);
  await http.get("/notes/none").expect(404);

  expect(cold).toMatchObject({ hits: 0, made: 1 });
  expect(site.pages.statistics()).toMatchObject({ hits: 2, made: 1 });
});

test("a query that means nothing is the same page, and makes no second one", async () => {
  const { site, http } = await cachedSite();
  const plain = await http.get("/notes/n1").expect(200);

  for (const query of ["?utm=1", "?before=x", "?%", "?after=&before="]) {
    const same = await http.get(`/notes/n1${query}`).expect(200);
    expect(same.text).toBe(plain.text);
  }

  expect(site.pages.addresses()).toEqual(["/notes/n1"]);
});

test("a place in a list is a page of its own, under one address", async () => {
  const { ctx, site, http } = await cachedSite();
  await changeSite(ctx, { itemsPerPage: 2 });
  const place = "before=20260204T120000000-4";

  const direct = await http.get(`/?${place}`).expect(200);
  const among = await http.get(`/?x=1&${place}&y=2`).expect(200);

  expect(among.text).toBe(direct.text);
  expect(direct.text).toContain("/notes/n3");
  expect(site.pages.addresses()).toEqual([`/?${place}`]);
});

test("what is no page for everyone is not cached", async () => {
  const { ctx, site, http } = await cachedSite();
  await publishNote(ctx, { content: "x", slug: "private", visibility: "private" }, AUTHOR);

  for (const path of [
    "/notes/private",
    "/notes/none",
    "/search?q=text",
    "/login",
    "/health",
    "/admin",
    "//",
    "/?before=no",
  ]) {
    await http.get(path);
  }

  expect(site.pages.addresses()).toEqual([]);
});

test("the cached answer is the rendered one in every header, coding, HEAD and 304", async () => {
  const { site, http } = await cachedSite();
  const kept = ["x-request-id", "date"];
  const headersOf = (headers: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !kept.includes(name))
        .sort(),
    );

  for (const coding of ["identity", "gzip", "br"]) {
    for (const path of ["/", "/notes/n3", "/feed.json"]) {
      site.pages.clear();
      const made = await http.get(path).set("Accept-Encoding", coding).expect(200);
      const cached = await http.get(path).set("Accept-Encoding", coding).expect(200);
      const head = await http.head(path).set("Accept-Encoding", coding).expect(200);
      const same = await http
        .get(path)
        .set("If-None-Match", made.headers.etag ?? "")
        .expect(304);

      expect(cached.text).toBe(made.text);
      const { "transfer-encoding": _chunked, ...madeHeaders } = headersOf(made.headers);
      expect(headersOf(cached.headers)).toMatchObject(madeHeaders);
      expect(headersOf(head.headers)).toEqual(headersOf(cached.headers));
      expect(same.headers).toMatchObject({ etag: made.headers.etag, vary: made.headers.vary });
      expect(cached.headers["x-request-id"]).not.toBe(made.headers["x-request-id"]);
    }
  }
});

test("64 clients that ask for one cold page cause one rendering", async () => {
  const { ctx, site, http, port } = await cachedSite();
  let renderings = 0;
  const get = ctx.db.get.bind(ctx.db);
  ctx.db.get = ((sql: string, parameters?: never) => {
    if (/FROM notes\s+WHERE slug = :slug/.test(sql)) renderings += 1;
    return get(sql, parameters);
  }) as typeof ctx.db.get;

  const answers = await Promise.all(
    Array.from({ length: 64 }, () =>
      fetch(`http://127.0.0.1:${port}/notes/n2`, { headers: { "Accept-Encoding": "br" } }),
    ),
  );

  expect(answers.map((answer) => answer.status)).toEqual(Array(64).fill(200));
  expect(renderings).toBe(1);
  expect(site.pages.statistics().pages).toBe(1);
  await http.get("/notes/n2").expect(200);
});

test("whatever is written and read, a cached answer is what a fresh rendering would be", async () => {
  const { ctx, http, clock, port: _port } = await cachedSite();
  const fresh = await testServer(createApp(ctx)); // Neither pages nor cards are kept.
  const id = fc.integer({ min: 1, max: 6 });
  const acts = fc.oneof(
    fc.tuple(fc.constant("publish"), id),
    fc.tuple(
      fc.constantFrom(
        "text",
        "title",
        "slug",
        "tags",
        "retract",
        "publishDraft",
        "trash",
        "restore",
        "hide",
        "show",
        "move",
        "translate",
        "erase",
        "pin",
        "answer",
        "cite",
      ),
      id,
    ),
    fc.tuple(fc.constant("setting"), id),
  );
  const write = async ([kind, noteId]: [string, number], step: number): Promise<void> => {
    const name = `${kind}-${step}`;
    const publishedAt = `2026-02-0${noteId}T0${step % 10}:00:00.000Z` as Timestamp;
    const revise = (changes: object) => reviseNote(ctx, noteId, { ...changes, origin });
    const doing: Record<string, () => Promise<unknown>> = {
      publish: () => publishNote(ctx, { content: name, tags: step % 2 === 0 ? ["odd"] : [], publishedAt }, AUTHOR),
      text: () => revise({ content: name }),
      title: () => revise({ title: step % 3 === 0 ? "" : name }),
      slug: () => revise({ slug: name }),
      tags: () => revise({ tags: step % 2 === 0 ? ["odd", "even"] : [] }),
      move: () => revise({ publishedAt }),
      hide: () => revise({ visibility: step % 2 === 0 ? "unlisted" : "private" }),
      show: () => revise({ visibility: "public" }),
      retract: () => retractNote(ctx, noteId, { origin }),
      publishDraft: () => publishDraft(ctx, noteId, { origin }),
      trash: () => trashNote(ctx, noteId, AUTHOR),
      restore: () => restoreNote(ctx, noteId, AUTHOR),
      translate: () =>
        revise({
          language: ["de", "fr", ""][step % 3],
          translationOf: step % 4 === 0 ? "" : findNote(ctx.db, 1 + (noteId % 6))?.slug,
        }),
      erase: () => (step % 7 === 0 ? eraseNote(ctx, noteId) : Promise.resolve()),
      pin: () => movePin(ctx, noteId, step % 3 === 0 ? "unpin" : "pin"),
      answer: () => revise({ properties: { "in-reply-to": [CITED] } }),
      cite: () => ctx.db.write(() => updateCitation(ctx.db, { url: CITED, title: name, ...UNSAID }, ctx.clock())),
      setting: () =>
        changeSite(ctx, { footerText: name, itemsPerPage: 1 + (noteId % 3), language: step % 2 === 0 ? "de" : "en" }),
    };
    // What the rules refuse (a note in the trash, one that is gone) changes nothing, and that is checked too.
    await doing[kind]?.().catch(() => undefined);
  };
  const stateOf = async (agent: typeof http, path: string): Promise<string> => {
    const { status, headers, text } = await agent.get(path);
    return status === 200 ? `${headers.etag} ${text}` : String(status);
  };
  let step = 0;

  const checked = await fc.check(
    fc.asyncProperty(fc.array(acts, { minLength: 1, maxLength: 6 }), async (sequence) => {
      for (const act of sequence) {
        step += 1;
        clock.advance(1);
        await write(act as [string, number], step);
        const home = await fresh.http.get("/");
        const links = [...home.text.matchAll(/href="(\/(?:notes\/[^"]+|\?before=[^"]+))"/gu)].map(
          (found) => found[1] ?? "",
        );
        for (const path of new Set([...PAGES, ...links])) {
          if ((await stateOf(http, path)) !== (await stateOf(fresh.http, path))) return false;
        }
      }
      return true;
    }),
    { numRuns: 12 },
  );

  expect(checked).toMatchObject({ failed: false });
}, 120_000);
