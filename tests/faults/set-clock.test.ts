import { expect, test } from "vitest";
import { enqueue } from "../../src/jobs/job.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import { startRunner } from "../../src/jobs/runner.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { createAuthor } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { until } from "../support/until.ts";

const YEARS_AHEAD = "2041-03-01T09:30:00.000Z" as Timestamp;
const YEARS_BACK = "2011-03-01T09:30:00.000Z" as Timestamp;
const PAGES = ["/", "/feed.xml", "/feed.atom", "/feed.json", "/archive", "/sitemap.xml"];

async function publish({ ctx }: TestApp, slug: string) {
  return publishNote(ctx, { content: `About ${slug}`, slug }, { madeBy: "admin" });
}

async function siteWithNote(): Promise<TestApp> {
  const app = await testApp();
  await createAuthor(app.ctx);
  await publish(app, "first");
  return app;
}

/** Runs what is due until nothing of it waits any more. */
async function runDueJobs({ ctx }: TestApp, kind: string): Promise<void> {
  const runner = startRunner({ ...ctx, handlers: createHandlers(ctx), pollMs: 10, recoveryMs: 10 });
  try {
    await until(() => expect(listJobs(ctx.db, kind, 10).filter(({ state }) => state !== "done")).toEqual([]));
  } finally {
    await runner.stop();
  }
}

test.each([
  ["ahead", YEARS_AHEAD],
  ["back", YEARS_BACK],
])(
  "with a clock that is set years %s and put right, every page shows every note, and no validator is given twice",
  async (_way, wrong) => {
    const app = await siteWithNote();
    const { clock, http } = app;
    const seen = new Map(PAGES.map((path) => [path, [] as { etag: string; modified: number }[]]));
    const look = async (slug: string) => {
      for (const path of PAGES) {
        const answer = await http.get(path).expect(200);
        if (path !== "/archive") expect(answer.text, path).toContain(`/notes/${slug}`);
        const { etag = "", "last-modified": modified = "" } = answer.headers;
        seen.get(path)?.push({ etag, modified: Date.parse(modified) });
        await http.get(path).set("If-None-Match", etag).expect(304);
      }
    };

    await look("first");
    clock.set(wrong);
    await publish(app, "under-the-wrong-clock");
    await look("under-the-wrong-clock");
    clock.set(NOW);
    await publish(app, "after");
    await look("after");

    for (const [path, answers] of seen) {
      if (path === "/archive") continue;
      expect(new Set(answers.map(({ etag }) => etag)).size, path).toBe(answers.length);
      const times = answers.map(({ modified }) => modified);
      expect(times, path).toEqual(times.toSorted((one, other) => one - other));
    }
  },
);

test("a note that is scheduled under a clock set ahead comes out when that moment comes, and one that is due does at once", async () => {
  const app = await siteWithNote();
  const { ctx, clock, http } = app;
  const tomorrow = "2026-03-02T09:30:00.000Z" as Timestamp;
  await publishNote(ctx, { content: "Later", slug: "later", publishedAt: tomorrow }, { madeBy: "admin" });
  await http.get("/notes/later").expect(404);

  clock.set(YEARS_AHEAD);
  await runDueJobs(app, "notes.publish_scheduled");
  clock.set(NOW);

  await http.get("/notes/later").expect(200);
});

test("a job that was put off under a clock set ahead is tried again when the clock is right", async () => {
  const app = await siteWithNote();
  const { ctx, clock } = app;
  clock.set(YEARS_AHEAD);
  const note = await publish(app, "with-a-job");
  await ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: note.id }, now: ctx.clock() }));

  clock.set(NOW);
  await runDueJobs(app, "notes.render");

  expect(listJobs(ctx.db, "notes.render", 10)).toMatchObject([{ state: "done" }]);
});

test("measuring goes on under a clock that is set to and fro, and loses no count", async () => {
  const app = await siteWithNote();
  const { ctx, clock, http } = app;
  const count = () => ctx.metrics.summarizeAll("http", "start").count;

  for (const moment of [YEARS_AHEAD, NOW, YEARS_BACK, NOW]) {
    clock.set(moment);
    await http.get("/notes/first").expect(200);
    await http.get("/notes/none").expect(404);
  }

  await until(() => expect(count()).toBe(8));
  const recent = ctx.metrics.summarizeAll("http", "5m");
  expect(recent.count).toBeLessThanOrEqual(8);
  expect(recent.count).toBeGreaterThanOrEqual(2);
});
