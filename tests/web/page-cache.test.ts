import fc from "fast-check";
import { expect, test } from "vitest";
import { createApp, createSite } from "../../src/app.ts";
import { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { changeSite } from "../../src/notes/change-site.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { publishDraft, retractNote, reviseNote } from "../../src/notes/revise.ts";
import { eraseNote, restoreNote, trashNote } from "../../src/notes/trash.ts";
import type { CachedPage } from "../../src/web/page-cache.ts";
import { MAX_CACHE_BYTES, PAGE_OVERHEAD_BYTES, PageCache } from "../../src/web/page-cache.ts";
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
  const site = createSite(ctx);
  const server = await testServer(site.listener);
  return { ctx, clock, dir, site, ...server };
}

const PAGES = [
  "/",
  "/archive",
  "/archive/2026/02",
  "/feed.atom",
  "/feed.json",
  "/feed.xml",
  "/notes/n1",
  "/notes/n2",
  "/notes/n3",
  "/notes/n4",
  "/notes/n5",
  "/tags/odd",
  "/tags/odd/feed.xml",
];
const LISTS = ["/", "/archive", "/archive/2026/02", "/feed.atom", "/feed.json", "/feed.xml"];
const TAG = ["/tags/odd", "/tags/odd/feed.xml"];

type Site = Awaited<ReturnType<typeof cachedSite>>;

/** Asks for every page, does something, and tells which pages are no longer cached. */
async function droppedBy({ site, http }: Site, act: () => Promise<unknown>): Promise<string[]> {
  for (const path of PAGES) await http.get(path).expect(200);
  expect(site.pages.addresses().sort()).toEqual(PAGES);

  await act();
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
])("%s drops exactly the pages that it changes", async (_what, act, expected) => {
  const site = await cachedSite();

  const dropped = await droppedBy(site, () => act(site));

  expect(dropped).toEqual([...expected].sort());
});

test("restoring a note drops the lists, itself and the notes beside it", async () => {
  const site = await cachedSite();
  await trashNote(site.ctx, 3, AUTHOR);
  const paths = ["/", "/notes/n1", "/notes/n2", "/notes/n4", "/notes/n5"];
  for (const path of paths) await site.http.get(path).expect(200);

  await restoreNote(site.ctx, 3, AUTHOR);
  await site.http.get("/robots.txt");

  expect(site.site.pages.addresses().sort()).toEqual(["/notes/n1", "/notes/n5"]);
});

test("a write of another process drops the same pages, with the next request", async () => {
  const site = await cachedSite();
  const other = Database.open({ file: `${site.dir}/starpunk.db`, readers: 1 });

  const dropped = await droppedBy(site, () =>
    reviseNote({ db: other, clock: site.ctx.clock, config: site.ctx.config, metrics: site.ctx.metrics }, 2, {
      content: "theirs",
      origin,
    }),
  );
  other.close();
  const page = await site.http.get("/notes/n2").expect(200);

  expect(dropped).toEqual([...LISTS, "/notes/n2"].sort());
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
    if (sql.includes("FROM notes WHERE slug")) renderings += 1;
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
  const fresh = await testServer(createApp(ctx));
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
        "erase",
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
      erase: () => (step % 7 === 0 ? eraseNote(ctx, noteId) : Promise.resolve()),
      setting: () => changeSite(ctx, { footerText: name, itemsPerPage: 1 + (noteId % 3) }),
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

function pageOf(address: string, bytes: number, keys: string[] = []): CachedPage {
  const identity = { body: Buffer.alloc(bytes), head: [] };
  return {
    address,
    isPaged: false,
    route: "",
    keys,
    etag: "",
    lastModified: undefined,
    headers: [],
    identity,
    coded: new Map(),
    notModified: [],
  };
}

test("the cache holds as many bytes as it may, codings included, and lets go of what nobody asked for", () => {
  const room = 3 * (PAGE_OVERHEAD_BYTES + 2 * 2 + 1000);
  const cache = new PageCache(room);
  for (const address of ["/a", "/b", "/c"]) cache.set(pageOf(address, 1000));
  const full = cache.statistics();

  cache.get("/a");
  const c = cache.get("/c");
  if (c !== undefined) cache.addCoding(c, "gzip", { body: Buffer.alloc(1), head: [] });

  expect(full).toMatchObject({ pages: 3, bytes: room });
  expect(cache.addresses().sort()).toEqual(["/a", "/c"]);
  expect(cache.statistics().bytes).toBeLessThanOrEqual(room);
  expect(MAX_CACHE_BYTES).toBe(32 * 1024 * 1024);
});

test("where every page is asked for, the newest finds room and the one that came first goes", () => {
  const cache = new PageCache(3 * (PAGE_OVERHEAD_BYTES + 2 * 2 + 1000));
  for (const address of ["/a", "/b", "/c"]) cache.set(pageOf(address, 1000));
  for (const address of ["/a", "/b", "/c"]) cache.get(address);

  cache.set(pageOf("/d", 1000));

  expect(cache.addresses().sort()).toEqual(["/b", "/c", "/d"]);
});

test("a page that is larger than the whole cache is not kept, and nothing else is", () => {
  const cache = new PageCache(PAGE_OVERHEAD_BYTES + 2 * 2 + 1000);
  cache.set(pageOf("/a", 1000));

  cache.set(pageOf("/b", 1001));

  expect(cache.statistics()).toMatchObject({ pages: 0, bytes: 0 });
});

test("a coding that comes after its page has gone is not counted", () => {
  const cache = new PageCache();
  const page = pageOf("/a", 10, ["k"]);
  cache.set(page);

  cache.drop(["k"]);
  cache.addCoding(page, "br", { body: Buffer.alloc(5), head: [] });

  expect(cache.statistics()).toMatchObject({ pages: 0, bytes: 0 });
});
