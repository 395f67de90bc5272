import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askFor } from "../../bench/load/ask.ts";
import { readAnswer } from "../../bench/load/feed-reader.ts";
import { runNodeLoad } from "../../bench/load/node-load.ts";
import { createPublisher, createTexts } from "../../bench/load/publisher.ts";
import { QUICK } from "../../bench/plan.ts";
import { cpuMicros, memoryOf } from "../../bench/proc.ts";
import { Processes } from "../../bench/processes.ts";
import type { PlainName } from "../../bench/servers/plain-server.ts";
import { Stage } from "../../bench/servers/stage.ts";
import { splitFeed } from "../../bench/sets/feed-items.ts";
import { NoteSets } from "../../bench/sets/note-sets.ts";

const NOTES = 60;
const PREBUILT: readonly PlainName[] = ["bare-http", "bare-express", "bare-hot"];

const processes = new Processes();
const folder = mkdtempSync(join(tmpdir(), "starpunk-bench-"));
let stage: Stage;

beforeAll(async () => {
  spawnSync(process.execPath, [join(import.meta.dirname, "../../scripts/build-if-needed.mjs")], { stdio: "inherit" });
  const sets = new NoteSets({ processes, cache: folder, runFolder: folder, corpus: undefined, say: () => {} });
  stage = new Stage(await sets.find(String(NOTES)), { processes, core: undefined, runFolder: folder, plan: QUICK });
}, 60_000);

afterAll(async () => {
  await stage.close();
  await processes.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

test.each(PREBUILT)("%s answers every page with the product's own bytes", async (name) => {
  const [product, plain] = [await stage.server("starpunk"), await stage.server(name)];
  const paths = ["/", "/feed.xml", ...stage.permalinks().slice(0, 5)];

  const bodies = await Promise.all(
    paths.map(async (path) => {
      const [own, copied] = [await askFor(200, product.origin + path), await askFor(200, plain.origin + path)];
      return copied.body.equals(own.body) && copied.headers["content-type"] === own.headers["content-type"];
    }),
  );

  expect(bodies).toEqual(paths.map(() => true));
  await askFor(404, `${plain.origin}/notes/of-nobody`);
});

test.each([...PREBUILT, "starpunk"] as const)(
  "%s says that an unchanged feed is unchanged, by tag and by time",
  async (name) => {
    const { origin } = await stage.server(name);
    const feed = (await stage.snapshot()).entries.get("/feed.xml");

    const byTag = await askFor(304, `${origin}/feed.xml`, { headers: { "If-None-Match": feed?.etag ?? "" } });
    const byTime = await askFor(304, `${origin}/feed.xml`, {
      headers: { "If-Modified-Since": feed?.lastModified ?? "" },
    });

    expect([byTag.body.length, byTime.body.length]).toEqual([0, 0]);
  },
);

test("bare-hot sends every header that the product sends, but for those of the moment", async () => {
  const [product, hot] = [await stage.server("starpunk"), await stage.server("bare-hot")];

  const [own, copied] = [await askFor(200, `${product.origin}/`), await askFor(200, `${hot.origin}/`)];
  const missing = Object.keys(own.headers).filter((header) => copied.headers[header] === undefined);

  expect(missing).toEqual(["x-request-id"]);
  expect(copied.headers["content-security-policy"]).toBe(own.headers["content-security-policy"]);
});

test("bare-stream sends every note of the set in one feed, with the product's items", async () => {
  const [product, bare] = [await stage.server("starpunk"), await stage.server("bare-stream")];

  const own = splitFeed((await askFor(200, `${product.origin}/feed.xml`)).body.toString());
  const whole = splitFeed((await askFor(200, `${bare.origin}/feed.xml`)).body.toString());
  const reading = await readAnswer(`${bare.origin}/feed.xml`);

  expect(whole.items).toHaveLength(NOTES);
  expect(whole.items.slice(0, own.items.length)).toEqual(own.items);
  expect([own.nextPath === undefined, reading.bytes > 10_000, reading.firstMs <= reading.totalMs]).toEqual([
    false,
    true,
    true,
  ]);
});

test("a search finds as many notes everywhere", async () => {
  const [path = ""] = stage.searches();
  const count = async (name: "starpunk" | "bare-stream" | "naive", mark: string) => {
    const { origin } = await stage.server(name);
    return (await askFor(200, origin + path)).body.toString().split(mark).length - 1;
  };

  const counts = [
    await count("starpunk", "<article"),
    await count("bare-stream", "<li>"),
    await count("naive", "<li>"),
  ];

  expect(counts[0]).toBeGreaterThan(5);
  expect(new Set(counts).size).toBe(1);
});

test("naive shows the newest notes, each with its text and tags, and its permalinks and feed", async () => {
  const { origin } = await stage.server("naive");
  const [path = ""] = stage.permalinks();

  const [home, feed] = [await askFor(200, `${origin}/`), await askFor(200, `${origin}/feed.xml`)];

  expect(home.body.toString().match(/<article/g)).toHaveLength(20);
  expect(home.body.toString()).toContain('class="p-category"');
  expect(feed.body.toString().match(/<item>/g)).toHaveLength(50);
  await askFor(200, origin + path);
});

test("a note is published over Micropub, and a row of it committed beside", async () => {
  const [product, raw] = [await stage.server("starpunk behind a proxy"), await stage.server("raw-commit")];
  const publisher = createPublisher({ origin: product.origin, token: stage.set.token, texts: createTexts() });

  const published = await publisher.publish();
  publisher.close();
  const note = { slug: "raw", content: published.content, publishedAt: "2026-01-01T00:00:00.000Z" };
  const commit = await askFor(200, raw.origin, { method: "POST", body: JSON.stringify(note) });

  expect(published.ms).toBeGreaterThan(0);
  expect(published.location).toMatch(/^https:\/\/blog\.example\/notes\//);
  expect(Number(commit.body.toString())).toBeGreaterThan(0);
});

test("a load of requests comes to figures: how many, how long, how much processor time and memory", async () => {
  const { origin, pid } = await stage.server("bare-http");
  const before = cpuMicros(pid);

  const question = () => ({ path: "/" });
  const result = await runNodeLoad({ origin, question, status: 200, requests: 400, connections: 4 });

  expect(result.requests / result.seconds).toBeGreaterThan(1);
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
  expect(cpuMicros(pid)).toBeGreaterThanOrEqual(before);
  expect(memoryOf(pid).peak).toBeGreaterThan(10 * 2 ** 20);
});

test("a load that is answered otherwise is no measurement", async () => {
  const { origin } = await stage.server("bare-http");
  const question = () => ({ path: "/nothing" });

  const load = runNodeLoad({ origin, question, status: 200, requests: 5, connections: 1 });

  await expect(load).rejects.toThrow("/nothing was answered with 404 instead of 200.");
});

test("a stage that closes leaves no process behind", async () => {
  const pids = [(await stage.server("starpunk")).pid, (await stage.server("naive")).pid];

  await stage.close();

  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
