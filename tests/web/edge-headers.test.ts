import { expect, test } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { EDGE_SECONDS, REVALIDATE_SECONDS, STALE_SECONDS, UNPURGED_SECONDS } from "../../src/web/edge-headers.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";

const AUTHOR = { madeBy: "admin" };
const PURGED: Partial<Config> = { CACHE_PURGE_URLS: ["http://127.0.0.1:6081/"] };

const page = (seconds: number) =>
  `public, max-age=0, s-maxage=${seconds}, stale-while-revalidate=${REVALIDATE_SECONDS}, stale-if-error=${STALE_SECONDS}`;

async function site(config: Partial<Config> = {}) {
  const app = await testApp({ config });
  await createAuthor(app.ctx);
  const note = await publishNote(app.ctx, { content: "hello #web", slug: "hello" }, AUTHOR);
  await publishNote(app.ctx, { content: "for some", slug: "some", visibility: "unlisted" }, AUTHOR);
  await publishNote(app.ctx, { content: "for me", slug: "mine", visibility: "private" }, AUTHOR);
  const gone = await publishNote(app.ctx, { content: "was here", slug: "gone" }, AUTHOR);
  await trashNote(app.ctx, gone.id, AUTHOR);
  return { ...app, note };
}

const PAGES = [
  "/",
  "/notes/hello",
  "/tags/web",
  "/archive",
  "/archive/2026",
  "/archive/2026/03",
  "/sitemap.xml",
  "/robots.txt",
];

test.each([
  ["purges reach edges, they keep pages for an hour", PURGED, EDGE_SECONDS],
  ["no purge reaches anybody, edges keep pages for seconds", {}, UNPURGED_SECONDS],
])("where %s, and browsers ask again each time", async (_, config, seconds) => {
  const { http } = await site(config);

  const said = new Set<string | undefined>();
  for (const path of PAGES) said.add((await http.get(path).expect(200)).headers["cache-control"]);

  expect([...said]).toEqual([page(seconds)]);
});

test("whatever can be asked for without end is kept for seconds even so", async () => {
  const { http } = await site(PURGED);

  const search = await http.get("/search?q=hello").expect(200);
  const missing = await http.get("/notes/nothing").expect(404);
  const gone = await http.get("/notes/gone").expect(410);

  const said = [search, missing, gone].map(({ headers }) => headers["cache-control"]);
  expect(said).toEqual([page(UNPURGED_SECONDS), page(UNPURGED_SECONDS), page(UNPURGED_SECONDS)]);
});

test("a feed is kept as long by an edge as by a reader", async () => {
  const { http } = await site({ ...PURGED, FEED_CACHE_SECONDS: 60 });

  const { headers } = await http.get("/feed.xml").expect(200);

  expect(headers["cache-control"]).toContain("public, max-age=60, s-maxage=60, ");
});

test("an unlisted note is kept by browsers only, and names no keys", async () => {
  const { http } = await site(PURGED);

  for (const _ of ["made", "cached"]) {
    const { headers } = await http.get("/notes/some").expect(200);
    expect(headers["cache-control"]).toBe("private, no-cache");
    expect(headers).not.toHaveProperty("surrogate-key");
  }
});

test("a private note is missing in the same words as one that never was", async () => {
  const { http } = await site(PURGED);
  const own = ["date", "x-request-id", "content-length"];

  const [hidden, none] = await Promise.all(["/notes/mine", "/notes/none"].map((path) => http.get(path).expect(404)));

  const rest = (headers: Record<string, string> = {}) =>
    Object.entries(headers).filter(([name]) => !own.includes(name));
  expect(rest(hidden?.headers)).toEqual(rest(none?.headers));
});

test.each([
  ["the author's side", "GET", "/admin/notes/99"],
  ["an app", "GET", "/micropub"],
  ["a wrong method", "DELETE", "/"],
  ["a form that went nowhere", "POST", "/nowhere"],
  ["an unreadable address", "GET", "/%zz"],
])("no other failure is kept by anyone: %s", async (_, method, path) => {
  const { raw } = await site(PURGED);

  const answer = await raw(`${method} ${path} HTTP/1.1\r\nHost: blog.example\r\nConnection: close\r\n\r\n`);

  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.headers).not.toHaveProperty("surrogate-key");
});

test("no answer names keys unless the configuration asks for it", async () => {
  const { http } = await site();

  for (const path of [...PAGES, "/feed.xml", "/notes/nothing"]) {
    const { headers } = await http.get(path);
    expect(headers).not.toHaveProperty("surrogate-key");
    expect(headers).not.toHaveProperty("cache-tag");
  }
});

test.each([
  ["CDN_TAGS", { CDN_TAGS: true }],
  ["CACHE_PURGE_URLS", PURGED],
])("with %s every public answer names the keys of what it shows, made, cached or unchanged", async (_, config) => {
  const { http, note } = await site(config);
  const expected: Record<string, string[]> = {
    "/": ["list", "pins", "site"],
    "/notes/hello": [`note:${note.id}`, `related:${note.id}`, "site"],
    "/tags": ["list", "site"],
    "/on-this-day": ["list", "site"],
    "/on-this-day/03/01": ["list", "site"],
    "/stats": ["figures", "site"],
    "/tags/web": ["tag:web", "site"],
    "/tags/WEB": ["tag:web", "site"],
    "/archive": ["list", "site"],
    "/archive/2026/03": ["list", "site"],
    "/feed.xml": ["list", "site"],
    "/tags/web/feed.json": ["tag:web", "site"],
    "/sitemap.xml": ["list", "pages", "site"],
    "/robots.txt": ["site"],
    "/favicon.ico": ["site"],
    "/search?q=hello": ["list", "site"],
    "/notes/nothing": ["missing", "site"],
    "/notes/gone": ["missing", "site"],
  };

  for (const [path, keys] of Object.entries(expected)) {
    const made = await http.get(path).redirects(0);
    const cached = await http.get(path).redirects(0);
    const unchanged = await http
      .get(path)
      .redirects(0)
      .set("If-None-Match", made.headers.etag ?? '"none"');
    for (const { headers } of [made, cached, unchanged]) {
      expect([path, headers["surrogate-key"], headers["cache-tag"]]).toEqual([path, keys.join(" "), keys.join(",")]);
      expect(headers).not.toHaveProperty("set-cookie");
    }
    expect(unchanged.status).toBe(made.headers.etag === undefined ? made.status : 304);
  }
});

test("a feed of all notes names its keys too", async () => {
  const { http } = await site({ CDN_TAGS: true, FEED_ITEMS: "all" });

  const { headers } = await http.get("/feed.xml").expect(200);

  expect(headers["surrogate-key"]).toBe("list site");
});
