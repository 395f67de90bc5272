import { expect, test } from "vitest";
import type { Context } from "../../src/context/context.ts";
import { enqueue } from "../../src/jobs/job.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { runChecks } from "../../src/monitoring/health-check.ts";
import {
  createHealthChecks,
  JOB_AGE_WARNING_SECONDS,
  LOOP_DELAY_WARNING_MS,
} from "../../src/monitoring/health-checks.ts";
import type { ProcessReading } from "../../src/monitoring/process-monitor.ts";
import { startProcessMonitor } from "../../src/monitoring/process-monitor.ts";
import { testContext } from "../support/context.ts";

function readingWith(changes: Partial<ProcessReading>) {
  const monitor = startProcessMonitor();
  const reading = { ...monitor.read(), ...changes };
  monitor.stop();
  return { read: () => reading };
}

async function statusOf(
  ctx: Context,
  name: string,
  changes: Partial<ProcessReading> = {},
): Promise<string | undefined> {
  const results = await runChecks(createHealthChecks(ctx, readingWith(changes)));
  return results.find((result) => result.name === name)?.status;
}

test("a fresh site is well in every respect", async () => {
  const { ctx } = await testContext();

  const results = await runChecks(createHealthChecks(ctx, readingWith({})));

  expect(results.filter(({ status }) => status !== "ok")).toEqual([]);
  expect(results.every(({ figure, limit }) => figure !== "" && limit !== "")).toBe(true);
});

test("a job that waits for longer than five minutes is a warning, and one that has failed for good is, too", async () => {
  const { ctx } = await testContext();
  const late = (seconds: number) => {
    const runAt = addSeconds(ctx.clock(), -seconds);
    return ctx.db.write(() =>
      enqueue(ctx.db, { kind: "notes.render", payload: { noteId: 1 }, now: ctx.clock(), runAt }),
    );
  };

  await late(JOB_AGE_WARNING_SECONDS);
  const atLimit = await statusOf(ctx, "jobs_due");
  await late(JOB_AGE_WARNING_SECONDS + 1);
  const pastIt = await statusOf(ctx, "jobs_due");
  const before = await statusOf(ctx, "jobs_failed");
  await ctx.db.write(() => ctx.db.run("UPDATE jobs SET state = 'failed'"));

  expect([atLimit, pastIt, before, await statusOf(ctx, "jobs_failed")]).toEqual(["ok", "warning", "ok", "warning"]);
});

test("a held up event loop and growing memory are warnings past their limits", async () => {
  const { ctx } = await testContext();
  const delay = (p99: number) => ({ eventLoopDelay: { p50: 0, p99, max: p99 } });
  const growth = (isWarning: boolean) => ({ memoryGrowth: { bytesPerHour: 1, isWarning } });

  const statuses = [
    await statusOf(ctx, "event_loop", delay(LOOP_DELAY_WARNING_MS)),
    await statusOf(ctx, "event_loop", delay(LOOP_DELAY_WARNING_MS + 1)),
    await statusOf(ctx, "memory", growth(false)),
    await statusOf(ctx, "memory", growth(true)),
  ];

  expect(statuses).toEqual(["ok", "warning", "ok", "warning"]);
});

test("a database that is gone has failed, and says what to do", async () => {
  const { ctx } = await testContext();
  ctx.db.close();

  const results = await runChecks(createHealthChecks(ctx, readingWith({})));

  const failed = results.filter(({ status }) => status === "failed");
  expect(failed.map(({ name }) => name)).toEqual([
    "database_read",
    "database_write",
    "migrations",
    "jobs_due",
    "jobs_failed",
    "search_index",
    "last_backup",
  ]);
  expect(failed.every(({ remedy }) => remedy !== "")).toBe(true);
});
