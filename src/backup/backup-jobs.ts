import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { enqueue } from "../jobs/job.ts";
import type { JobReport } from "../jobs/job-store.ts";
import { listJobs } from "../jobs/job-store.ts";
import type { RecurringJob } from "../jobs/recurring.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import type { Outcome } from "../lib/outcome.ts";
import { DONE } from "../lib/outcome.ts";
import { fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { readSettings } from "../site/settings-store.ts";
import { runBackup } from "./run-backup.ts";
import { backupFolder, removeOldBackups } from "./stored-backups.ts";

/** When backups are made, on the author's clock: few read then, and no zone skips or repeats that time. */
export const QUIET_TIME = "03:15";

/** Jobs that the page of backups looks at for the last outcome. */
const JOBS_LOOKED_AT = 3;

const BY_HAND_KEY = "by_hand";

/** The backup of each night, in the author's zone as it is then. */
export function nightlyBackup({ db }: Pick<Context, "db">): RecurringJob {
  return {
    kind: "backup.scheduled",
    payload: {},
    nextRunAt: (now) => nextQuietTime(now, readSettings(db).timeZone),
  };
}

/** The next moment at which clocks in `zone` show QUIET_TIME, always after `now`. */
export function nextQuietTime(now: Timestamp, zone: string): Timestamp {
  const { date } = toLocal(now, offsetMinutes(now, zone));
  const today = fromLocal(`${date}T${QUIET_TIME}`, zone);
  if (today > now) return today;
  // Noon is on the next date whatever clocks do at night.
  const noon = addSeconds(fromLocal(`${date}T12:00`, zone), 86_400);
  return fromLocal(`${toLocal(noon, offsetMinutes(noon, zone)).date}T${QUIET_TIME}`, zone);
}

/** Makes the backup of this night, unless the author has turned that off, and removes those that are kept for nothing. */
export async function makeScheduledBackup(
  ctx: Pick<Context, "config" | "clock" | "db">,
  signal: AbortSignal,
): Promise<Outcome> {
  if (readSettings(ctx.db).backups === "off") return DONE;
  const outcome = await runBackup(ctx, "scheduled", signal);
  if (outcome.result === "done") removeOldBackups(backupFolder(ctx.config));
  return outcome;
}

/** Asks for a backup now. One that waits or runs already is the one. */
export function requestBackup(ctx: Doing<"db" | "clock">): Promise<void> {
  const { db, clock } = ctx;
  return db.write(() => {
    if (listJobs(db, "backup.make", 1)[0]?.state === "running") return;
    enqueue(db, { kind: "backup.make", payload: {}, uniqueKey: BY_HAND_KEY, now: clock() });
    record(ctx, { kind: "backup.ask" });
  });
}

/** What became of the backup that was asked for last, by the author or the schedule, or what is becoming of it. */
export function findLastAttempt({ db, clock }: Pick<Context, "db" | "clock">): JobReport | undefined {
  const now = clock();
  return [...listJobs(db, "backup.make", JOBS_LOOKED_AT), ...listJobs(db, "backup.scheduled", JOBS_LOOKED_AT)]
    .filter(({ state, runAt, attempts }) => state !== "waiting" || runAt <= now || attempts > 0)
    .sort((a, b) => b.id - a.id)[0];
}

/** When the schedule makes the next one; undefined while it is off or no server has run yet. */
export function findNextBackupAt({ db }: Pick<Context, "db">): Timestamp | undefined {
  if (readSettings(db).backups === "off") return undefined;
  return listJobs(db, "backup.scheduled", JOBS_LOOKED_AT).find(({ state }) => state === "waiting")?.runAt;
}
