import { expect, test } from "vitest";
import type { FetchOptions, FetchResult, SafeFetch } from "../../src/lib/safe-fetch.ts";
import { createSafeFetch } from "../../src/lib/safe-fetch.ts";
import { copyRemoteImage, MAX_COPY_BYTES } from "../../src/media/copy-remote-image.ts";
import { findMedia } from "../../src/media/media-store.ts";
import { findRemoteImage, insertRemoteImage, listFailedRemoteImages } from "../../src/media/remote-images-store.ts";
import { NOW, testContext } from "../support/context.ts";
import { picture } from "../support/images.ts";
import { startHttp } from "../support/loopback.ts";

const URL_OF_CAT = "https://pets.example/pictures/my%20cat.png?size=large";

/** Answers every request with the same, and remembers what was asked. */
function answering(answer: Partial<Extract<FetchResult, { ok: true }>> | Extract<FetchResult, { ok: false }>) {
  const asked: [string, FetchOptions | undefined][] = [];
  const fetch: SafeFetch = (url, options) => {
    asked.push([url, options]);
    const response = { ok: true, status: 200, headers: new Map(), body: Buffer.alloc(0), url, ...answer };
    return Promise.resolve(response as FetchResult);
  };
  return { fetch, asked };
}

test("an image elsewhere becomes a file of ours, once", async () => {
  const body = await picture(40, 30).png().toBuffer();
  const { fetch, asked } = answering({ body });
  const { ctx } = await testContext({ fetch });
  await ctx.db.write(() => insertRemoteImage(ctx.db, URL_OF_CAT, NOW));

  const first = await copyRemoteImage(ctx, { url: URL_OF_CAT, isLastAttempt: false });
  const second = await copyRemoteImage(ctx, { url: URL_OF_CAT, isLastAttempt: false });

  const image = findRemoteImage(ctx.db, URL_OF_CAT);
  expect([first, second]).toEqual([{ result: "done" }, { result: "done" }]);
  expect(image).toMatchObject({ mediaName: expect.stringMatching(/\.png$/u), reason: undefined });
  expect(findMedia(ctx.db, image?.mediaName ?? "")).toMatchObject({
    width: 40,
    height: 30,
    originalName: "my cat.png",
  });
  expect(asked).toEqual([[URL_OF_CAT, { accept: expect.stringContaining("image/png"), maxBytes: MAX_COPY_BYTES }]]);
});

test("an address without a scheme is asked for over https", async () => {
  const { fetch, asked } = answering({ body: await picture(4, 4).png().toBuffer() });
  const { ctx } = await testContext({ fetch });

  await copyRemoteImage(ctx, { url: "//pets.example/cat.png", isLastAttempt: false });

  expect(asked[0]?.[0]).toBe("https://pets.example/cat.png");
  expect(findRemoteImage(ctx.db, "//pets.example/cat.png")?.mediaName).toBeDefined();
});

test.each([
  ["404", { status: 404 }, "The server answered 404."],
  ["410", { status: 410 }, "The server answered 410."],
  ["a web page", { body: Buffer.from("<!doctype html>") }, /^The file is a web page\./u],
  ["an SVG", { body: Buffer.from("<svg>") }, /an SVG drawing/u],
  ["an empty body", {}, /^The file is empty\./u],
  [
    "a private address",
    { ok: false, outcome: { result: "give_up", reason: "The address is not on the public internet." } },
    "The address is not on the public internet.",
  ],
] as const)("%s will not pass: the job ends, and the reason is kept", async (_, answer, reason) => {
  const { ctx } = await testContext({ fetch: answering(answer as Parameters<typeof answering>[0]).fetch });
  await ctx.db.write(() => insertRemoteImage(ctx.db, URL_OF_CAT, NOW));

  const outcome = await copyRemoteImage(ctx, { url: URL_OF_CAT, isLastAttempt: false });

  expect(outcome).toEqual({ result: "give_up", reason: expect.stringMatching(reason) });
  expect(findRemoteImage(ctx.db, URL_OF_CAT)).toMatchObject({
    mediaName: undefined,
    reason: expect.stringMatching(reason),
  });
  expect(listFailedRemoteImages(ctx.db, 10)).toHaveLength(1);
});

test.each([
  ["429", { status: 429, headers: new Map([["retry-after", "90"]]) }, { retryAfterSeconds: 90 }],
  ["500", { status: 500 }, {}],
  ["503", { status: 503 }, {}],
  ["a timeout", { ok: false, outcome: { result: "retry", reason: "The server took too long." } }, {}],
] as const)("%s may pass: only the last attempt keeps its reason", async (_, answer, details) => {
  const { ctx } = await testContext({ fetch: answering(answer as Parameters<typeof answering>[0]).fetch });
  await ctx.db.write(() => insertRemoteImage(ctx.db, URL_OF_CAT, NOW));

  const outcome = await copyRemoteImage(ctx, { url: URL_OF_CAT, isLastAttempt: false });
  const meanwhile = findRemoteImage(ctx.db, URL_OF_CAT);
  await copyRemoteImage(ctx, { url: URL_OF_CAT, isLastAttempt: true });

  expect(outcome).toMatchObject({ result: "retry", ...details });
  expect(meanwhile).toEqual({ url: URL_OF_CAT, mediaName: undefined, reason: undefined, isShown: false });
  expect(findRemoteImage(ctx.db, URL_OF_CAT)?.reason).toMatch(/^The server/u);
});

test("one that failed waits again when it is asked for again; one that was copied stays", async () => {
  const { ctx } = await testContext({ fetch: answering({ status: 404 }).fetch });
  await copyRemoteImage(ctx, { url: URL_OF_CAT, isLastAttempt: false });

  await ctx.db.write(() => insertRemoteImage(ctx.db, URL_OF_CAT, NOW));
  const waiting = findRemoteImage(ctx.db, URL_OF_CAT);
  const { fetch } = answering({ body: await picture(4, 4).gif().toBuffer() });
  await copyRemoteImage({ ...ctx, fetch }, { url: URL_OF_CAT, isLastAttempt: false });
  await ctx.db.write(() => insertRemoteImage(ctx.db, URL_OF_CAT, NOW));

  expect(waiting).toMatchObject({ reason: undefined });
  expect(findRemoteImage(ctx.db, URL_OF_CAT)?.mediaName).toMatch(/\.gif$/u);
});

test("over the network: 10 MB of an image are taken, a redirect followed, one byte more is not, and nothing past the most", async () => {
  const png = await picture(20, 20).png().toBuffer();
  await using server = await startHttp((req, res) => {
    if (req.url === "/moved") return void res.writeHead(302, { location: "/10000000" }).end();
    const size = Number(req.url?.slice(1));
    if (size > MAX_COPY_BYTES) return void res.writeHead(200, { "content-length": size }).end();
    res.end(Buffer.concat([png, Buffer.alloc(size - png.length)]));
  });
  const { ctx } = await testContext({ fetch: createSafeFetch({ allowPrivateNetwork: true, userAgent: "test" }) });

  const taken = await copyRemoteImage(ctx, { url: `${server.origin}/moved`, isLastAttempt: false });
  const past = await copyRemoteImage(ctx, { url: `${server.origin}/10000001`, isLastAttempt: false });
  const huge = await copyRemoteImage(ctx, { url: `${server.origin}/${MAX_COPY_BYTES + 1}`, isLastAttempt: false });

  expect(taken).toEqual({ result: "done" });
  expect(past).toMatchObject({ result: "give_up", reason: expect.stringContaining("an image may have 10 MB") });
  expect(huge).toMatchObject({ result: "give_up", reason: expect.stringContaining(`${MAX_COPY_BYTES} bytes`) });
});

test("without permission nothing on the private network is asked", async () => {
  await using server = await startHttp((_, res) => res.end("secret"));
  const { ctx } = await testContext({ fetch: createSafeFetch({ allowPrivateNetwork: false, userAgent: "test" }) });

  const outcome = await copyRemoteImage(ctx, { url: `${server.origin}/cat.png`, isLastAttempt: false });

  expect(outcome).toMatchObject({ result: "give_up", reason: "The address is not on the public internet." });
  expect(server.connections()).toBe(0);
});
