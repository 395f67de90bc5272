import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import { MAX_PURGED_CHANGES, purgeEdge, syncEdges } from "../../src/edge/purge.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { DONE, retry } from "../../src/lib/outcome.ts";
import type { FetchOptions, FetchResult, SafeFetch } from "../../src/lib/safe-fetch.ts";
import { publishNote, saveDraft } from "../../src/notes/publish.ts";
import { reviseNote } from "../../src/notes/revise.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { createAuthor } from "../support/author.ts";
import { testContext } from "../support/context.ts";
import { testRunner } from "../support/jobs.ts";
import { until } from "../support/until.ts";

const EDGE = "http://127.0.0.1:6081/";
const OTHER = "http://edge.example/";
const AUTHOR = { madeBy: "admin" };
const OK: FetchResult = { ok: true, status: 200, headers: new Map(), body: Buffer.alloc(0), url: EDGE };

/** A site with edges that were purged of everything, and what they were sent since. */
async function edgeSite(addresses: readonly string[] = [EDGE]) {
  const sent: { url: string; options: FetchOptions | undefined }[] = [];
  const answer: { next: () => FetchResult } = { next: () => OK };
  const fetch: SafeFetch = (url, options) => {
    sent.push({ url, options });
    return Promise.resolve(answer.next());
  };
  const opened = await testContext({ fetch, config: { CACHE_PURGE_URLS: addresses } });
  const { ctx } = opened;
  await createAuthor(ctx);
  await syncEdges(ctx);
  for (const address of addresses) await purgeEdge(ctx, address);
  await ctx.db.write(() => ctx.db.run("DELETE FROM jobs"));
  sent.length = 0;
  return { ...opened, sent, answer };
}

const waiting = (ctx: { db: Database }) =>
  listJobs(ctx.db, "cache.purge", 100).filter(({ state }) => state === "waiting");

const keysOf = (sent: { options: FetchOptions | undefined }[]) =>
  sent.map(({ options }) => options?.headers?.["Surrogate-Key"]?.split(" ").toSorted());

test("a write queues one purge for each edge in its own transaction, however many things it changed", async () => {
  const { ctx } = await edgeSite([EDGE, OTHER]);

  await publishNote(ctx, { content: "#one #two", slug: "a" }, AUTHOR);
  await publishNote(ctx, { content: "#three", slug: "b" }, AUTHOR);

  expect(waiting(ctx).map(({ payload }) => JSON.parse(payload))).toEqual([{ address: OTHER }, { address: EDGE }]);
});

test("a write that changed nothing public queues no purge, and neither does any while there are no edges", async () => {
  const { ctx } = await edgeSite();
  const plain = await edgeSite([]);

  await saveDraft(ctx, { content: "not yet" }, AUTHOR);
  await publishNote(ctx, { content: "mine", visibility: "private" }, AUTHOR);
  await publishNote(plain.ctx, { content: "public" }, AUTHOR);

  expect([waiting(ctx), waiting(plain.ctx)]).toEqual([[], []]);
});

test("a write of a process that knows of no edges queues the purge too", async () => {
  const { ctx, dir } = await edgeSite();
  const db = Database.open({ file: `${dir}/starpunk.db`, readers: 1 });
  onTestFinished(() => db.close());

  await publishNote({ ...ctx, db, config: { ...ctx.config, CACHE_PURGE_URLS: [] } }, { content: "x" }, AUTHOR);

  expect(waiting(ctx)).toHaveLength(1);
});

test("a purge names what changed since the last one, the permalinks beside a note that came, and missing pages", async () => {
  const { ctx, sent } = await edgeSite();
  const at = (day: number) => `2026-02-0${day}T12:00:00.000Z` as Timestamp;
  const first = await publishNote(ctx, { content: "one", publishedAt: at(1) }, AUTHOR);
  const third = await publishNote(ctx, { content: "three", publishedAt: at(3) }, AUTHOR);
  await purgeEdge(ctx, EDGE);
  const second = await publishNote(ctx, { content: "two #web", publishedAt: at(2) }, AUTHOR);

  const outcome = await purgeEdge(ctx, EDGE);

  expect(outcome).toEqual(DONE);
  expect(sent[1]).toMatchObject({ url: EDGE, options: { method: "PURGE" } });
  expect(sent[1]?.options?.headers?.["Cache-Tag"]?.split(",")).toEqual(
    sent[1]?.options?.headers?.["Surrogate-Key"]?.split(" "),
  );
  expect(keysOf(sent)[1]).toEqual(
    ["link", "note"]
      .map((kind) => `${kind}:${second.id}`)
      .concat([`note:${first.id}`, `note:${third.id}`, "list", "missing", "tag:web"])
      .toSorted(),
  );
});

test("nothing is sent where nothing changed since the last purge", async () => {
  const { ctx, sent } = await edgeSite();
  await publishNote(ctx, { content: "x" }, AUTHOR);
  await purgeEdge(ctx, EDGE);

  const outcome = await purgeEdge(ctx, EDGE);

  expect([outcome, sent.length]).toEqual([DONE, 1]);
});

test.each<[string, FetchResult]>([
  ["refuses", { ...OK, status: 405 } as FetchResult],
  ["redirects", { ...OK, status: 301 } as FetchResult],
  ["is down", { ok: false, outcome: retry("The server refused the connection.") }],
  ["is not an edge of this process", { ok: false, outcome: { result: "give_up", reason: "none of these" } }],
])("what an edge missed because it %s is purged later, with what came since", async (_, failure) => {
  const { ctx, sent, answer } = await edgeSite();
  const one = await publishNote(ctx, { content: "one", visibility: "unlisted" }, AUTHOR);
  answer.next = () => failure;
  const failed = await purgeEdge(ctx, EDGE);
  const two = await publishNote(ctx, { content: "two", visibility: "unlisted" }, AUTHOR);
  answer.next = () => OK;

  const outcome = await purgeEdge(ctx, EDGE);

  expect([failed.result, outcome.result]).toEqual(["retry", "done"]);
  expect(keysOf(sent)).toEqual([
    ["missing", `note:${one.id}`],
    ["missing", `note:${one.id}`, `note:${two.id}`],
  ]);
});

test("a change that comes while a purge is on its way is purged by the next", async () => {
  const { ctx, sent } = await edgeSite();
  const one = await publishNote(ctx, { content: "one", visibility: "unlisted" }, AUTHOR);
  const fetch: SafeFetch = async (url, options) => {
    await reviseNote(ctx, one.id, { content: "changed", origin: AUTHOR });
    return ctx.fetch(url, options);
  };

  await purgeEdge({ ...ctx, fetch }, EDGE);
  await purgeEdge(ctx, EDGE);

  expect(keysOf(sent)).toEqual([
    ["missing", `note:${one.id}`],
    ["missing", `note:${one.id}`],
  ]);
});

test("a setting purges everything", async () => {
  const { ctx, sent } = await edgeSite();
  await publishNote(ctx, { content: "x" }, AUTHOR);
  await changeSettings(ctx, { siteTitle: "Another" });

  await purgeEdge(ctx, EDGE);

  expect(keysOf(sent)).toEqual([["site"]]);
});

test("as many changes as may be are purged one by one, and one more purges everything", async () => {
  const { ctx, sent } = await edgeSite();
  const change = (count: number) =>
    ctx.db.write(() => {
      const keys = JSON.stringify(Array.from({ length: count }, (_, index) => `t:${index}`));
      ctx.db.run("INSERT INTO public_changes (key, changed_at) SELECT value, :now FROM json_each(:keys)", {
        keys,
        now: ctx.clock(),
      });
    });

  await change(MAX_PURGED_CHANGES);
  await purgeEdge(ctx, EDGE);
  await change(MAX_PURGED_CHANGES + 1);
  await purgeEdge(ctx, EDGE);

  expect(keysOf(sent).map((keys) => keys?.length)).toEqual([MAX_PURGED_CHANGES + 1, 1]);
});

test("a new edge, and every edge once something else makes the pages, is purged whole at the start", async () => {
  const { ctx, sent } = await edgeSite();
  const later = { ...ctx, config: { ...ctx.config, CACHE_PURGE_URLS: [EDGE, OTHER] } };
  await syncEdges(later);
  const added = waiting(ctx).length;
  await purgeEdge(later, OTHER);
  await syncEdges({ ...later, config: { ...later.config, SITE_URL: "https://new.example" } });
  await purgeEdge(later, EDGE);

  expect(added).toBe(1);
  expect(keysOf(sent)).toEqual([["site"], ["site"]]);
  expect(sent.map(({ url }) => url)).toEqual([OTHER, EDGE]);
});

test("an edge is purged whole at the start after the database was put back from a copy", async () => {
  const { ctx, dir, sent } = await edgeSite();
  await publishNote(ctx, { content: "x" }, AUTHOR);
  await purgeEdge(ctx, EDGE);
  ctx.db.close();
  const file = join(dir, "starpunk.db");
  copyFileSync(file, `${file}.copy`);
  renameSync(`${file}.copy`, file);
  const db = Database.open({ file, readers: 1 });
  onTestFinished(() => db.close());

  await syncEdges({ ...ctx, db });
  await purgeEdge({ ...ctx, db }, EDGE);

  expect(keysOf(sent).at(-1)).toEqual(["site"]);
});

test("a start asks again for what a purge that was given up has left", async () => {
  const { ctx } = await edgeSite();
  await publishNote(ctx, { content: "x" }, AUTHOR);
  await ctx.db.write(() => ctx.db.run("UPDATE jobs SET state = 'failed', finished_at = :now", { now: ctx.clock() }));

  await syncEdges(ctx);

  expect(waiting(ctx)).toHaveLength(1);
});

test("an edge that the configuration no longer names is asked for nothing", async () => {
  const { ctx, sent } = await edgeSite([EDGE, OTHER]);
  await publishNote(ctx, { content: "x" }, AUTHOR);
  await syncEdges({ ...ctx, config: { ...ctx.config, CACHE_PURGE_URLS: [OTHER] } });

  const outcome = await purgeEdge(ctx, EDGE);

  expect([outcome, sent]).toEqual([DONE, []]);
});

test("purges leave one finished job behind, not one for each write", async () => {
  const { ctx } = await edgeSite();
  const runner = testRunner(ctx, { "cache.purge": ({ address }) => purgeEdge(ctx, address) });

  for (const content of ["one", "two", "three", "four"]) {
    await publishNote(ctx, { content }, AUTHOR);
    runner.wake();
    await until(() => expect(waiting(ctx)).toEqual([]));
  }
  await until(() => expect(listJobs(ctx.db, "cache.purge", 100).map(({ state }) => state)).toEqual(["done"]));
});
