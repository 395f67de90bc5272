import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { saveImage } from "../../src/media/save-image.ts";
import { replaceVariants } from "../../src/media/variants-store.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { picture } from "../support/images.ts";
import { rawRequest } from "../support/server.ts";

async function openSite(type: "jpeg" | "png" | "gif" | "webp" = "png") {
  const app = await testApp();
  const file = await saveImage(app.ctx, {
    bytes: await picture(60, 40).toFormat(type).toBuffer(),
    originalName: "a.html",
  });
  return { ...app, file, path: `/media/${file.name}`, bytes: readFileSync(join(app.dir, "media", file.name)) };
}

test.each(["jpeg", "png", "gif", "webp"] as const)(
  "a %s is served as it is stored, with exactly its type",
  async (type) => {
    const { http, path, bytes, file } = await openSite(type);

    const answer = await http.get(path).expect(200);

    expect(answer.body).toEqual(bytes);
    expect(answer.headers).toMatchObject({
      "content-type": `image/${type}`,
      "content-length": String(bytes.length),
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${file.name}"`,
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      "content-security-policy": "default-src 'none'; sandbox",
    });
    expect(answer.headers).not.toHaveProperty("set-cookie");
    expect(answer.headers).not.toHaveProperty("content-encoding");
  },
);

test("HEAD tells the same without the bytes", async () => {
  const { http, path, bytes } = await openSite();

  const answer = await http.head(path).set("Range", "bytes=0-9").expect(200);

  expect(answer.headers).toMatchObject({ "content-type": "image/png", "content-length": String(bytes.length) });
});

test.each([(etag: string) => etag, (etag: string) => `W/${etag}`, (etag: string) => `"other", ${etag}`, () => "*"])(
  "who has the file gets 304 (%#)",
  async (toHeader) => {
    const { http, path, file } = await openSite();
    const etag = `"${file.name}"`;

    const answer = await http.get(path).set("If-None-Match", toHeader(etag)).expect(304);

    expect(answer.headers).toMatchObject({ etag, "cache-control": "public, max-age=31536000, immutable" });
    expect(answer.text).toBe("");
  },
);

test("who has another one gets the file; who wants another one gets 412", async () => {
  const { http, path } = await openSite();

  const [stale, conditional] = [
    await http.get(path).set("If-None-Match", '"other"'),
    await http.get(path).set("If-Match", '"other"'),
  ];

  expect([stale.status, conditional.status]).toEqual([200, 412]);
});

test.each([
  ["bytes=0-9", 0, 10],
  ["bytes=20-", 20, undefined],
  ["bytes=-7", -7, undefined],
])("a part is served for Range: %s", async (range, start, end) => {
  const { http, path, bytes } = await openSite();
  const part = bytes.subarray(start, end);
  const first = start < 0 ? bytes.length + start : start;

  const answer = await http.get(path).set("Range", range).expect(206);

  expect(answer.body).toEqual(part);
  expect(answer.headers).toMatchObject({
    "content-range": `bytes ${first}-${first + part.length - 1}/${bytes.length}`,
    "content-length": String(part.length),
    "content-type": "image/png",
  });
});

test("a part beyond the end is 416 with the size", async () => {
  const { http, path, bytes } = await openSite();

  const answer = await http.get(path).set("Range", `bytes=${bytes.length}-`).expect(416);

  expect(answer.headers["content-range"]).toBe(`bytes */${bytes.length}`);
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("several parts, or a part of another state, are answered with the whole", async () => {
  const { http, path, bytes } = await openSite();

  const several = await http.get(path).set("Range", "bytes=0-1,4-5").expect(200);
  const other = await http.get(path).set("Range", "bytes=0-1").set("If-Range", '"other"').expect(200);

  expect([several.body, other.body]).toEqual([bytes, bytes]);
});

test.each([
  "/media/",
  "/media/nothing.png",
  "/media/aaaaaaaaaaaaaaaaaaaaaa.png",
  "/media/..%2fstarpunk.db",
  "/media/%2e%2e%2fstarpunk.db",
  "/media/..%5cstarpunk.db",
  "/media/%00",
  "/media/.",
  "/media/foreign.txt",
])("%s gives nothing, whatever lies in the folder", async (path) => {
  const { dir, raw } = await openSite();
  writeFileSync(join(dir, "media", "foreign.txt"), "secret");

  const answer = await raw(rawRequest("GET", path));

  expect([301, 404]).toContain(answer.status); // A path with dots in it is led to its one spelling first.
  expect(answer.body).not.toContain("secret");
});

test("a file that is recorded but lost is 404, not a fault", async () => {
  const { http, dir, file, path } = await openSite();
  rmSync(join(dir, "media", file.name));

  const answer = await http.get(path);

  expect(answer.status).toBe(404);
});

async function openVariant() {
  const app = await testApp();
  const file = await saveImage(app.ctx, { bytes: await picture(60, 40).png().toBuffer() });
  const name = `${file.name.slice(0, 22)}-48.webp`;
  const bytes = await picture(48, 32).webp().toBuffer();
  const variant = { name, mediaType: "image/webp", width: 48, height: 32, sizeBytes: bytes.length };
  mkdirSync(join(app.dir, "variants"));
  writeFileSync(join(app.dir, "variants", name), bytes);
  await app.ctx.db.write(() => replaceVariants(app.ctx.db, file.name, { recipe: 1, variants: [variant] }));
  return { ...app, file, name, bytes, path: `/media/${name}` };
}

test("a smaller version is served as an image is: for ever, in parts, with its type", async () => {
  const { http, path, name, bytes } = await openVariant();

  const [whole, part] = [await http.get(path).expect(200), await http.get(path).set("Range", "bytes=4-7").expect(206)];

  expect(whole.body).toEqual(bytes);
  expect(whole.headers).toMatchObject({
    "content-type": "image/webp",
    "cache-control": "public, max-age=31536000, immutable",
    etag: `"${name}.${bytes.length}"`,
    "content-security-policy": "default-src 'none'; sandbox",
  });
  expect(part.body).toEqual(bytes.subarray(4, 8));
  await http.get(path).set("If-None-Match", `"${name}.${bytes.length}"`).expect(304);
});

test.each([
  ["file is lost", ({ dir, name }: { dir: string; name: string }) => rmSync(join(dir, "variants", name))],
  ["row is gone", async ({ ctx }: TestApp) => await ctx.db.write(() => ctx.db.run("DELETE FROM media_variants"))],
])("where the %s the image itself is shown, and nobody keeps it under that name", async (_, damage) => {
  const app = await openVariant();
  await damage(app);

  const answer = await app.http.get(app.path).expect(200);

  expect(answer.headers).toMatchObject({ "content-type": "image/png", "cache-control": "no-cache" });
  expect(answer.body).toEqual(readFileSync(join(app.dir, "media", app.file.name)));
});

test("a smaller version of nothing is 404", async () => {
  const { http } = await openVariant();

  expect((await http.get("/media/aaaaaaaaaaaaaaaaaaaaaa-480.avif")).status).toBe(404);
});

test("a reader that hangs up in the middle leaves no open file behind", async () => {
  const { ctx, port, dir } = await testApp();
  const pixels = picture(1_500, 1_500).png({ compressionLevel: 0 });
  const file = await saveImage(ctx, { bytes: await pixels.toBuffer() });
  const openFiles = () => listOpen().filter((path) => path.startsWith(join(dir, "media"))).length;

  const socket = connect(port, "127.0.0.1", () => socket.write(rawRequest("GET", `/media/${file.name}`)));
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  await vi.waitFor(() => expect(openFiles()).toBe(1));
  socket.destroy();

  await vi.waitFor(() => expect(openFiles()).toBe(0), { timeout: 5_000 });
});

/** Files that this process has open, as Linux tells. */
function listOpen(): string[] {
  return readdirSync("/proc/self/fd").flatMap((name) => {
    try {
      return [readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return []; // Closed since the folder was read.
    }
  });
}
