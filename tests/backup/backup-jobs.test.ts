import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findLastAttempt, findNextBackupAt, nextQuietTime, requestBackup } from "../../src/backup/backup-jobs.ts";
import { readLastBackup } from "../../src/backup/last-backup.ts";
import { backupFolder, listBackups } from "../../src/backup/stored-backups.ts";
import type { JobReport } from "../../src/jobs/job-store.ts";
import { listJobs } from "../../src/jobs/job-store.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { createHandlers } from "../../src/worker/handlers.ts";
import { NOW, testContext } from "../support/context.ts";
import { testRunner } from "../support/jobs.ts";
import { until } from "../support/until.ts";

const FIRST = { jobId: 1, number: 1, isLast: false };

test.each([
  ["2026-03-01T09:30:00.000Z", "UTC", "2026-03-02T03:15:00.000Z"],
  ["2026-03-01T03:14:59.999Z", "UTC", "2026-03-01T03:15:00.000Z"],
  ["2026-03-01T03:15:00.000Z", "UTC", "2026-03-02T03:15:00.000Z"],
  ["2026-03-01T09:30:00.000Z", "Europe/Berlin", "2026-03-02T02:15:00.000Z"],
  // Clocks are set forward in the night, from 2 to 3, and back, from 3 to 2.
  ["2026-03-28T12:00:00.000Z", "Europe/Berlin", "2026-03-29T01:15:00.000Z"],
  ["2026-10-24T12:00:00.000Z", "Europe/Berlin", "2026-10-25T02:15:00.000Z"],
  ["2026-03-01T20:00:00.000Z", "Pacific/Auckland", "2026-03-02T14:15:00.000Z"],
  ["2026-03-01T09:30:00.000Z", "America/Los_Angeles", "2026-03-01T11:15:00.000Z"],
])("after %s in %s, the next quiet time is %s", (now, zone, next) => {
  expect(nextQuietTime(now as Timestamp, zone)).toBe(next);
});

test("the schedule does nothing while it is off, and stands for the next night all the same", async () => {
  const { ctx } = await testContext();
  await changeSettings(ctx, { backups: "off" });

  const outcome = await createHandlers(ctx)["backup.scheduled"]({}, FIRST);

  expect(outcome).toEqual({ result: "done" });
  expect(listBackups(backupFolder(ctx.config))).toEqual([]);
  expect(listJobs(ctx.db, "backup.scheduled", 5)).toMatchObject([
    { state: "waiting", runAt: "2026-03-02T03:15:00.000Z" },
  ]);
  expect(findNextBackupAt(ctx)).toBeUndefined();
  await changeSettings(ctx, { backups: "daily" });
  expect(findNextBackupAt(ctx)).toBe("2026-03-02T03:15:00.000Z");
});

test("the nightly backup is made and proved by another process, and the next night's is queued", async () => {
  const { ctx } = await testContext();

  const outcome = await createHandlers(ctx)["backup.scheduled"]({}, FIRST);

  expect(outcome).toEqual({ result: "done" });
  expect(readLastBackup(ctx)).toMatchObject({ name: "starpunk-2026-03-01T093000Z.zip", proof: "ok" });
  expect(findNextBackupAt(ctx)).toBe("2026-03-02T03:15:00.000Z");
});

test("a backup that cannot be made fails with the sentence that the other process said", async () => {
  const { ctx } = await testContext();
  writeFileSync(backupFolder(ctx.config), "in the way");

  const outcome = await createHandlers(ctx)["backup.make"]({}, { ...FIRST, isLast: true });

  expect(outcome).toMatchObject({ result: "retry", reason: expect.stringMatching(/backups/) });
});

test("a stop ends the other process, and leaves no backup", async () => {
  const { ctx } = await testContext();
  const stopping = new AbortController();

  const running = createHandlers(ctx, stopping.signal)["backup.make"]({}, FIRST);
  stopping.abort();

  expect(await running).toEqual({ result: "retry", reason: "The program was stopped." });
  expect(listBackups(backupFolder(ctx.config))).toEqual([]);
});

test("asking twice makes one backup, also while it runs", async () => {
  const { ctx } = await testContext();
  let end: () => void = () => undefined;
  const running = new Promise<void>((resolve) => {
    end = resolve;
  });
  await requestBackup(ctx);
  await requestBackup(ctx);
  const asked = listJobs(ctx.db, "backup.make", 5).length;

  testRunner(ctx, { "backup.make": () => running.then(() => ({ result: "done" })) });
  await until(() => expect(findLastAttempt(ctx)?.state).toBe("running"));
  await requestBackup(ctx);
  const meanwhile = listJobs(ctx.db, "backup.make", 5).length;
  end();

  expect([asked, meanwhile]).toEqual([1, 1]);
  await until(() => expect(findLastAttempt(ctx)?.state).toBe("done"));
});

test("the last attempt is the newest that was due, whoever asked", async () => {
  const { ctx } = await testContext();
  const add = (kind: string, job: Partial<JobReport>) =>
    ctx.db.write(() =>
      ctx.db.run(
        `INSERT INTO jobs (kind, payload, state, run_at, attempts, created_at)
         VALUES (:kind, '{}', :state, :runAt, :attempts, :runAt)`,
        { kind, state: "waiting", runAt: NOW, attempts: 0, ...job },
      ),
    );

  const seen = [findLastAttempt(ctx)?.state];
  await add("backup.scheduled", { runAt: addSeconds(NOW, 3600) });
  seen.push(findLastAttempt(ctx)?.state);
  await add("backup.make", { state: "failed" });
  seen.push(findLastAttempt(ctx)?.state);
  await add("backup.scheduled", { state: "done" });
  seen.push(findLastAttempt(ctx)?.state);

  expect(seen).toEqual([undefined, undefined, "failed", "done"]);
  expect(readdirSync(join(ctx.config.DATA_DIR))).not.toContain("backups");
});
