import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { Database } from "../../src/db/database.ts";
import type { Attempt } from "../../src/jobs/job.ts";
import { enqueue } from "../../src/jobs/job.ts";
import { insertJob } from "../../src/jobs/job-store.ts";
import { MAX_RETRY_AFTER_SECONDS, RETRY_RULES } from "../../src/jobs/retry-rule.ts";
import { JOBS_AT_ONCE } from "../../src/jobs/runner.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { AppError } from "../../src/lib/errors.ts";
import { createPino } from "../../src/lib/log.ts";
import type { Outcome } from "../../src/lib/outcome.ts";
import { DONE, giveUp, retry } from "../../src/lib/outcome.ts";
import { NOW, testContext } from "../support/context.ts";
import { renderJobs, testRunner } from "../support/jobs.ts";

function queue({ db, clock }: Pick<Context, "db" | "clock">, noteId = 1, runAt?: Timestamp) {
  const when = runAt === undefined ? {} : { runAt };
  return db.write(() => enqueue(db, { kind: "notes.render", payload: { noteId }, now: clock(), ...when }));
}

/** A promise that is resolved from outside. */
function signal<T = void>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const SOON = { timeout: 5_000, interval: 5 };

test("a due job is run with its payload, and its end is written down", async () => {
  const { ctx } = await testContext();
  const ran: unknown[] = [];
  await queue(ctx, 7);

  testRunner(ctx, {
    "notes.render": (payload, attempt) => {
      ran.push(payload, attempt);
      return Promise.resolve(DONE);
    },
  });

  await vi.waitFor(
    () => expect(renderJobs(ctx)).toMatchObject([{ state: "done", finishedAt: NOW, attempts: 1 }]),
    SOON,
  );
  expect(ran).toEqual([{ noteId: 7 }, { jobId: expect.any(Number), number: 1, isLast: false }]);
});

test("each run of a job is measured under its kind, with how it ended", async () => {
  const { ctx } = await testContext();
  const answers = [giveUp("never"), DONE];
  for (const noteId of [1, 2]) await queue(ctx, noteId);

  testRunner(ctx, { "notes.render": () => Promise.resolve(answers.pop() ?? DONE) });

  await vi.waitFor(() => expect(ctx.metrics.samples("job")).toHaveLength(2), SOON);
  const outcomes = ctx.metrics.samples("job").map(({ name, outcome, isFailed }) => [name, outcome, isFailed]);
  expect(outcomes.sort()).toEqual([
    ["notes.render", "done", false],
    ["notes.render", "give_up", true],
  ]);
});

test("a job that is queued later, or comes due later, is found without being told", async () => {
  const { ctx, clock } = await testContext();
  const ran: number[] = [];
  testRunner(ctx, {
    "notes.render": ({ noteId }) => {
      ran.push(noteId);
      return Promise.resolve(DONE);
    },
  });

  await queue(ctx, 1, addSeconds(NOW, 3600));
  await queue(ctx, 2);
  await vi.waitFor(() => expect(ran).toEqual([2]), SOON);
  clock.advance(3600);
  await vi.waitFor(() => expect(ran).toEqual([2, 1]), SOON);
});

test("a job that may succeed later is tried again after growing pauses, and fails after the last", async () => {
  const { ctx, clock } = await testContext();
  const attempts: Attempt[] = [];
  testRunner(
    ctx,
    {
      "notes.render": (_, attempt) => {
        attempts.push(attempt);
        return Promise.resolve(retry(`busy ${attempt.number}`));
      },
    },
    { random: () => 0 },
  );
  const { attemptsMax } = RETRY_RULES["notes.render"];
  await queue(ctx);

  const pauses: number[] = [];
  for (let number = 1; number < attemptsMax; number += 1) {
    await vi.waitFor(() => expect(renderJobs(ctx)).toMatchObject([{ state: "waiting", attempts: number }]), SOON);
    const [job] = renderJobs(ctx);
    pauses.push((Date.parse(job!.runAt) - Date.parse(clock.now())) / 1000);
    clock.set(job!.runAt);
  }
  await vi.waitFor(() => expect(renderJobs(ctx)).toMatchObject([{ state: "failed" }]), SOON);

  expect(pauses).toEqual([5, 20, 80, 320, 1280, 3600, 3600, 3600, 3600]);
  expect(renderJobs(ctx)).toMatchObject([{ attempts: attemptsMax, reason: `busy ${attemptsMax}` }]);
  expect(attempts.map(({ isLast }) => isLast)).toEqual([...Array<boolean>(attemptsMax - 1).fill(false), true]);
});

test.each<[string, Outcome, object]>([
  ["gives up", giveUp("not an image"), { state: "failed", attempts: 1, reason: "not an image" }],
  ["asks for a pause", retry("busy", 600), { state: "waiting", runAt: addSeconds(NOW, 600), reason: "busy" }],
  ["asks for less than the rule", retry("busy", 1), { state: "waiting", runAt: addSeconds(NOW, 5) }],
  ["asks for a year", retry("busy", 31_536_000), { runAt: addSeconds(NOW, MAX_RETRY_AFTER_SECONDS) }],
])("a job that %s ends as it says", async (_, outcome, end) => {
  const { ctx } = await testContext();
  await queue(ctx);

  testRunner(ctx, { "notes.render": () => Promise.resolve(outcome) }, { random: () => 0 });

  await vi.waitFor(() => expect(renderJobs(ctx)).toMatchObject([end]), SOON);
});

test("a job that throws is tried again; the log has the error, the author a sentence", async () => {
  const lines: string[] = [];
  const log = createPino("info", { write: (line) => void lines.push(line) });
  const { ctx } = await testContext({ log });
  await queue(ctx, 1);
  await queue(ctx, 2);

  testRunner(ctx, {
    "notes.render": ({ noteId }) =>
      Promise.reject(
        noteId === 1 ? new TypeError("x is undefined") : new AppError("storage_full", "The disk is full."),
      ),
  });

  await vi.waitFor(
    () => expect(renderJobs(ctx)).toMatchObject([{ state: "waiting", attempts: 1 }, { attempts: 1 }]),
    SOON,
  );
  expect(renderJobs(ctx).map(({ reason }) => reason)).toEqual([
    "Something unexpected went wrong; the log says more.",
    "The disk is full.",
  ]);
  expect(lines.join("")).toContain("x is undefined");
});

test("a kind that this version does not know fails with that reason", async () => {
  const { ctx } = await testContext();
  const job = { kind: "moon.land", payload: "{}", uniqueKey: undefined, runAt: NOW, now: NOW };
  await ctx.db.write(() => insertJob(ctx.db, job));

  testRunner(ctx, {});

  const state = () => ctx.db.get("SELECT state, reason FROM jobs");
  await vi.waitFor(() => expect(state()).toMatchObject({ state: "failed", reason: /does not know/u }), SOON);
});

test("each job is logged once, with kind, attempt and result, and without its payload", async () => {
  const lines: string[] = [];
  const log = createPino("info", { write: (line) => void lines.push(line) });
  const { ctx } = await testContext({ log });
  await queue(ctx, 4242);

  testRunner(ctx, { "notes.render": () => Promise.resolve(giveUp("gone")) });

  await vi.waitFor(() => expect(lines).toHaveLength(1), SOON);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    level: "warn",
    event: "job.failed",
    kind: "notes.render",
    attempts: 1,
    result: "give_up",
    reason: "gone",
  });
  expect(lines[0]).not.toContain("4242");
});

test(`at most ${JOBS_AT_ONCE} jobs run at once`, async () => {
  const { ctx } = await testContext();
  const ends: (() => void)[] = [];
  for (let noteId = 1; noteId <= JOBS_AT_ONCE + 2; noteId += 1) await queue(ctx, noteId);
  const states = () => renderJobs(ctx).map(({ state }) => state);

  testRunner(ctx, {
    "notes.render": () => new Promise((resolve) => ends.push(() => resolve(DONE))),
  });
  await vi.waitFor(() => expect(ends).toHaveLength(JOBS_AT_ONCE), SOON);
  const atFirst = states();
  ends[0]!();

  await vi.waitFor(() => expect(ends).toHaveLength(JOBS_AT_ONCE + 1), SOON);
  expect(atFirst).toEqual(["running", "running", "running", "running", "waiting", "waiting"]);
  expect(states().filter((state) => state === "running")).toHaveLength(JOBS_AT_ONCE);
  for (const end of ends) end();
  await vi.waitFor(() => expect(ends).toHaveLength(JOBS_AT_ONCE + 2), SOON);
  ends.at(-1)!();
});

test("two runners with a database of their own each share the jobs, and none is run twice", async () => {
  const { ctx, dir } = await testContext();
  const other = Database.open({ file: join(dir, "starpunk.db"), readers: 1 });
  onTestFinished(() => other.close());
  const ran: [string, number][] = [];
  const handler = (name: string) => ({
    "notes.render": ({ noteId }: { noteId: number }) => {
      ran.push([name, noteId]);
      return new Promise<Outcome>((resolve) => setImmediate(() => resolve(DONE)));
    },
  });
  const ids = Array.from({ length: 60 }, (_, index) => index + 1);
  await ctx.db.write(() => {
    for (const noteId of ids) enqueue(ctx.db, { kind: "notes.render", payload: { noteId }, now: NOW });
  });

  testRunner(ctx, handler("one"));
  testRunner({ ...ctx, db: other }, handler("two"));

  await vi.waitFor(() => expect(renderJobs(ctx).every(({ state }) => state === "done")).toBe(true), SOON);
  expect(ran.map(([, noteId]) => noteId).sort((a, b) => a - b)).toEqual(ids);
  expect(new Set(ran.map(([name]) => name))).toEqual(new Set(["one", "two"]));
});

test("a job that outlives its lease keeps it by renewing", async () => {
  const { ctx, clock } = await testContext();
  const end = signal<Outcome>();
  let runs = 0;
  await queue(ctx);
  const handlers = {
    "notes.render": () => {
      runs += 1;
      return end.promise;
    },
  };
  const lease = () => ctx.db.get<{ lease_until: Timestamp }>("SELECT lease_until FROM jobs")?.lease_until;

  testRunner(ctx, handlers, { leaseSeconds: 0.3, recoveryMs: 0 });
  await vi.waitFor(() => expect(runs).toBe(1), SOON);
  for (let step = 1; step <= 3; step += 1) {
    clock.advance(0.2);
    await vi.waitFor(() => expect(lease()).toBe(addSeconds(clock.now(), 0.3)), SOON);
  }
  end.resolve(DONE);

  await vi.waitFor(() => expect(renderJobs(ctx)).toMatchObject([{ state: "done", attempts: 1 }]), SOON);
  expect(runs).toBe(1);
});

test("stopping waits for the job that runs, and claims no other", async () => {
  const { ctx } = await testContext();
  const started = signal();
  const end = signal<Outcome>();
  const handlers = {
    "notes.render": () => {
      started.resolve();
      return end.promise;
    },
  };
  const runner = testRunner(ctx, handlers);
  await queue(ctx, 1);
  await started.promise;

  const stopped = runner.stop();
  await queue(ctx, 2);
  end.resolve(DONE);
  await stopped;
  runner.wake();

  expect(renderJobs(ctx)).toMatchObject([{ state: "done" }, { state: "waiting", attempts: 0 }]);
});

test("a job that does not end in time is put back at once, and its late end changes nothing", async () => {
  const { ctx } = await testContext();
  const started = signal();
  const end = signal<Outcome>();
  const handlers = {
    "notes.render": () => {
      started.resolve();
      return end.promise;
    },
  };
  const runner = testRunner(ctx, handlers, { stopWaitMs: 20 });
  await queue(ctx);
  await started.promise;

  await runner.stop();
  const afterStop = renderJobs(ctx);
  end.resolve(DONE);
  await ctx.db.write(() => undefined);

  expect(afterStop).toMatchObject([{ state: "waiting", runAt: NOW, reason: "The program was stopped." }]);
  expect(renderJobs(ctx)).toEqual(afterStop);
});

test("a database that fails for a while stops no runner, and is logged once", async () => {
  const lines: string[] = [];
  const log = createPino("error", { write: (line) => void lines.push(line) });
  const { ctx } = await testContext({ log });
  await queue(ctx);
  let isBroken = true;
  let refusals = 0;
  const db = new Proxy(ctx.db, {
    get(target, name) {
      if (name === "write" && isBroken) {
        refusals += 1;
        return () => Promise.reject(new AppError("unavailable", "The database is locked."));
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

  testRunner({ ...ctx, db }, { "notes.render": () => Promise.resolve(DONE) });
  await vi.waitFor(() => expect(refusals).toBeGreaterThan(3), SOON);
  isBroken = false;

  await vi.waitFor(() => expect(renderJobs(ctx)).toMatchObject([{ state: "done" }]), SOON);
  expect(lines).toHaveLength(1);
});

test("an idle runner reads one number a turn", async () => {
  const { ctx } = await testContext();
  const get = vi.spyOn(ctx.db, "get");
  const dataVersion = vi.spyOn(ctx.db, "dataVersion");
  testRunner(ctx, {});
  await vi.waitFor(() => expect(dataVersion.mock.calls.length).toBeGreaterThan(2), SOON);
  get.mockClear();
  dataVersion.mockClear();

  await vi.waitFor(() => expect(dataVersion.mock.calls.length).toBeGreaterThan(5), SOON);

  expect(get).not.toHaveBeenCalled();
});
