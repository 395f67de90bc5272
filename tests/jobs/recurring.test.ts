import { expect, test } from "vitest";
import { listJobs } from "../../src/jobs/job-store.ts";
import type { RecurringJob } from "../../src/jobs/recurring.ts";
import { ensureRecurring, runRecurring } from "../../src/jobs/recurring.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import type { Outcome } from "../../src/lib/outcome.ts";
import { DONE, giveUp, retry } from "../../src/lib/outcome.ts";
import { NOW, testContext } from "../support/context.ts";
import { testRunner } from "../support/jobs.ts";
import { until } from "../support/until.ts";

const HOURLY: RecurringJob = {
  kind: "notes.render",
  payload: { noteId: 1 },
  nextRunAt: (now) => addSeconds(now, 3600),
};

const FIRST = { attempt: { isLast: false } };
const LAST = { attempt: { isLast: true } };

test("a recurring job stands once, however many processes start", async () => {
  const { ctx } = await testContext();

  await Promise.all(Array.from({ length: 4 }, () => ensureRecurring(ctx, HOURLY)));

  expect(listJobs(ctx.db, "notes.render", 10)).toMatchObject([{ state: "waiting", runAt: addSeconds(NOW, 3600) }]);
});

test("one that a clock set far ahead has put off comes back; one that is due sooner stays", async () => {
  const { ctx } = await testContext();
  await ensureRecurring(ctx, { ...HOURLY, nextRunAt: () => addSeconds(NOW, 400 * 86_400) });

  await ensureRecurring(ctx, HOURLY);
  await ensureRecurring(ctx, { ...HOURLY, nextRunAt: () => addSeconds(NOW, 7200) });

  expect(listJobs(ctx.db, "notes.render", 10)).toMatchObject([{ runAt: addSeconds(NOW, 3600) }]);
});

test.each<[string, { attempt: { isLast: boolean } }, Outcome, number]>([
  ["is done", FIRST, DONE, 1],
  ["is given up", FIRST, giveUp("no"), 1],
  ["may still succeed", FIRST, retry("not yet"), 0],
  ["fails at its last attempt", LAST, retry("not yet"), 1],
])("one that %s has so many next ones waiting", async (_what, { attempt }, outcome, count) => {
  const { ctx } = await testContext();

  const ended = await runRecurring(ctx, { ...HOURLY, attempt }, async () => outcome);

  expect(ended).toBe(outcome);
  expect(listJobs(ctx.db, "notes.render", 10)).toHaveLength(count);
});

test("one that throws is queued again only after its last attempt", async () => {
  const { ctx } = await testContext();
  const fail = () => Promise.reject(new Error("broken"));

  await expect(runRecurring(ctx, { ...HOURLY, ...FIRST }, fail)).rejects.toThrow("broken");
  expect(listJobs(ctx.db, "notes.render", 10)).toHaveLength(0);

  await expect(runRecurring(ctx, { ...HOURLY, ...LAST }, fail)).rejects.toThrow("broken");
  expect(listJobs(ctx.db, "notes.render", 10)).toHaveLength(1);
});

test("while one runs, a process that starts queues no second", async () => {
  const { ctx } = await testContext();
  let end: (outcome: Outcome) => void = () => undefined;
  const work = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  await ensureRecurring(ctx, { ...HOURLY, nextRunAt: (now) => now });
  testRunner(ctx, {
    "notes.render": (_payload, attempt) => runRecurring(ctx, { ...HOURLY, attempt }, () => work),
  });
  const states = () => listJobs(ctx.db, "notes.render", 10).map(({ state }) => state);
  await until(() => expect(states()).toEqual(["running"]));

  await ensureRecurring(ctx, HOURLY);
  expect(states()).toEqual(["running"]);

  end(DONE);
  await until(() => expect(states()).toEqual(["waiting", "done"]));
});
