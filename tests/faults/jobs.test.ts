import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { enqueue } from "../../src/jobs/job.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { DONE } from "../../src/lib/outcome.ts";
import { testContext } from "../support/context.ts";
import { renderJobs, testRunner } from "../support/jobs.ts";

const ROUNDS = 6;
const BOUND = { timeout: 15_000, interval: 10 };

async function openWorld() {
  const { ctx, dir } = await testContext();
  const journal = join(dir, "journal.txt");
  return {
    ctx: { ...ctx, clock: systemClock },
    dir,
    journal,
    begun: () => (existsSync(journal) ? readFileSync(journal, "utf8").trim().split("\n").map(Number) : []),
    queue: (noteIds: readonly number[]) =>
      ctx.db.write(() => {
        const now = systemClock();
        for (const noteId of noteIds) enqueue(ctx.db, { kind: "notes.render", payload: { noteId }, now });
      }),
  };
}

function startProcess({ dir, journal }: { dir: string; journal: string }): ChildProcess {
  const script = join(import.meta.dirname, "run-jobs.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script, dir, journal], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

test("a job whose process was killed is run by another one, and counts as a second attempt", async () => {
  const world = await openWorld();
  await world.queue([0]);
  const child = startProcess(world);
  await vi.waitFor(() => expect(world.begun()).toEqual([0]), BOUND);
  await vi.waitFor(() => expect(renderJobs(world.ctx)).toMatchObject([{ state: "running", attempts: 1 }]), BOUND);

  await kill(child);
  testRunner(world.ctx, { "notes.render": () => Promise.resolve(DONE) }, { recoveryMs: 50 });

  await vi.waitFor(() => expect(renderJobs(world.ctx)).toMatchObject([{ state: "done", attempts: 2 }]), BOUND);
});

test(`no job is lost over ${ROUNDS} kills at random moments, two processes at work`, { timeout: 60_000 }, async () => {
  const world = await openWorld();
  const noteIds = Array.from({ length: ROUNDS * 40 }, (_, index) => index + 1);
  let survivor = startProcess(world);

  for (let round = 0; round < ROUNDS; round += 1) {
    await world.queue(noteIds.slice(round * 40, (round + 1) * 40));
    const before = world.begun().length;
    const next = startProcess(world);
    await vi.waitFor(() => expect(world.begun().length).toBeGreaterThan(before), BOUND);
    await sleep(Math.random() * 60);
    await kill(survivor);
    survivor = next;
  }

  await vi.waitFor(() => expect(renderJobs(world.ctx).every(({ state }) => state === "done")).toBe(true), BOUND);
  await kill(survivor);
  expect(renderJobs(world.ctx)).toHaveLength(noteIds.length);
  expect(new Set(world.begun())).toEqual(new Set(noteIds));
  expect(world.ctx.db.get("PRAGMA integrity_check")).toEqual({ integrity_check: "ok" });
});
