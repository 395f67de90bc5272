import { statfs } from "node:fs/promises";
import type { Context } from "../context/context.ts";
import { CHECKPOINT_PAGES_MAX } from "../db/checkpointer.ts";
import { MIGRATIONS_FOLDER, readMigrations } from "../db/migration-files.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { decimal, said } from "../lib/words.ts";
import { SCANNED_NOTES } from "../search/scan.ts";
import { readIndexState } from "../search/search-index.ts";
import { checkLastBackup } from "./backup-check.ts";
import type { CheckResult, HealthCheck } from "./health-check.ts";
import { CHECK_TIMEOUT_MS } from "./health-check.ts";
import { countAppliedMigrations, findOldestDueJob, isReadable } from "./health-store.ts";
import type { ProcessMonitor } from "./process-monitor.ts";
import { MEMORY_GROWTH_WARNING } from "./process-monitor.ts";
import type { ThemeReport } from "./theme-check.ts";
import { checkTheme } from "./theme-check.ts";
import { readStorage } from "./vitals.ts";
import { countJobs } from "./vitals-store.ts";

/** Free space below which uploads and backups may soon fail, in bytes. */
export const DISK_WARNING_BYTES = 500 * 1024 * 1024;

/** Free space below which notes may soon not be saved, in bytes. */
export const DISK_FAILED_BYTES = 50 * 1024 * 1024;

/** Size of the write-ahead log past which something keeps it from being brought in, in bytes: twice what it grows to. */
export const WAL_WARNING_BYTES = 2 * CHECKPOINT_PAGES_MAX * 4096;

/** How long a job that is due may wait, in seconds. */
export const JOB_AGE_WARNING_SECONDS = 300;

/** Delay of the event loop, 99th percentile of a minute, past which readers notice it, in milliseconds. */
export const LOOP_DELAY_WARNING_MS = 200;

const FINE = { status: "ok", remedy: "" } as const;

/** Everything that `/health?detailed` and `/admin/health` look at. */
export function createHealthChecks(
  ctx: Pick<Context, "config" | "db" | "clock">,
  monitor: Pick<ProcessMonitor, "read">,
  theme?: ThemeReport,
): HealthCheck[] {
  return [
    { name: "database_read", title: said`The database can be read`, look: () => checkRead(ctx) },
    { name: "database_write", title: said`The database can be written`, look: () => checkWrite(ctx) },
    { name: "migrations", title: said`The schema is that of this version`, look: () => checkMigrations(ctx) },
    { name: "disk_space", title: said`There is room on the disk`, look: () => checkDisk(ctx) },
    { name: "write_ahead_log", title: said`The write-ahead log is brought in`, look: () => checkWal(ctx) },
    { name: "jobs_due", title: said`Jobs are done in time`, look: () => checkDueJobs(ctx) },
    { name: "jobs_failed", title: said`No job has failed for good`, look: () => checkFailedJobs(ctx) },
    { name: "search_index", title: said`Searches find all notes`, look: () => checkSearchIndex(ctx) },
    { name: "last_backup", title: said`There is a backup that can be restored`, look: () => checkLastBackup(ctx) },
    { name: "theme", title: said`Templates of your own can be used`, look: () => checkTheme(theme) },
    { name: "memory", title: said`Memory does not grow`, look: () => checkMemory(monitor) },
    { name: "event_loop", title: said`Nothing holds up the process`, look: () => checkLoop(monitor) },
  ];
}

function checkRead({ db }: Pick<Context, "db">): CheckResult {
  const limit = said`every read`;
  if (isReadable(db)) return { ...FINE, figure: said`readable`, limit };
  return {
    status: "failed",
    figure: said`not readable`,
    limit,
    remedy: said`Stop the program and copy DATA_DIR before anything else; then look into the log for the file and the cause.`,
  };
}

async function checkWrite({ db }: Pick<Context, "db">): Promise<CheckResult> {
  const startedAt = performance.now();
  await db.write(() => undefined);
  return {
    ...FINE,
    figure: said`lock taken in ${decimal(performance.now() - startedAt, 1)} ms`,
    limit: `${CHECK_TIMEOUT_MS / 1000} s`,
  };
}

function checkMigrations({ db }: Pick<Context, "db">): CheckResult {
  const known = readMigrations(MIGRATIONS_FOLDER).length;
  const applied = countAppliedMigrations(db);
  const figure = said`${applied} applied`;
  const limit = said`${known} known`;
  if (applied === known) return { ...FINE, figure, limit };
  return {
    status: "failed",
    figure,
    limit,
    remedy: said`Another version has changed the database: run only one, the newest.`,
  };
}

async function checkDisk({ config }: Pick<Context, "config">): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(config.DATA_DIR);
  const free = bavail * bsize;
  const figure = said`${formatBytes(free)} free`;
  const limit = said`${formatBytes(DISK_WARNING_BYTES)} or more`;
  if (free >= DISK_WARNING_BYTES) return { ...FINE, figure, limit };
  const status = free < DISK_FAILED_BYTES ? "failed" : "warning";
  return {
    status,
    figure,
    limit,
    remedy: said`Make room on the disk of DATA_DIR: notes cannot be saved on a full one.`,
  };
}

function checkWal(ctx: Pick<Context, "config">): CheckResult {
  const { walBytes } = readStorage(ctx);
  const figure = formatBytes(walBytes);
  const limit = formatBytes(WAL_WARNING_BYTES);
  if (walBytes <= WAL_WARNING_BYTES) return { ...FINE, figure, limit };
  const remedy = said`Another program reads the database for too long: end it, and the log shrinks with the next note.`;
  return { status: "warning", figure, limit, remedy };
}

function checkDueJobs({ db, clock }: Pick<Context, "db" | "clock">): CheckResult {
  const limit = `${JOB_AGE_WARNING_SECONDS} s`;
  const now = clock();
  const oldest = findOldestDueJob(db, now);
  if (oldest === undefined) return { ...FINE, figure: said`none waits`, limit };
  const seconds = Math.round((toMilliseconds(now) - toMilliseconds(oldest)) / 1000);
  const figure = said`the oldest is ${seconds} s late`;
  if (seconds <= JOB_AGE_WARNING_SECONDS) return { ...FINE, figure, limit };
  return {
    status: "warning",
    figure,
    limit,
    remedy: said`Look at /admin/jobs for what waits and why; a restart takes up what was left.`,
  };
}

function checkFailedJobs({ db }: Pick<Context, "db">): CheckResult {
  const failed = countJobs(db).failed ?? 0;
  const limit = "0";
  if (failed === 0) return { ...FINE, figure: "0", limit };
  return {
    status: "warning",
    figure: String(failed),
    limit,
    remedy: said`See /admin/jobs: each failed job has its reason, and a button to try it again.`,
  };
}

function checkSearchIndex({ db }: Pick<Context, "db">): CheckResult {
  const limit = said`every note`;
  const state = readIndexState(db);
  const figure = state.isReadable ? said`${state.indexed} of ${state.notes} notes` : said`not readable`;
  if (state.isReadable && state.indexed === state.notes) return { ...FINE, figure, limit };
  const remedy = state.isReadable
    ? said`Run starpunk reindex: it makes the index anew from the notes. Until then some are not found.`
    : said`Run starpunk reindex: it makes the index anew from the notes. Until then only the newest ${SCANNED_NOTES} are looked through.`;
  return { status: "warning", figure, limit, remedy };
}

function checkMemory(monitor: Pick<ProcessMonitor, "read">): CheckResult {
  const { residentBytes, memoryGrowth } = monitor.read();
  const resident = formatBytes(residentBytes);
  const limit = said`${MEMORY_GROWTH_WARNING / 2 ** 20} MiB an hour`;
  if (memoryGrowth === undefined)
    return { ...FINE, figure: said`${resident}; growth is known after half an hour`, limit };
  const figure = said`${resident}, ${formatBytes(memoryGrowth.bytesPerHour)} more an hour`;
  if (!memoryGrowth.isWarning) return { ...FINE, figure, limit };
  return {
    status: "warning",
    figure,
    limit,
    remedy: said`If it does not stop, restart the program and report it with this page.`,
  };
}

function checkLoop(monitor: Pick<ProcessMonitor, "read">): CheckResult {
  const { p99 } = monitor.read().eventLoopDelay;
  const figure = said`${decimal(p99, 0)} ms (99th percentile of a minute)`;
  const limit = `${LOOP_DELAY_WARNING_MS} ms`;
  if (p99 <= LOOP_DELAY_WARNING_MS) return { ...FINE, figure, limit };
  const remedy = said`The machine has too little processor time, or something large is rendered: see /admin/problems and the slowest operations.`;
  return { status: "warning", figure, limit, remedy };
}
