import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp } from "../support/app.ts";
import { rawRequest } from "../support/server.ts";

let app: Awaited<ReturnType<typeof openTestApp>>;

beforeAll(async () => {
  app = await openTestApp();
});

afterAll(() => app.close());

const PLACES = [
  "",
  "/notes",
  "/tags",
  "/archive",
  "/archive/2026",
  "/static",
  "/media",
  "/admin",
  "/admin/notes",
  "/feed.xml",
];

const TAILS = [
  "/%00",
  "/%00.png",
  "/%0d%0aSet-Cookie:%20a=b",
  "/..%2f..%2f..%2fetc%2fpasswd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/../../../../etc/passwd",
  "/..;/admin",
  "/%252e%252e%252f",
  "/..%c0%af..%c0%afetc/passwd",
  "/%ff%fe",
  "/%E0%A4%A",
  "/%",
  "/%%%",
  "/%u002e",
  "//evil.example",
  "/\\evil.example",
  "/%5cevil.example",
  "/.env",
  "/.git/config",
  "/__proto__",
  "/constructor",
  "/hasOwnProperty",
  "/toString",
  "/undefined",
  "/null",
  "/NaN",
  "/-1",
  "/1e309",
  "/9999999999999999999999",
  "/0x10",
  "/' OR 1=1 --",
  "/%27%20OR%201=1%20--",
  "/<script>alert(1)</script>",
  "/%3Cscript%3Ealert(1)%3C/script%3E",
  "/{{7*7}}",
  "/$%7B7*7}",
  "/*",
  "/**",
  "/:slug",
  "/(.*)",
  "/a|b",
  "/~root",
  "/%F0%9F%92%A9",
  "/%EF%BF%BE",
  "/%E2%80%AE",
  "/e%CC%81",
  `/${"a".repeat(8000)}`,
  `/${"a/".repeat(4000)}`,
  `/${"%41".repeat(2000)}`,
  `/${"../".repeat(2000)}`,
  "/a?b#c",
  "/?",
  "/?%",
  "/?q=%E0%A4%A&q[]=1&q[a]=2&__proto__[x]=1",
  `/?${"a=1&".repeat(3000)}`,
  "/?before=%00&after=%ff",
  "/?before=9999-99-99T99:99:99Z_-1",
];

const PATHS = PLACES.flatMap((place) => TAILS.map((tail) => place + tail));

test(`none of ${PATHS.length} hostile addresses is a fault of ours, or leads to another site`, async () => {
  const faults: string[] = [];
  for (const path of PATHS) {
    const { status, headers } = await app.raw(rawRequest("GET", encodeRaw(path)));
    const location = headers.location ?? "/";
    const leadsAway = new URL(location, app.ctx.config.SITE_URL).origin !== app.ctx.config.SITE_URL;
    if (!(status >= 200 && status < 500) || leadsAway || !headers["content-security-policy"]) {
      faults.push(`${status} ${path.slice(0, 60)} → ${location.slice(0, 60)}`);
    }
  }

  expect(PATHS.length).toBeGreaterThan(500);
  expect(faults).toEqual([]);
});

/** Spaces would end the address. */
function encodeRaw(path: string): string {
  return path.replaceAll(" ", "%20");
}

test("no address at all is a fault of ours, and a redirect leads to an address that does not redirect to a spelling", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "/",
      "notes",
      "tags",
      "archive",
      "feed.xml",
      "..",
      ".",
      "%2F",
      "%00",
      "%",
      "?",
      "&",
      "=",
      "q",
      "%CC%81",
      "%5C",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  const target = fc.array(piece, { maxLength: 10 }).map((pieces) => `/${toTarget(pieces.join(""))}`);

  await fc.assert(
    fc.asyncProperty(target, async (path) => {
      const first = await app.raw(rawRequest("GET", path));
      expect([first.status < 500, path]).toEqual([true, path]);
      if (first.headers.location === undefined) return;
      expect(first.headers.location).toMatch(/^\/(?![/\\])/);
      const second = await app.raw(rawRequest("GET", first.headers.location));
      expect([second.status < 500 && second.status !== 301, path]).toEqual([true, path]);
    }),
    { numRuns: 300 },
  );
  expect.hasAssertions();
}, 60_000);

/** Any bytes but those that end a request line or that no parser lets pass. */
function toTarget(text: string): string {
  return Buffer.from(text)
    .toString("latin1")
    .replace(/[^\x21\x22\x24-\x7e\x80-\xff]/g, "");
}

const HEADERS: Record<string, string>[] = [
  { Accept: ";;;,,,q=" },
  { Accept: `${"a/b;q=0.1,".repeat(1000)}` },
  { "Accept-Encoding": `${"x;q=0,".repeat(2000)}` },
  { "Accept-Encoding": 'gzip;q=abc, br;q="1"' },
  { "If-None-Match": `"${"a".repeat(10_000)}` },
  { "If-None-Match": '",",W/,W/",""' },
  { "If-Modified-Since": "Sun, 99 Nov 9999 99:99:99 GMT" },
  { "If-Match": "" },
  { Range: "bytes=0-0,1-1,-1,99999999999999-" },
  { Cookie: "=;;;a=%;__proto__=x; starpunk_session=\u00ff" },
  { Authorization: "Bearer " },
  { "X-Forwarded-For": "'; DROP TABLE notes --", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https" },
  { Forwarded: "for=evil;host=evil.example", Origin: "null", Referer: "//" },
  { Host: "evil.example" },
  { Host: "evil.example:99999" },
  { Host: "" },
  { "Content-Type": "\u00ff", "Content-Length": "0" },
  { "HX-Request": "true", "HX-Current-URL": "::::" },
  { "X-HTTP-Method-Override": "DELETE", "X-Original-URL": "/admin", "X-Rewrite-URL": "/admin" },
  { "User-Agent": "\u001b[31m".slice(1), "X-Request-Id": "a" },
];

test.each(HEADERS.map((headers) => ({ name: JSON.stringify(headers).slice(0, 60), headers })))(
  "$name does not upset any address, and nothing of it comes back",
  async ({ headers }) => {
    for (const path of ["/", "/search?q=a", "/feed.xml", "/admin", "/login", "/none", "/static/x", "/micropub"]) {
      const answer = await app.raw(rawRequest("GET", path, headers));

      expect([path, answer.status < 500]).toEqual([path, true]);
      expect(JSON.stringify(answer)).not.toContain("evil");
    }
  },
);

test("an address with another host in it is read as if it had none", async () => {
  const answers = await Promise.all(
    ["http://evil.example/none", "http://evil.example", "HTTPS://evil.example/none?x=http://evil.example/"].map(
      (target) => app.raw(rawRequest("GET", target)),
    ),
  );

  expect(answers.map(({ status }) => status)).toEqual([404, 200, 404]);
  expect(JSON.stringify(answers)).not.toContain("evil");
});
