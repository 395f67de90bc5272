import { connect } from "node:net";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { reviseNote } from "../../src/notes/revise.ts";
import { trashNote } from "../../src/notes/trash.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import type { TestApp } from "../support/app.ts";
import { SITE_URL, testApp } from "../support/app.ts";
import { query } from "../support/database-files.ts";
import { fetchRaw } from "../support/raw-fetch.ts";
import { FORMATS, readFeed } from "../support/read-feed.ts";
import { rawRequest } from "../support/server.ts";
import { settled } from "../support/settled.ts";
import type { StoredNoteInput } from "../support/stored-note.ts";
import { storeNotes } from "../support/stored-note.ts";

const NOTES = 450;
const TAG = { name: "web", label: "Web" };
const ORIGIN = { madeBy: "test" };
const MEDIA_TYPES = { xml: "application/rss+xml", atom: "application/atom+xml", json: "application/feed+json" };

const config = { FEED_ITEMS: "all" as const };

async function openFilled(count = NOTES, note: StoredNoteInput = {}): Promise<TestApp> {
  const app = await testApp({ config });
  await storeNotes(
    app.ctx,
    Array.from({ length: count }, () => ({ tags: [TAG], ...note })),
  );
  return app;
}

async function read({ port }: Pick<TestApp, "port">, path = "/feed.xml", headers: Record<string, string> = {}) {
  const answer = await fetchRaw(port, path, headers);
  const isCoded = answer.headers["content-encoding"] === "gzip";
  return { ...answer, text: String(isCoded ? gunzipSync(answer.body) : answer.body) };
}

describe.each(FORMATS)("/feed.%s of all notes", (format) => {
  test.each([`/feed.${format}`, `/tags/web/feed.${format}`])(
    "%s has every listed note on one page, and is the same feed otherwise",
    async (path) => {
      const app = await openFilled();
      await storeNotes(app.ctx, [
        { visibility: "unlisted", tags: [TAG] },
        { visibility: "private", tags: [TAG] },
      ]);

      const { text, headers } = await read(app, path, { "Accept-Encoding": "br, gzip" });

      const { items, links } = readFeed(format, text);
      expect(items).toHaveLength(NOTES);
      expect(links.self).toBe(`${SITE_URL}${path}`);
      expect([links.first, links.previous, links.next]).toEqual([undefined, undefined, undefined]);
      expect(headers).toMatchObject({
        "content-type": `${MEDIA_TYPES[format]}; charset=utf-8`,
        "content-encoding": "gzip",
        "cache-control": "public, max-age=300, s-maxage=300, stale-while-revalidate=5, stale-if-error=86400",
        link: `<${SITE_URL}${path}>; rel="self"`,
        vary: "Accept-Encoding",
        "last-modified": "Sun, 01 Mar 2026 09:30:00 GMT",
      });
    },
  );

  test("answers 304 for its tag and its time, HEAD without a body, and 405 to a POST", async () => {
    const app = await openFilled(3);
    const path = `/feed.${format}`;
    const { headers } = await read(app, path);

    const byTag = await read(app, path, { "If-None-Match": headers.etag ?? "" });
    const byTime = await read(app, path, { "If-Modified-Since": headers["last-modified"] ?? "" });
    const head = await app.http.head(path);
    const posted = await app.http.post(path);

    expect([byTag.status, byTime.status, head.status, posted.status]).toEqual([304, 304, 200, 405]);
    expect([byTag.headers.etag, head.headers.etag]).toEqual([headers.etag, headers.etag]);
  });
});

test.each<[string, (app: TestApp) => Promise<unknown>]>([
  ["a note is published", ({ ctx }) => storeNotes(ctx, [{}])],
  ["the oldest note is revised", ({ ctx }) => reviseNote(ctx, 1, { content: "Other words", origin: ORIGIN })],
  ["a note is taken away", ({ ctx }) => trashNote(ctx, 7, ORIGIN)],
  ["the settings change", ({ ctx }) => changeSettings(ctx, { authorName: "Another" })],
])("when %s, the ETag is another and the feed says what is", async (_, change) => {
  const app = await openFilled(30);
  const before = await read(app);

  await change(app);
  const after = await read(app, "/feed.xml", { "If-None-Match": before.headers.etag ?? "" });

  expect(after.status).toBe(200);
  expect(after.text).not.toBe(before.text);
});

test("there are no other pages: a place in the query is passed over", async () => {
  const app = await openFilled(3);

  const { status, text } = await read(app, "/feed.xml?before=20000101T000000000-1");

  expect(status).toBe(200);
  expect(readFeed("xml", text).items).toHaveLength(3);
});

describe("while it is sent", () => {
  // So much that no system takes all of it for a reader that does not read.
  const LONG = { contentHtml: `<p>${"word ".repeat(20_000)}</p>` };

  /** Asks for the feed, reads nothing, and returns what reads the rest. */
  async function startReading({ port }: TestApp) {
    const socket = connect(port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write(rawRequest("GET", "/feed.xml"));
    await settled(() => socket.bytesRead);
    return {
      async finish(): Promise<string> {
        const pieces: Buffer[] = [];
        socket.on("data", (bytes) => pieces.push(bytes));
        const ended = new Promise((resolve) => socket.once("close", resolve));
        socket.resume();
        await ended;
        return Buffer.concat(pieces).toString();
      },
    };
  }

  test("what was taken away or hidden is not in what is read after that, what was changed is as it is now", async () => {
    const app = await openFilled(200, LONG);
    const reading = await startReading(app);
    const before = await read(app, "/feed.xml", { "If-None-Match": "*" });

    await app.ctx.db.write(() => {
      app.ctx.db.run("UPDATE notes SET visibility = 'private', content_html = 'SECRET' WHERE id = 3");
      app.ctx.db.run("UPDATE notes SET content_html = 'CHANGED' WHERE id = 2");
    });
    await trashNote(app.ctx, 1, ORIGIN);
    const text = await reading.finish();

    expect(text.endsWith("0\r\n\r\n")).toBe(true);
    expect(text).not.toContain("SECRET");
    expect(text).toContain("CHANGED");
    expect(text.split("<item>").length - 1).toBe(198);
    // What it told of itself is true of no later state, so nobody takes the mixture for one.
    const after = await read(app, "/feed.xml", { "If-None-Match": before.headers.etag ?? "" });
    expect(after.status).toBe(200);
  });

  test("writes go on, and the write-ahead log starts over", async () => {
    const app = await openFilled(200, LONG);
    const reading = await startReading(app);

    for (let count = 0; count < 20; count += 1) await storeNotes(app.ctx, [{}]);
    const checkpoint = query(join(app.dir, "starpunk.db"), "PRAGMA wal_checkpoint(TRUNCATE)");

    expect(checkpoint).toEqual([{ busy: 0, log: 0, checkpointed: 0 }]);
    expect((await reading.finish()).endsWith("0\r\n\r\n")).toBe(true);
  });
});
