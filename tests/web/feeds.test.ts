import fc from "fast-check";
import { parseFeed } from "feedsmith";
import type request from "supertest";
import { describe, expect, test, vi } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import type { FeedFormat } from "../../src/lib/urls.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { openTestApp, SITE_URL, testApp } from "../support/app.ts";
import { FORMATS, readFeed } from "../support/read-feed.ts";
import { rawRequest } from "../support/server.ts";
import { storeNote, storeNotes } from "../support/stored-note.ts";

const TAG = { name: "web-dev", label: "Web Dev" };
const ORIGIN = { madeBy: "test" };
const MEDIA_TYPES = { xml: "application/rss+xml", atom: "application/atom+xml", json: "application/feed+json" };

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z` as Timestamp;

describe.each(FORMATS)("/feed.%s", (format) => {
  const path = `/feed.${format}`;

  test("has its media type, its own address, a life for caches and validators", async () => {
    const { ctx, http } = await testApp({ config: { FEED_CACHE_SECONDS: 120 } });
    await storeNote(ctx);

    const { headers } = await read(http, path);

    expect(headers).toMatchObject({
      "content-type": `${MEDIA_TYPES[format]}; charset=utf-8`,
      "cache-control": "public, max-age=120, s-maxage=120, stale-while-revalidate=5, stale-if-error=86400",
      link: `<${SITE_URL}${path}>; rel="self"`,
      vary: "Accept-Encoding",
      "last-modified": "Sun, 01 Mar 2026 09:30:00 GMT",
      "transfer-encoding": "chunked",
      "x-content-type-options": "nosniff",
    });
    expect(headers.etag).toMatch(/^W\/"[\w-]{22}"$/);
  });

  test("is a valid feed without items before there is an author", async () => {
    const { http } = await testApp();

    const { text, headers } = await read(http, path);

    expect(readFeed(format, text).items).toEqual([]);
    expect(parseFeed(text).format).toBe({ xml: "rss", atom: "atom", json: "json" }[format]);
    expect(headers["last-modified"]).toBeUndefined();
  });

  test("answers 304 without reading a note, for the tag and for the time, also to HEAD", async () => {
    const { ctx, http } = await testApp();
    await storeNote(ctx);
    const { headers } = await read(http, path);
    const all = vi.spyOn(ctx.db, "all");

    const byTag = await http.get(path).set("If-None-Match", `"other", ${headers.etag}`);
    const byTime = await http.get(path).set("If-Modified-Since", headers["last-modified"] ?? "");
    const byHead = await http.head(path).set("If-None-Match", "*");

    expect([byTag, byTime, byHead].map(({ status }) => status)).toEqual([304, 304, 304]);
    expect(byTag.headers).toMatchObject({
      etag: headers.etag,
      "cache-control": headers["cache-control"],
      vary: "Accept-Encoding",
    });
    expect(all.mock.calls.filter(([sql]) => sql.includes("content_html"))).toEqual([]);
  });

  test("has the headers of GET for HEAD, and 405 for POST", async () => {
    const { ctx, http } = await testApp();
    await storeNote(ctx);
    const got = await read(http, path);

    const head = await http.head(path);
    const posted = await http.post(path);

    for (const name of ["content-type", "etag", "last-modified", "cache-control", "vary", "link"]) {
      expect(head.headers[name]).toBe(got.headers[name]);
    }
    expect(posted.status).toBe(405);
    expect(posted.headers.allow).toBe("GET, HEAD, OPTIONS");
  });

  test.each(["gzip", "br", "identity"])("reads the same in %s", async (coding) => {
    const { ctx, http } = await testApp();
    await storeNotes(ctx, [{ title: "Zürich 😀" }, {}]);

    const { text, headers } = await read(http, path, { "Accept-Encoding": coding });

    expect(headers["content-encoding"]).toBe(coding === "identity" ? undefined : coding);
    expect(readFeed(format, text).items.map(({ title }) => title)).toEqual([undefined, "Zürich 😀"]);
  });

  test("is not chunked for HTTP/1.0", async () => {
    const { ctx, raw } = await testApp();
    await storeNote(ctx);

    const { headers, body } = await raw(`GET ${path} HTTP/1.0\r\n\r\n`);

    expect(headers["transfer-encoding"]).toBeUndefined();
    expect(readFeed(format, Buffer.from(body, "latin1").toString()).items).toHaveLength(1);
  });

  test("pages lead through all notes, each a feed with its own self and ETag, with no gap and no repeat", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (seconds, size) => {
          const app = await openTestApp({ config: { FEED_ITEMS: size } });
          try {
            const stored = await storeNotes(
              app.ctx,
              seconds.map((second) => ({ publishedAt: at(second) })),
            );
            const newest = [...stored].sort(
              (a, b) => (b.publishedAt ?? "").localeCompare(a.publishedAt ?? "") || b.id - a.id,
            );

            const pages = await follow(app, format);

            expect(pages.flatMap(({ items }) => items.map(({ id }) => id))).toEqual(newest.map(({ uid }) => uid));
            expect(new Set(pages.map(({ etag }) => etag)).size).toBe(pages.length);
            expect(pages.map(({ links }) => links.self)).toEqual(pages.map(({ url }) => url));
            if (format !== "json") {
              expect(pages.slice(1).map(({ links }) => links.previous)).toEqual(
                pages.slice(0, -1).map(({ url }) => url),
              );
              expect(new Set(pages.map(({ links }) => links.first))).toEqual(
                new Set([pages.length > 1 ? `${SITE_URL}${path}` : undefined]),
              );
            }
          } finally {
            await app.close();
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe("the ETag changes", () => {
  async function etagAfter(change: (app: TestApp, id: number) => Promise<unknown>, path = "/feed.xml") {
    const app = await testApp();
    const note = await storeNote(app.ctx, { tags: [TAG] });
    const before = (await read(app.http, path)).headers;
    app.clock.advance(60);
    await change(app, note.id);
    const after = (await read(app.http, path)).headers;
    return { isSame: before.etag === after.etag, before: before["last-modified"], after: after["last-modified"] };
  }

  test.each<[string, (app: TestApp, id: number) => Promise<unknown>]>([
    ["a note is published", ({ ctx }) => storeNote(ctx)],
    ["a note is revised", ({ ctx }, id) => reviseNote(ctx, id, { content: "Other words", origin: ORIGIN })],
    ["a note is taken away", ({ ctx }, id) => trashNote(ctx, id, ORIGIN)],
    ["the settings change", ({ ctx }) => changeSettings(ctx, { siteTitle: "Another" })],
  ])("when %s, and Last-Modified with it", async (_, change) => {
    const { isSame, before, after } = await etagAfter(change);

    expect(isSame).toBe(false);
    expect([before, after]).toEqual(["Sun, 01 Mar 2026 09:30:00 GMT", "Sun, 01 Mar 2026 09:31:00 GMT"]);
  });

  test("not when something else does", async () => {
    const { isSame, before, after } = await etagAfter(async ({ ctx }) => {
      await storeNotes(ctx, [
        { status: "draft", publishedAt: undefined },
        { visibility: "unlisted" },
        { visibility: "private" },
      ]);
    });

    expect(isSame).toBe(true);
    expect(after).toBe(before);
  });

  test("for a tag when a note of the tag changes, and not for one of another", async () => {
    const other = await etagAfter(
      ({ ctx }) => storeNote(ctx, { tags: [{ name: "x", label: "x" }] }),
      "/tags/web-dev/feed.xml",
    );
    const same = await etagAfter(({ ctx }) => storeNote(ctx, { tags: [TAG] }), "/tags/web-dev/feed.xml");

    expect(other.isSame).toBe(true);
    expect(same.isSame).toBe(false);
  });

  test("and Last-Modified never goes back, even when the clock does", async () => {
    const { after } = await etagAfter(async ({ ctx, clock }) => {
      clock.advance(-3600);
      await storeNote(ctx);
    });

    expect(after).toBe("Sun, 01 Mar 2026 09:30:00 GMT");
  });

  test("at once when another process wrote", async () => {
    const { ctx, http, dir } = await testApp();
    await storeNote(ctx);
    const before = await read(http, "/feed.xml");
    const other = Database.open({ file: `${dir}/starpunk.db`, readers: 1 });

    await storeNote({ ...ctx, db: other });
    other.close();

    const after = await read(http, "/feed.xml");
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(readFeed("xml", after.text).items).toHaveLength(2);
  });
});

describe("the address of a page", () => {
  test.each(["?before=", "?before=x", "?before=20260101T000000000", "?before=20260101T000000000-x", "?before=%00"])(
    "%s that is none answers 400 and says what to do",
    async (query) => {
      const { ctx, http } = await testApp();
      await storeNote(ctx);

      const { status, body } = await http.get(`/feed.xml${query}`).set("Accept", "application/problem+json");

      expect(status).toBe(400);
      expect(JSON.stringify(body)).toContain("Begin again at its first page");
    },
  );

  test("past the last note is a valid feed without items, from which the way leads back", async () => {
    const { ctx, http } = await testApp();
    await storeNote(ctx);

    const { text } = await read(http, "/feed.xml?before=20000101T000000000-1");

    const { items, links } = readFeed("xml", text);
    expect(items).toEqual([]);
    expect(links).toMatchObject({ previous: `${SITE_URL}/feed.xml`, first: `${SITE_URL}/feed.xml` });
  });

  test("with an unknown parameter is that of the page without it", async () => {
    const { ctx, http } = await testApp();
    await storeNote(ctx);

    const [plain, tracked] = [await read(http, "/feed.xml"), await read(http, "/feed.xml?utm_source=x&after=1")];

    expect(tracked.text).toBe(plain.text);
    expect(tracked.headers.etag).toBe(plain.headers.etag);
  });

  test("comes from SITE_URL, whatever the Host header says", async () => {
    const { ctx, raw } = await testApp();
    await storeNote(ctx);

    const { headers, body } = await raw(
      rawRequest("GET", "/feed.xml", { Host: "evil.example", "X-Forwarded-Host": "evil.example" }),
    );

    expect(headers.link).toBe(`<${SITE_URL}/feed.xml>; rel="self"`);
    expect(body).not.toContain("evil.example");
  });
});

describe("the feeds of a tag", () => {
  test.each(FORMATS)("hold its notes alone (%s)", async (format) => {
    const { ctx, http } = await testApp();
    const [tagged] = await storeNotes(ctx, [{ tags: [TAG] }, {}]);

    const { text, headers } = await read(http, `/tags/web-dev/feed.${format}`);

    expect(headers["content-type"]).toContain(MEDIA_TYPES[format]);
    expect(readFeed(format, text)).toMatchObject({
      title: "Web Dev · StarPunk",
      items: [{ id: tagged?.uid, tags: ["Web Dev"] }],
    });
  });

  test("are missing for a tag that no listed note has, also to a conditional request", async () => {
    const { ctx, http } = await testApp();
    await storeNotes(ctx, [
      { tags: [TAG], visibility: "unlisted" },
      { tags: [TAG], status: "draft" },
    ]);

    const answers = [
      await http.get("/tags/web-dev/feed.xml"),
      await http.get("/tags/nothing/feed.json").set("If-None-Match", "*"),
    ];

    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
  });

  test("of another spelling are found at the right one", async () => {
    const { ctx, http } = await testApp();
    await storeNotes(ctx, [{ tags: [TAG] }, { tags: [{ name: "日本語", label: "日本語" }] }]);

    const spelled = await http.get("/tags/Web%20Dev/feed.atom");
    const script = await read(http, `/tags/${encodeURIComponent("日本語")}/feed.json`);

    expect(spelled.status).toBe(301);
    expect(spelled.headers.location).toBe("/tags/web-dev/feed.atom");
    expect(readFeed("json", script.text).links.self).toBe(`${SITE_URL}/tags/%E6%97%A5%E6%9C%AC%E8%AA%9E/feed.json`);
  });
});

type Http = ReturnType<typeof request.agent>;

/** A feed as text, whatever its coding. */
async function read(http: Http, path: string, headers: Record<string, string> = {}) {
  const answer = await http
    .get(path)
    .set(headers)
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on("data", (chunk: Buffer) => chunks.push(chunk));
      res.on("end", () => done(null, Buffer.concat(chunks).toString()));
    });
  expect(answer.status).toBe(200);
  return { text: answer.body as string, headers: answer.headers as Record<string, string | undefined> };
}

/** All pages of a feed, from the first one on. */
async function follow({ http }: Pick<TestApp, "http">, format: FeedFormat) {
  const pages: (ReturnType<typeof readFeed> & { url: string; etag: string | undefined })[] = [];
  let url: string | undefined = `${SITE_URL}/feed.${format}`;
  while (url !== undefined && pages.length < 50) {
    const { text, headers } = await read(http, url.slice(SITE_URL.length));
    const feed = readFeed(format, text);
    pages.push({ ...feed, url, etag: headers.etag });
    url = feed.links.next;
  }
  return pages;
}
