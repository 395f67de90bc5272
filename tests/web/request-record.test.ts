import { connect } from "node:net";
import { expect, test } from "vitest";
import type { Sample } from "../../src/lib/measurement.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { assetPath } from "../../src/web/assets.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { rawRequest } from "../support/server.ts";
import { until } from "../support/until.ts";

const AUTHOR = { madeBy: "admin" };
const KEPT = { Connection: "keep-alive" };

/** Sends a request on a connection of its own, and counts what comes back until the server ends it, or `leaveAt` bytes. */
function count(port: number, request: Buffer, leaveAt = Number.POSITIVE_INFINITY): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    socket.on("data", () => {
      if (socket.bytesRead >= leaveAt) socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(socket.bytesRead));
  });
}

async function takeSamples({ ctx }: TestApp, count: number): Promise<Sample[]> {
  await until(() => expect(ctx.metrics.samples("http")).toHaveLength(count));
  return ctx.metrics.samples("http").toReversed();
}

test("a static file, a page, the same page from the cache, its 304 and a HEAD are each measured once, in bytes on the line", async () => {
  const app = await testApp();
  await publishNote(app.ctx, { content: "hello", slug: "hello" }, AUTHOR);
  const page = await app.http.get("/notes/hello");
  const requests = [
    rawRequest("GET", assetPath("site.css")),
    rawRequest("GET", "/notes/hello"),
    rawRequest("GET", "/notes/hello", { "If-None-Match": page.headers.etag ?? "" }),
    rawRequest("HEAD", "/notes/hello"),
  ];
  const received: number[] = [];
  for (const request of requests) received.push(await count(app.port, request));

  const [first, ...samples] = await takeSamples(app, 5);

  expect(first).toMatchObject({ name: "/notes/:slug", outcome: "200", isFailed: false });
  expect(samples.map(({ name, outcome }) => [name, outcome])).toEqual([
    ["/static/:name", "200"],
    ["/notes/:slug", "200"],
    ["/notes/:slug", "304"],
    ["/notes/:slug", "200"],
  ]);
  expect(samples.map(({ size }) => size)).toEqual(received);
  expect(samples.every(({ requestId, durationMs }) => requestId !== undefined && durationMs > 0)).toBe(true);
});

test("a failure of ours is measured once and counts as one; what the client did wrong does not", async () => {
  const app = await testApp();
  await app.http.get("/none").expect(404);
  app.ctx.db.close();
  const size = await count(app.port, rawRequest("GET", "/notes/hello"));

  const samples = await takeSamples(app, 2);

  expect(samples.map(({ outcome, isFailed }) => [outcome, isFailed])).toEqual([
    ["404", false],
    ["503", true],
  ]);
  expect(samples[1]?.size).toBe(size);
  expect(app.ctx.metrics.summarizeAll("http", "start")).toMatchObject({ count: 2, errors: 1 });
});

test("an answer that its reader left is measured once, as aborted: one that is made as it goes, and one from the cache", async () => {
  const app = await testApp();
  const content = "word ".repeat(50_000);
  for (let index = 0; index < 4; index += 1) await publishNote(app.ctx, { content, slug: `n${index}` }, AUTHOR);
  await app.http.get("/notes/n1").expect(200);
  const many = Buffer.concat(Array.from({ length: 100 }, () => rawRequest("GET", "/notes/n1", KEPT)));

  await count(app.port, many, 1);
  const aborted = () => app.ctx.metrics.samples("http").filter(({ outcome }) => outcome === "aborted");

  await until(() => expect(aborted().length).toBeGreaterThan(0));
  expect(aborted()).toMatchObject(aborted().map(() => ({ name: "/notes/:slug", isFailed: false })));
});

test("metrics that are switched off hold nothing", async () => {
  const { MetricsBuffer } = await import("../../src/lib/metrics-buffer.ts");
  const metrics = new MetricsBuffer({ clock: () => "2026-03-01T09:30:00.000Z" as never, isEnabled: false });
  const app = await testApp({ metrics });

  await app.http.get("/").expect(200);
  await app.http.get("/").expect(200);

  expect(metrics.samples("http")).toEqual([]);
  expect(metrics.summarizeAll("http", "start").count).toBe(0);
});

test("pages and texts that are rendered are measured under their template and format", async () => {
  const app = await testApp();

  await publishNote(app.ctx, { content: "hello", slug: "hello" }, AUTHOR);
  await app.http.get("/notes/hello").expect(200);

  const names = app.ctx.metrics.samples("render").map(({ name, outcome }) => [name, outcome]);
  expect(names.toReversed()).toEqual([
    ["markdown", "ok"],
    ["notes/show.njk", "ok"],
  ]);
});
