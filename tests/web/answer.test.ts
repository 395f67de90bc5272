import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Timestamp } from "../../src/lib/clock.ts";
import { sendAuthorPage, sendPage } from "../../src/web/answer.ts";
import { rawRequest } from "../support/server.ts";
import { testWeb } from "../support/web.ts";

const HTML = `<!doctype html><title>Häuser</title>${"<p>Ein Haus, noch ein Haus.</p>".repeat(40)}`;
const LENGTH = String(Buffer.byteLength(HTML));
const CHANGED = "2026-03-01T09:30:00.250Z" as Timestamp;

function pages() {
  return testWeb((router) => {
    router.get("/page", (req, res) => sendPage(req, res, { html: HTML, lastModified: CHANGED }));
    router.get("/other", (req, res) =>
      sendPage(req, res, { html: `${HTML}.`, caching: { "Cache-Control": "public, max-age=60" } }),
    );
    router.get("/gone", (req, res) => sendPage(req, res, { html: HTML, status: 410, lastModified: CHANGED }));
    router.get("/private", (req, res) =>
      sendPage(req, res, { html: HTML, caching: { "Cache-Control": "private, no-store" } }),
    );
    router.get("/images", (req, res) => sendPage(req, res, { html: HTML, remoteImages: true }));
    router.get("/admin", (_req, res) => sendAuthorPage(res, { html: HTML }));
    router.get("/admin/images", (_req, res) => sendAuthorPage(res, { html: HTML, remoteImages: true }));
    router.post("/page", (req, res) => sendPage(req, res, { html: HTML }));
  });
}

function body(answer: { body: string }): Buffer {
  return Buffer.from(answer.body, "latin1");
}

test("a page goes out with its length in bytes, a weak tag, its time, and what it depends on", async () => {
  const { raw } = await pages();

  const answer = await raw(rawRequest("GET", "/page"));

  expect(answer.status).toBe(200);
  expect(body(answer).toString()).toBe(HTML);
  expect(answer.headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "content-length": LENGTH,
    etag: expect.stringMatching(/^W\/"[\w-]{22}"$/),
    "last-modified": "Sun, 01 Mar 2026 09:30:00 GMT",
    "cache-control": "no-cache",
    vary: "Accept-Encoding",
  });
  expect(answer.headers).not.toHaveProperty("content-encoding");
});

test.each([
  ["br", brotliDecompressSync],
  ["gzip", gunzipSync],
])("%s is sent to whoever takes it, under the same weak tag", async (coding, decode) => {
  const { raw } = await pages();
  const plain = await raw(rawRequest("GET", "/page"));

  const coded = await raw(rawRequest("GET", "/page", { "Accept-Encoding": coding }));

  expect(decode(body(coded)).toString()).toBe(HTML);
  expect(coded.headers).toMatchObject({
    "content-encoding": coding,
    "content-length": String(body(coded).length),
    etag: plain.headers.etag,
    vary: "Accept-Encoding",
  });
  expect(body(coded).length).toBeLessThan(HTML.length / 4);
});

test("another text has another tag", async () => {
  const { http } = await pages();

  const [page, other] = await Promise.all([http.get("/page"), http.get("/other")]);

  expect(page.headers.etag).not.toBe(other.headers.etag);
});

test.each([["GET"], ["HEAD"]])(
  "%s with the tag is 304: no body, and every header that a cache needs",
  async (method) => {
    const { raw } = await pages();
    const { headers } = await raw(rawRequest("GET", "/page"));

    const answer = await raw(rawRequest(method, "/page", { "If-None-Match": headers.etag!, "Accept-Encoding": "br" }));

    expect(answer.status).toBe(304);
    expect(answer.body).toBe("");
    expect(answer.headers).toMatchObject({
      etag: headers.etag,
      vary: "Accept-Encoding",
      "cache-control": "no-cache",
      "last-modified": headers["last-modified"],
      "content-security-policy": headers["content-security-policy"],
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers).not.toHaveProperty("content-type");
    expect(answer.headers).not.toHaveProperty("content-encoding");
    expect(answer.headers).not.toHaveProperty("content-length");
  },
);

test("a time is enough for 304 where no tag is sent", async () => {
  const { http } = await pages();

  const same = await http.get("/page").set("If-Modified-Since", "Sun, 01 Mar 2026 09:30:00 GMT");
  const older = await http.get("/page").set("If-Modified-Since", "Sun, 01 Mar 2026 09:29:59 GMT");

  expect([same.status, older.status]).toEqual([304, 200]);
});

test("what the request wants to be unchanged is 412 when it is not", async () => {
  const { http } = await pages();

  const answer = await http.get("/page").set("If-Match", '"old"');

  expect(answer.status).toBe(412);
  expect(answer.headers).not.toHaveProperty("etag");
  expect(answer.headers).not.toHaveProperty("last-modified");
});

test("a page that is gone stays gone, whatever the conditions", async () => {
  const { http } = await pages();

  const answer = await http.get("/gone").set("If-None-Match", "*");

  expect(answer.status).toBe(410);
});

test("conditions are for reading: a POST is not answered with 304", async () => {
  const { http } = await pages();

  const answer = await http.post("/page").set("If-None-Match", "*");

  expect(answer.status).toBe(200);
});

test("a client that refuses every coding, plain bytes too, is told so with 406", async () => {
  const { http } = await pages();

  const answer = await http.get("/page").set("Accept-Encoding", "identity;q=0, zstd");

  expect(answer.status).toBe(406);
});

test.each(["/page", "/other", "/gone", "/private", "/images", "/admin"])(
  "HEAD %s has the headers of GET and no body",
  async (path) => {
    const { raw } = await pages();
    for (const coding of ["identity", "br", "gzip"]) {
      const get = await raw(rawRequest("GET", path, { "Accept-Encoding": coding }));

      const head = await raw(rawRequest("HEAD", path, { "Accept-Encoding": coding }));

      expect(head.body).toBe("");
      expect(comparable(head.headers)).toEqual(comparable(get.headers));
    }
  },
);

function comparable({ date: _date, "x-request-id": _id, ...headers }: Readonly<Record<string, string>>) {
  return headers;
}

test.each(["/private", "/admin"])("%s is kept nowhere and never compressed", async (path) => {
  const { raw } = await pages();

  const answer = await raw(rawRequest("GET", path, { "Accept-Encoding": "br, gzip", "If-None-Match": "*" }));

  expect(answer.status).toBe(200);
  expect(answer.headers["cache-control"]).toContain("no-store");
  expect(answer.headers["content-length"]).toBe(LENGTH);
  expect(answer.headers).not.toHaveProperty("content-encoding");
  expect(answer.headers).not.toHaveProperty("etag");
});

test("images of other sites are let in on the pages that ask for it, and there only", async () => {
  const { http } = await pages();

  const policies = await Promise.all(
    ["/page", "/images", "/admin", "/admin/images"].map(
      async (path) => (await http.get(path)).headers["content-security-policy"],
    ),
  );

  expect(policies.map((policy) => policy?.includes("img-src 'self' https: http:;"))).toEqual([
    false,
    true,
    false,
    true,
  ]);
  expect(policies.map((policy) => policy?.includes("script-src 'self'"))).toEqual([false, false, true, true]);
});
