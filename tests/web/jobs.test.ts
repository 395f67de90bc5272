import { expect, test } from "vitest";
import { GIVEN_UP_REASON } from "../../src/jobs/intervene.ts";
import { enqueue } from "../../src/jobs/job.ts";
import { DONE } from "../../src/lib/outcome.ts";
import { publishNote } from "../../src/notes/publish.ts";
import { JOBS_PER_PAGE } from "../../src/web/routes/jobs.ts";
import type { TestApp } from "../support/app.ts";
import { testApp } from "../support/app.ts";
import { logInAgent } from "../support/author.ts";
import { NOW } from "../support/context.ts";
import { queryAll, textOf } from "../support/dom.ts";
import { testRunner } from "../support/jobs.ts";
import { until } from "../support/until.ts";

const TAKEN = "UPDATE jobs SET state = 'running', attempts = attempts + 1, lease_until = '2099' WHERE id = :id";
const FAILED =
  "UPDATE jobs SET state = 'failed', attempts = 10, reason = 'No room.', finished_at = run_at WHERE id = :id";

/** The application with so many waiting jobs, 1 and up, and the author's browser. */
async function queueApp(count: number, uniqueKey?: string) {
  const app = await testApp();
  const { csrfToken } = await logInAgent(app);
  await publishNote(app.ctx, { content: "About the <b>harbour</b>", slug: "harbour" }, { madeBy: "admin" });
  await app.ctx.db.write(() => {
    app.ctx.db.run("DELETE FROM jobs");
    const key = uniqueKey === undefined ? {} : { uniqueKey };
    for (let at = 0; at < count; at += 1) {
      enqueue(app.ctx.db, { kind: "notes.render", payload: { noteId: 1 }, now: NOW, ...key });
    }
  });
  const post = (path: string) => app.http.post(path).type("form").send({ csrf_token: csrfToken }).redirects(1);
  return { ...app, post, run: (sql: string, id: number) => app.ctx.db.write(() => app.ctx.db.run(sql, { id })) };
}

function jobsOf({ ctx }: Pick<TestApp, "ctx">) {
  return ctx.db.all("SELECT id, state, attempts, reason FROM jobs ORDER BY id");
}

function noticeOf(html: string): string {
  return textOf(queryAll(html, ".banner [role=status]")[0]).trim();
}

test("the queue shows each job with what it does, what it is about, its attempts, its time and its reason", async () => {
  const app = await queueApp(4);
  await app.run(FAILED, 1);
  await app.run(TAKEN, 2);
  await app.run("UPDATE jobs SET state = 'done', attempts = 1, finished_at = run_at WHERE id = :id", 3);

  const { text } = await app.http.get("/admin/jobs").expect(200);

  const rows = queryAll(text, ".row-text").map((row) => textOf(row).replace(/\s+/g, " ").trim());
  const when = "March 1, 2026 at 10:30 AM";
  expect(rows).toEqual([
    "Render a note again waiting About the harbour Job 4 not tried yet due now",
    `Render a note again done About the harbour Job 3 attempt 1 of 10 done on ${when}`,
    "Render a note again running About the harbour Job 2 attempt 1 of 10 runs now",
    `Render a note again failed About the harbour Job 1 attempt 10 of 10 failed on ${when} No room.`,
  ]);
  const filters = queryAll(text, "[aria-label=State] a").map((link) => textOf(link));
  expect(filters).toEqual(["All 4", "Waiting 1", "Running 1", "Failed 1", "Done 1"]);
  expect(queryAll(text, ".row form")).toHaveLength(4);
});

test("a failed job that is tried again runs, from its first attempt", async () => {
  const app = await queueApp(1);
  await app.run(FAILED, 1);

  const { text } = await app.post("/admin/jobs/1/retry?state=failed");
  const before = jobsOf(app);
  testRunner(app.ctx, { "notes.render": () => Promise.resolve(DONE) });

  expect(noticeOf(text)).toBe("That job is due now.");
  expect(before).toEqual([{ id: 1, state: "waiting", attempts: 0, reason: "No room." }]);
  await until(() => expect(jobsOf(app)).toEqual([{ id: 1, state: "done", attempts: 1, reason: null }]));
});

test("a job that waits for later is due at once when it is tried again", async () => {
  const app = await queueApp(1);
  await app.run("UPDATE jobs SET run_at = '2026-03-02T00:00:00.000Z', attempts = 3 WHERE id = :id", 1);

  await app.post("/admin/jobs/1/retry");

  expect(app.ctx.db.get("SELECT run_at, attempts FROM jobs")).toEqual({ run_at: NOW, attempts: 0 });
});

test("a waiting job that is given up has failed, can be tried again, and is gone when it is removed", async () => {
  const app = await queueApp(1);

  const givenUp = await app.post("/admin/jobs/1/give-up?state=waiting");
  const failed = jobsOf(app);
  await app.post("/admin/jobs/1/retry");
  const waiting = jobsOf(app);
  await app.post("/admin/jobs/1/give-up");
  const removed = await app.post("/admin/jobs/1/give-up");
  const again = await app.post("/admin/jobs/1/give-up");

  expect(failed).toEqual([{ id: 1, state: "failed", attempts: 0, reason: GIVEN_UP_REASON }]);
  expect(waiting).toMatchObject([{ state: "waiting" }]);
  expect(jobsOf(app)).toEqual([]);
  expect([givenUp, removed, again].map(({ text }) => noticeOf(text))).toEqual([
    "Given up. It stands among the failed ones now.",
    "That job is gone.",
    "That job has moved on since the page was made. Nothing was changed.",
  ]);
});

test.each(["retry", "give-up"])(
  "a job that runs or is done meanwhile is left alone by %s, which says so",
  async (verb) => {
    const app = await queueApp(2);
    await app.run(TAKEN, 1);
    await app.run("UPDATE jobs SET state = 'done', finished_at = run_at WHERE id = :id", 2);
    const before = jobsOf(app);

    const answers = [await app.post(`/admin/jobs/1/${verb}`), await app.post(`/admin/jobs/2/${verb}`)];

    expect(jobsOf(app)).toEqual(before);
    for (const { text } of answers) expect(noticeOf(text)).toContain("has moved on");
  },
);

test("a failed job in whose place a newer one waits is not tried again", async () => {
  const app = await queueApp(1, "same");
  await app.run(FAILED, 1);
  const newer = { kind: "notes.render", payload: { noteId: 1 }, now: NOW, uniqueKey: "same" } as const;
  await app.ctx.db.write(() => enqueue(app.ctx.db, newer));

  const { text } = await app.post("/admin/jobs/1/retry");

  expect(noticeOf(text)).toContain("A newer job waits");
  expect(jobsOf(app)).toMatchObject([{ state: "failed" }, { state: "waiting" }]);
});

test("the queue is paged without a gap and filtered, and a place that is none is refused", async () => {
  const app = await queueApp(JOBS_PER_PAGE + 1);
  const idsOn = async (path: string) => {
    const { text } = await app.http.get(path).expect(200);
    const ids = [...text.matchAll(/<span>Job (\d+)<\/span>/g)].map(([, id]) => Number(id));
    return { ids, next: /rel="next" href="([^"]+)"/.exec(text)?.[1]?.replaceAll("&amp;", "&") };
  };

  const first = await idsOn("/admin/jobs?state=waiting");
  const second = await idsOn(first.next ?? "");
  const failed = await idsOn("/admin/jobs?state=failed");

  expect([...first.ids, ...second.ids]).toEqual(
    Array.from({ length: JOBS_PER_PAGE + 1 }, (_, at) => JOBS_PER_PAGE + 1 - at),
  );
  expect([first.ids.length, second.next, failed.ids]).toEqual([JOBS_PER_PAGE, undefined, []]);
  await app.http.get("/admin/jobs?before=x").expect(400);
});

test("nothing is done without the token of the login", async () => {
  const app = await queueApp(1);

  await app.http.post("/admin/jobs/1/give-up").type("form").send({}).expect(403);

  expect(jobsOf(app)).toMatchObject([{ state: "waiting" }]);
});
