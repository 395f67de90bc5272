import { readdirSync, readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { OwnTheme } from "../../src/theme/own-theme.ts";
import { assetAt, assetPath, listAssets } from "../../src/web/assets.ts";
import { createRouter } from "../../src/web/router.ts";
import { staticRoutes } from "../../src/web/routes/static.ts";
import { testContext } from "../support/context.ts";
import { rawRequest } from "../support/server.ts";
import { testWeb } from "../support/web.ts";

async function assets() {
  const { ctx } = await testContext();
  return testWeb((router) => void router.use(createRouter().use(staticRoutes(ctx, new OwnTheme(ctx)))));
}

test("every file of static/ is an asset, and htmx and Chart.js come from their packages", () => {
  const files = readdirSync("static").filter((name) => !name.startsWith("."));

  const names = listAssets().map(({ name }) => name);

  expect(names.toSorted()).toEqual([...files, "chart.min.js", "htmx.min.js"].toSorted());
});

test("the name of an asset changes with its bytes", () => {
  const paths = listAssets().map(({ path }) => path);

  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^\/static\/[\w.-]+\.[\w-]{12}\.\w+$/);
});

test("an asset is found at its own address alone", () => {
  const path = assetPath("site.css");

  expect(assetAt(path)?.name).toBe("site.css");
  for (const other of [
    path.replace(/.(?=\.css)/, "?"),
    "/static/site.css",
    "/static/constructor",
    "/static/../site.css",
  ])
    expect(assetAt(other), other).toBeUndefined();
});

test("asking for an asset that is not there is a mistake that names it", () => {
  expect(() => assetPath("nothing.css")).toThrow("static/nothing.css");
});

test.each(listAssets().map(({ name, path, bytes, mediaType }) => ({ name, path, bytes, mediaType })))(
  "$name is served whole and may be kept for a year",
  async ({ path, bytes, mediaType }) => {
    const { raw } = await assets();

    const answer = await raw(rawRequest("GET", path));

    expect(answer.status).toBe(200);
    expect(Buffer.from(answer.body, "latin1").equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      "content-type": mediaType,
      "content-length": String(bytes.length),
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      vary: "Accept-Encoding",
    });
  },
);

test.each([
  ["br", brotliDecompressSync],
  ["gzip", gunzipSync],
])("text goes out in %s, the same bytes each time, and 304 costs nothing", async (coding, decode) => {
  const { raw } = await assets();
  const path = assetPath("site.css");
  const get = (headers: Record<string, string> = {}) =>
    raw(rawRequest("GET", path, { "Accept-Encoding": coding, ...headers }));

  const [first, second] = [await get(), await get()];
  const unchanged = await get({ "If-None-Match": first.headers.etag! });

  expect(decode(Buffer.from(first.body, "latin1")).equals(readFileSync("static/site.css"))).toBe(true);
  expect(second.body).toBe(first.body);
  expect([unchanged.status, unchanged.body]).toEqual([304, ""]);
});

test("an image is not compressed once more", async () => {
  const { raw } = await assets();

  const answer = await raw(rawRequest("GET", assetPath("icon.png"), { "Accept-Encoding": "br, gzip" }));

  expect(answer.headers).not.toHaveProperty("content-encoding");
});

test.each([
  "/static/site.css",
  "/static/site.AAAAAAAAAAAA.css",
  "/static/..%2Fpackage.json",
  "/static/..%5Cpackage.json",
  "/static/..%2F..%2Fetc%2Fpasswd",
  "/static/.htaccess",
  "/static/site.css%00.png",
  "/static/__proto__",
  "/static/constructor",
  "/static",
])("%s is not in the list, so it is 404", async (path) => {
  const { raw } = await assets();

  const answer = await raw(rawRequest("GET", path));

  expect(answer.status).toBe(404);
});

test("the old address of the icon leads to the present one", async () => {
  const { http } = await assets();

  const answer = await http.get("/favicon.ico");

  expect([answer.status, answer.headers.location]).toEqual([302, assetPath("icon.png")]);
});
