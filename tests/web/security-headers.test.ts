import { expect, test } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import { sendAuthorPage, sendPage } from "../../src/web/answer.ts";
import { HSTS_SECONDS } from "../../src/web/security-headers.ts";
import type { RawAnswer } from "../support/server.ts";
import { rawRequest } from "../support/server.ts";
import { testWeb } from "../support/web.ts";

function site(siteUrl?: string) {
  return testWeb(
    (router) => {
      router.get("/page", (req, res) => sendPage(req, res, { html: "<p>page</p>" }));
      router.get("/fails", () => {
        throw new Error("oops");
      });
      router.get("/gone", () => {
        throw new AppError("gone", "Gone.");
      });
      router.get("/away", (_req, res) => res.redirect(303, "/page"));
      router.get("/stream", (_req, res) => {
        res.write("a");
        res.end("b");
      });
      router.get("/admin", (_req, res) => sendAuthorPage(res, { html: "<p>admin</p>" }));
      router.get("/admin/fails", () => {
        throw new AppError("storage_full", "Full.");
      });
    },
    siteUrl === undefined ? {} : { siteUrl },
  );
}

const ANSWERS: [kind: string, status: number, request: Buffer][] = [
  ["a page", 200, rawRequest("GET", "/page")],
  ["its head", 200, rawRequest("HEAD", "/page")],
  ["no change", 304, rawRequest("GET", "/page", { "If-None-Match": "*" })],
  ["a condition that fails", 412, rawRequest("GET", "/page", { "If-Match": '"x"' })],
  ["no coding that fits", 406, rawRequest("GET", "/page", { "Accept-Encoding": "*;q=0" })],
  ["another spelling", 301, rawRequest("GET", "/page/")],
  ["another spelling to write to", 308, rawRequest("POST", "/page/")],
  ["a redirect", 303, rawRequest("GET", "/away")],
  ["a stream", 200, rawRequest("GET", "/stream")],
  ["options", 204, rawRequest("OPTIONS", "/page")],
  ["a broken address", 400, rawRequest("GET", "/%")],
  ["no page", 404, rawRequest("GET", "/none")],
  ["a wrong method", 405, rawRequest("DELETE", "/page")],
  ["a gone page", 410, rawRequest("GET", "/gone")],
  ["a fault", 500, rawRequest("GET", "/fails")],
  ["a problem in JSON", 404, rawRequest("GET", "/none", { Accept: "application/json" })],
  ["a part for htmx", 410, rawRequest("GET", "/gone", { "HX-Request": "true" })],
  ["a protocol's error", 404, rawRequest("GET", "/micropub/none")],
];

test.each(ANSWERS)("%s (%i) has every security header", async (_kind, status, request) => {
  const { raw } = await site();

  const answer = await raw(request);

  expect(answer.status).toBe(status);
  expect(policy(answer)).toEqual({
    "default-src": "'none'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self'",
    "media-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
  });
  expect(answer.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-request-id": expect.stringMatching(/^[\w-]{9,}$/),
  });
  expect(answer.headers).not.toHaveProperty("x-powered-by");
  expect(answer.headers).not.toHaveProperty("server");
});

test.each([
  ["a page", 200, rawRequest("GET", "/admin")],
  ["an error", 507, rawRequest("GET", "/admin/fails")],
  ["no page", 404, rawRequest("GET", "/admin/none")],
  ["a wrong method", 405, rawRequest("DELETE", "/admin")],
])(
  "%s (%i) of the author's may run our own scripts, tells no one where it was, and is kept nowhere",
  async (_kind, status, request) => {
    const { raw } = await site();

    const answer = await raw(request);

    expect(answer.status).toBe(status);
    expect(policy(answer)).toMatchObject({
      "default-src": "'none'",
      "script-src": "'self'",
      "connect-src": "'self'",
      "base-uri": "'none'",
      "frame-ancestors": "'none'",
    });
    expect(answer.headers).toMatchObject({ "referrer-policy": "same-origin", "cache-control": "no-store" });
  },
);

test("nothing inline and no evaluation is allowed anywhere", async () => {
  const { raw } = await site();

  const answers = await Promise.all(
    ["/page", "/admin", "/none", "/admin/none"].map((path) => raw(rawRequest("GET", path))),
  );

  for (const answer of answers) {
    expect(answer.headers["content-security-policy"]).not.toMatch(/unsafe|data:|blob:|\*|nonce|https?:/);
  }
});

test.each([
  ["https://blog.example", `max-age=${HSTS_SECONDS}`],
  ["http://blog.example", undefined],
])("with SITE_URL %s, Strict-Transport-Security is %s", async (siteUrl, expected) => {
  const { raw } = await site(siteUrl);

  const answers = await Promise.all(["/page", "/none", "/admin"].map((path) => raw(rawRequest("GET", path))));

  expect(answers.map(({ headers }) => headers["strict-transport-security"])).toEqual([expected, expected, expected]);
});

function policy({ headers }: RawAnswer): Record<string, string> {
  const directives = (headers["content-security-policy"] ?? "").split("; ");
  return Object.fromEntries(
    directives.map((text) => [text.slice(0, text.indexOf(" ")), text.slice(text.indexOf(" ") + 1)]),
  );
}
