import { onTestFinished } from "vitest";
import type { Context } from "../../src/context/context.ts";
import type { JobHandlers } from "../../src/jobs/job.ts";
import type { JobReport } from "../../src/jobs/job-store.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import type { Runner, RunnerOptions } from "../../src/jobs/runner.ts";
import { startRunner } from "../../src/jobs/runner.ts";

/** Handlers that refuse every job but those that a test has its own for. */
export function testHandlers(own: Partial<JobHandlers>): JobHandlers {
  const refuse = () => Promise.reject(new Error("This test has no handler for that kind of job"));
  return {
    "audit.purge": refuse,
    "cache.purge": refuse,
    "backup.make": refuse,
    "backup.scheduled": refuse,
    "media.copy_remote_image": refuse,
    "media.make_variants": refuse,
    "metrics.add_up_hours": refuse,
    "notes.fetch_citation": refuse,
    "notes.change_tag": refuse,
    "notes.count": refuse,
    "notes.digest": refuse,
    "notes.publish_scheduled": refuse,
    "notes.purge_trash": refuse,
    "notes.render": refuse,
    "notes.render_images": refuse,
    "tags.render": refuse,
    ...own,
  };
}

/** Starts a runner that looks every 10 ms and stops when the test has ended. */
export function testRunner(
  ctx: Pick<Context, "db" | "clock" | "log" | "metrics">,
  handlers: Partial<JobHandlers>,
  limits: Partial<RunnerOptions> = {},
): Runner {
  const { db, clock, log, metrics } = ctx;
  const runner = startRunner({ db, clock, log, metrics, handlers: testHandlers(handlers), pollMs: 10, ...limits });
  onTestFinished(() => runner.stop());
  return runner;
}

/** Jobs of `notes.render`, oldest first: the kind that these tests queue. */
export function renderJobs({ db }: Pick<Context, "db">): JobReport[] {
  return listJobs(db, "notes.render", 1_000).reverse();
}
