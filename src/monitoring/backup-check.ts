import { findLastAttempt, findNextBackupAt } from "../backup/backup-jobs.ts";
import type { LastBackup } from "../backup/last-backup.ts";
import { readLastBackup } from "../backup/last-backup.ts";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import { readSettings } from "../site/settings-store.ts";
import type { CheckResult } from "./health-check.ts";

/** Age past which the last backup is too old, in hours: two nights. */
export const BACKUP_AGE_WARNING_HOURS = 48;

const LIMIT = said`${BACKUP_AGE_WARNING_HOURS} hours, and proved`;

type BackupContext = Pick<Context, "config" | "db" | "clock">;

/** Whether there is a backup, how old it is, and whether it could be restored. */
export function checkLastBackup(ctx: BackupContext): CheckResult {
  const last = readLastBackup(ctx);
  const isOff = readSettings(ctx.db).backups === "off";
  if (last === undefined) return judgeNone(ctx, isOff);
  const found = describe(last);
  if (last.proof === "failed") return { status: "failed", ...found, limit: LIMIT, remedy: failedRemedy(last) };
  if (isOff) {
    const detail = said`${found.detail}; the schedule is off`;
    return { status: "warning", figure: found.figure, detail, limit: LIMIT, remedy: OFF_REMEDY };
  }
  if (last.ageSeconds > BACKUP_AGE_WARNING_HOURS * 3600) {
    return {
      status: "warning",
      ...found,
      limit: LIMIT,
      remedy: said`See /admin/backups for why no newer one was made.`,
    };
  }
  return { status: "ok", ...found, limit: LIMIT, remedy: "" };
}

const OFF_REMEDY = said`Turn the nightly backup on at /admin/backups, or see to it that another one is made.`;

/** A young site has none before its first night, which is no fault. */
function judgeNone(ctx: BackupContext, isOff: boolean): CheckResult {
  if (isOff) {
    const detail = said`the schedule is off`;
    return { status: "warning", figure: said`none`, detail, limit: LIMIT, remedy: OFF_REMEDY };
  }
  if (findLastAttempt(ctx)?.state === "failed") {
    const remedy = said`See /admin/backups for why none could be made.`;
    return { status: "warning", figure: said`none`, limit: LIMIT, remedy };
  }
  const nextAt = findNextBackupAt(ctx);
  const young = { status: "ok", figure: said`none yet`, limit: LIMIT, remedy: "" } as const;
  if (nextAt === undefined) return young;
  const hours = hoursUntil(ctx, nextAt);
  const detail = counted("the first comes within the hour", "the first comes within {count} hours", { count: hours });
  return { ...young, detail };
}

function hoursUntil({ clock }: Pick<Context, "clock">, moment: Timestamp): number {
  return Math.max(1, Math.ceil((toMilliseconds(moment) - toMilliseconds(clock())) / 3_600_000));
}

function describe({ ageSeconds, sizeBytes, proof }: LastBackup): { figure: Words; detail: Words } {
  const words = { ok: said`proved`, failed: said`failed its proof`, pending: said`not proved yet` };
  const hours = Math.max(0, Math.round(ageSeconds / 3600));
  return {
    figure: counted("an hour old", "{count} hours old", { count: hours }),
    detail: said`${formatBytes(sizeBytes)}, ${words[proof]}`,
  };
}

function failedRemedy({ name, problem }: LastBackup): Words {
  return said`${name}: ${problem} Make another one at /admin/backups; if that fails too, run starpunk doctor.`;
}
