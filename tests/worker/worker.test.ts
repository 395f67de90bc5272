import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { enqueue } from "../../src/jobs/job.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { giveUp, retry } from "../../src/lib/outcome.ts";
import type { FetchResult, SafeFetch } from "../../src/lib/safe-fetch.ts";
import { findRemoteImage } from "../../src/media/remote-images-store.ts";
import { saveImage } from "../../src/media/save-image.ts";
import { findNote } from "../../src/notes/note-store.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import { startWorker } from "../../src/worker/worker.ts";
import { NOW, testContext } from "../support/context.ts";
import { photo, picture } from "../support/images.ts";
import { testRunner } from "../support/jobs.ts";

const SOON = { timeout: 5_000, interval: 10 };
const CAT = "https://pets.example/cat.png";
const ADMIN = { madeBy: "admin" };

function serving(answer: () => Promise<FetchResult>): { fetch: SafeFetch; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    fetch: (url) => {
      asked.push(url);
      return answer();
    },
  };
}

async function anImage(): Promise<FetchResult> {
  return { ok: true, status: 200, headers: new Map(), body: await picture(40, 30).png().toBuffer(), url: CAT };
}

function htmlOf({ db }: Pick<Context, "db">, noteId: number): string {
  return findNote(db, noteId)?.contentHtml ?? "";
}

test("a remote image is a link until a job has copied it, then every note that shows it has the copy", async () => {
  const { fetch, asked } = serving(anImage);
  const { ctx } = await testContext({ fetch });
  const first = await publishNote(ctx, { content: `![A cat](${CAT})` }, ADMIN);
  const second = await publishNote(ctx, { content: `Again: ![The cat](${CAT})` }, ADMIN);
  const before = [htmlOf(ctx, first.id), htmlOf(ctx, second.id)];

  testRunner(ctx, createHandlers(ctx));

  const shown = expect.stringMatching(/<img[^>]+src="\/media\/[\w-]{22}\.png"/u);
  await vi.waitFor(() => expect([htmlOf(ctx, first.id), htmlOf(ctx, second.id)]).toEqual([shown, shown]), SOON);
  expect(before.join("")).not.toContain("<img");
  expect(before.join("")).toContain(`href="${CAT}"`);
  expect(htmlOf(ctx, first.id)).toMatch(/width="40" height="30"/u);
  expect(asked).toEqual([CAT]);
});

test("an image that cannot be copied stays a link, and its reason is kept", async () => {
  const { fetch } = serving(() =>
    Promise.resolve({ ok: false, outcome: giveUp("The address is not on the public internet.") }),
  );
  const { ctx } = await testContext({ fetch });
  const note = await publishNote(ctx, { content: `![A cat](${CAT})` }, ADMIN);

  testRunner(ctx, createHandlers(ctx));

  await vi.waitFor(() => expect(findRemoteImage(ctx.db, CAT)?.reason).toMatch(/public internet/u), SOON);
  await vi.waitFor(
    () => expect(listJobs(ctx.db, "media.copy_remote_image", 9)).toMatchObject([{ state: "failed" }]),
    SOON,
  );
  expect(htmlOf(ctx, note.id)).toContain(`href="${CAT}"`);
});

test("an image whose server is down for a while is copied when it is back", async () => {
  let isDown = true;
  const down: FetchResult = { ok: false, outcome: retry("The server refused the connection.") };
  const { fetch } = serving(() => (isDown ? Promise.resolve(down) : anImage()));
  const { ctx, clock } = await testContext({ fetch });
  const note = await publishNote(ctx, { content: `![A cat](${CAT})` }, ADMIN);
  testRunner(ctx, createHandlers(ctx));
  const jobs = () => listJobs(ctx.db, "media.copy_remote_image", 9);
  await vi.waitFor(() => expect(jobs()).toMatchObject([{ state: "waiting", attempts: 1 }]), SOON);

  isDown = false;
  clock.advance(60);

  await vi.waitFor(() => expect(htmlOf(ctx, note.id)).toContain('src="/media/'), SOON);
});

test("a copy whose notes were not rendered because of a crash is made up for by the same job", async () => {
  const { fetch, asked } = serving(anImage);
  const { ctx } = await testContext({ fetch });
  const note = await publishNote(ctx, { content: `![A cat](${CAT})` }, ADMIN);
  const handlers = createHandlers(ctx);
  await handlers["media.copy_remote_image"]({ url: CAT }, { jobId: 1, number: 1, isLast: false });
  await ctx.db.write(() => ctx.db.run("DELETE FROM jobs WHERE kind = 'notes.render'"));

  await handlers["media.copy_remote_image"]({ url: CAT }, { jobId: 1, number: 2, isLast: false });
  testRunner(ctx, handlers);

  await vi.waitFor(() => expect(htmlOf(ctx, note.id)).toContain('src="/media/'), SOON);
  expect(asked).toEqual([CAT]);
});

test("a note shows its photo as it is until a job has made it smaller, then in all its sizes", async () => {
  const { ctx, dir } = await testContext();
  const file = await saveImage(ctx, { bytes: await photo(600) });
  const note = await publishNote(ctx, { content: `![A cat](/media/${file.name})` }, ADMIN);
  const other = await publishNote(ctx, { content: "Nothing to see" }, ADMIN);
  const before = [htmlOf(ctx, note.id), htmlOf(ctx, other.id)];

  testRunner(ctx, createHandlers(ctx));

  await vi.waitFor(() => expect(htmlOf(ctx, note.id)).toContain("<picture>"), { timeout: 30_000, interval: 50 });
  const html = htmlOf(ctx, note.id);
  expect(before[0]).toBe(
    `<p><img class="u-photo" src="/media/${file.name}" alt="A cat" loading="lazy" decoding="async" width="600" height="600"></p>\n`,
  );
  expect(html).toContain(`<img class="u-photo" src="/media/${file.name}" alt="A cat" loading="lazy"`);
  const shown = [...html.matchAll(/\/media\/([\w-]+\.(?:avif|webp|jpg)) \d+w/gu)].map(([, name = ""]) => name);
  const made = shown.filter((name) => name !== file.name);
  expect(made.sort()).toEqual(readdirSync(join(dir, "variants")).sort());
  expect(htmlOf(ctx, other.id)).toBe(before[1]);
});

test("a scheduled note is published at its time, not before", async () => {
  const { ctx, clock } = await testContext();
  const note = await publishNote(ctx, { content: "Good morning", publishedAt: addSeconds(NOW, 3600) }, ADMIN);
  testRunner(ctx, createHandlers(ctx));
  const status = () => findNote(ctx.db, note.id)?.status;

  clock.advance(3599);
  await ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: note.id }, now: clock.now() }));
  await vi.waitFor(() => expect(listJobs(ctx.db, "notes.render", 9)).toMatchObject([{ state: "done" }]), SOON);
  const before = status();
  clock.advance(1);

  await vi.waitFor(() => expect(status()).toBe("published"), SOON);
  expect(before).toBe("scheduled");
});

test("jobs for a note that is gone are done", async () => {
  const { ctx } = await testContext();
  await ctx.db.write(() => {
    enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 99 }, now: NOW });
    enqueue(ctx.db, { kind: "notes.publish_scheduled", payload: { noteId: 99 }, now: NOW });
  });

  testRunner(ctx, createHandlers(ctx));

  const states = () => ctx.db.all("SELECT DISTINCT state FROM jobs");
  await vi.waitFor(() => expect(states()).toEqual([{ state: "done" }]), SOON);
});

test("a worker sweeps the media folder when it starts, runs jobs, and stops", async () => {
  const { ctx, dir } = await testContext();
  const orphan = join(dir, "media", `${"a".repeat(22)}.jpg`);
  mkdirSync(join(dir, "media"));
  writeFileSync(orphan, "x");
  utimesSync(orphan, 0, 0);
  await ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 99 }, now: NOW }));

  const worker = startWorker(ctx);
  await vi.waitFor(() => expect(existsSync(orphan)).toBe(false), SOON);
  await vi.waitFor(() => expect(listJobs(ctx.db, "notes.render", 9)).toMatchObject([{ state: "done" }]), SOON);
  await worker.stop();
  await ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 98 }, now: NOW }));

  expect(listJobs(ctx.db, "notes.render", 9)).toMatchObject([{ state: "waiting" }, { state: "done" }]);
});
