import { expect, test } from "vitest";
import { enqueue } from "../../src/jobs/job.ts";
import { claimJob, findNextRunAt, finishJob, postponeJob, renewLease } from "../../src/jobs/job-store.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { NOW, testContext } from "../support/context.ts";
import { renderJobs } from "../support/jobs.ts";

const LEASE = { now: NOW, leaseUntil: addSeconds(NOW, 30) };

test("a job exists exactly if the change that queued it does", async () => {
  const { ctx } = await testContext();

  const failing = ctx.db.write(() => {
    enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 1 }, now: NOW });
    throw new Error("the change fails");
  });

  await expect(failing).rejects.toThrow("the change fails");
  expect(renderJobs(ctx)).toEqual([]);
});

test("queuing outside of a transaction is refused", async () => {
  const { ctx } = await testContext();

  expect(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 1 }, now: NOW })).toThrow(/write/u);
});

test("jobs are claimed in the order in which they come due, none before its time", async () => {
  const { ctx } = await testContext();
  await ctx.db.write(() => {
    for (const [noteId, seconds] of [
      [1, 60],
      [2, 0],
      [3, -60],
      [4, 0],
    ] as const) {
      enqueue(ctx.db, { kind: "notes.render", payload: { noteId }, now: NOW, runAt: addSeconds(NOW, seconds) });
    }
  });

  const claimed = await ctx.db.write(() => Array.from({ length: 5 }, () => claimJob(ctx.db, LEASE)));

  expect(claimed.map((job) => job && JSON.parse(job.payload))).toEqual([
    { noteId: 3 },
    { noteId: 2 },
    { noteId: 4 },
    undefined,
    undefined,
  ]);
  expect(findNextRunAt(ctx.db)).toBe(addSeconds(NOW, 60));
});

test("a job under the key of a waiting one replaces it, attempts and all; a running one stays", async () => {
  const { ctx } = await testContext();
  const queue = (noteId: number, runAt = NOW) =>
    ctx.db.write(() =>
      enqueue(ctx.db, { kind: "notes.render", payload: { noteId }, now: NOW, runAt, uniqueKey: "key" }),
    );

  await queue(1, addSeconds(NOW, 600));
  await queue(2);
  const running = await ctx.db.write(() => claimJob(ctx.db, LEASE));
  await queue(3);
  await queue(4, addSeconds(NOW, 5));

  expect(running).toMatchObject({ payload: '{"noteId":2}', attempts: 1 });
  expect(renderJobs(ctx)).toMatchObject([
    { state: "running", payload: '{"noteId":2}' },
    { state: "waiting", payload: '{"noteId":4}', attempts: 0, runAt: addSeconds(NOW, 5) },
  ]);
});

test("a job that is put back gives way to the newer one under its key", async () => {
  const { ctx } = await testContext();
  const queue = (noteId: number) =>
    ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId }, now: NOW, uniqueKey: "key" }));
  await queue(1);
  const running = await ctx.db.write(() => claimJob(ctx.db, LEASE));
  await queue(2);

  await ctx.db.write(() => postponeJob(ctx.db, running!, { runAt: NOW, reason: "busy", now: NOW }));

  expect(renderJobs(ctx)).toMatchObject([
    { state: "done", finishedAt: NOW, reason: "busy" },
    { state: "waiting", payload: '{"noteId":2}' },
  ]);
});

test("whoever has lost a claim can neither renew nor end it", async () => {
  const { ctx } = await testContext();
  await ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 1 }, now: NOW }));
  const first = await ctx.db.write(() => claimJob(ctx.db, LEASE));
  await ctx.db.write(() => postponeJob(ctx.db, first!, { runAt: NOW, reason: undefined, now: NOW }));
  const second = await ctx.db.write(() => claimJob(ctx.db, LEASE));

  const renewed = await ctx.db.write(() => {
    finishJob(ctx.db, first!, { state: "failed", reason: "late", now: NOW });
    postponeJob(ctx.db, first!, { runAt: addSeconds(NOW, 900), reason: "late", now: NOW });
    return [renewLease(ctx.db, first!, NOW), renewLease(ctx.db, second!, addSeconds(NOW, 60))];
  });

  expect(renewed).toEqual([false, true]);
  expect(renderJobs(ctx)).toMatchObject([{ state: "running", attempts: 2, reason: undefined }]);
});
