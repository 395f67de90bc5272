import { expect, test } from "vitest";
import { enqueue } from "../../src/jobs/job.ts";
import { claimJob, finishJob } from "../../src/jobs/job-store.ts";
import { DONE_KEPT_SECONDS, FAILED_KEPT_SECONDS, recoverJobs } from "../../src/jobs/recover-jobs.ts";
import { RETRY_RULES } from "../../src/jobs/retry-rule.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import type { TestContext } from "../support/context.ts";
import { NOW, testContext } from "../support/context.ts";
import { renderJobs } from "../support/jobs.ts";

const YEARS = 10 * 365 * 24 * 3600;

async function queue({ ctx }: TestContext, runAt?: Timestamp) {
  const now = ctx.clock();
  const when = runAt === undefined ? {} : { runAt };
  await ctx.db.write(() => enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 1 }, now, ...when }));
}

function claim({ ctx }: TestContext) {
  const now = ctx.clock();
  return ctx.db.write(() => claimJob(ctx.db, { now, leaseUntil: addSeconds(now, 30) }));
}

test("a job whose lease has ended waits again, at once; one second before, it does not", async () => {
  const world = await testContext();
  await queue(world);
  await claim(world);

  world.clock.advance(29);
  await recoverJobs(world.ctx.db, world.ctx.clock, 30);
  const before = renderJobs(world.ctx);
  world.clock.advance(1);
  await recoverJobs(world.ctx.db, world.ctx.clock, 30);

  expect(before).toMatchObject([{ state: "running" }]);
  expect(renderJobs(world.ctx)).toMatchObject([
    { state: "waiting", runAt: world.ctx.clock(), attempts: 1, reason: "The program ended while this was running." },
  ]);
});

test("a job that ends the program with every attempt fails in the end", async () => {
  const world = await testContext();
  const { attemptsMax } = RETRY_RULES["notes.render"];
  await queue(world);

  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    await claim(world);
    world.clock.advance(30);
    await recoverJobs(world.ctx.db, world.ctx.clock, 30);
  }

  expect(renderJobs(world.ctx)).toMatchObject([{ state: "failed", attempts: attemptsMax }]);
});

test("a clock that was ten years ahead leaves no job behind", async () => {
  const world = await testContext();
  world.clock.advance(YEARS);
  await queue(world);
  await claim(world);
  await queue(world);
  world.clock.advance(-YEARS);

  await recoverJobs(world.ctx.db, world.ctx.clock, 30);

  expect(renderJobs(world.ctx)).toMatchObject([
    { state: "waiting", runAt: NOW },
    { state: "waiting", runAt: NOW },
  ]);
});

test("a job for next year keeps its time", async () => {
  const world = await testContext();
  const nextYear = addSeconds(NOW, 365 * 24 * 3600);
  await queue(world, nextYear);

  await recoverJobs(world.ctx.db, world.ctx.clock, 30);

  expect(renderJobs(world.ctx)).toMatchObject([{ state: "waiting", runAt: nextYear }]);
});

test("done jobs go after a week, failed ones after three months", async () => {
  const world = await testContext();
  for (const state of ["done", "failed"] as const) {
    await queue(world);
    const job = await claim(world);
    await world.ctx.db.write(() => finishJob(world.ctx.db, job!, { state, reason: undefined, now: NOW }));
  }
  const statesAfter = async (seconds: number) => {
    world.clock.set(addSeconds(NOW, seconds));
    await recoverJobs(world.ctx.db, world.ctx.clock, 30);
    return renderJobs(world.ctx).map(({ state }) => state);
  };

  expect(await statesAfter(DONE_KEPT_SECONDS)).toEqual(["done", "failed"]);
  expect(await statesAfter(DONE_KEPT_SECONDS + 1)).toEqual(["failed"]);
  expect(await statesAfter(FAILED_KEPT_SECONDS)).toEqual(["failed"]);
  expect(await statesAfter(FAILED_KEPT_SECONDS + 1)).toEqual([]);
});
