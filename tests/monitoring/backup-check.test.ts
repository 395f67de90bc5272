import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backupFolder, newBackupName, writeProof } from "../../src/backup/stored-backups.ts";
import type { Context } from "../../src/context/context.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { BACKUP_AGE_WARNING_HOURS, checkLastBackup } from "../../src/monitoring/backup-check.ts";
import { changeSettings } from "../../src/site/change-settings.ts";
import { NOW, testContext } from "../support/context.ts";
import { inEnglish } from "../support/in-english.ts";

function putBackup({ config }: Pick<Context, "config">, options: { ageSeconds: number; problem?: string }): void {
  const folder = backupFolder(config);
  const file = join(folder, newBackupName("scheduled", addSeconds(NOW, -options.ageSeconds)));
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, "zip");
  writeProof(file, { provedAt: NOW, problem: options.problem ?? "", notes: 1, lostMedia: 0 });
}

test("a young site has no backup yet, and that is no fault; one whose first try failed has one", async () => {
  const { ctx } = await testContext();

  const young = inEnglish(checkLastBackup(ctx));
  await ctx.db.write(() =>
    ctx.db.run(
      "INSERT INTO jobs (kind, payload, state, run_at, created_at) VALUES ('backup.scheduled', '{}', 'failed', :now, :now)",
      { now: NOW },
    ),
  );

  expect(young).toMatchObject({ status: "ok", figure: "none yet", remedy: "" });
  expect(inEnglish(checkLastBackup(ctx))).toMatchObject({ status: "warning", figure: "none" });
});

test("a proved backup is well for 48 hours, and not for one second more", async () => {
  const { ctx, clock } = await testContext();
  putBackup(ctx, { ageSeconds: BACKUP_AGE_WARNING_HOURS * 3600 });

  const atLimit = inEnglish(checkLastBackup(ctx));
  clock.advance(1);

  expect(atLimit).toMatchObject({ status: "ok", figure: "48 hours old", detail: "3 bytes, proved" });
  expect(inEnglish(checkLastBackup(ctx)).status).toBe("warning");
});

test("one that failed its proof has failed, with its problem in the remedy", async () => {
  const { ctx } = await testContext();
  putBackup(ctx, { ageSeconds: 60, problem: "The home page answers 500." });

  expect(inEnglish(checkLastBackup(ctx))).toMatchObject({
    status: "failed",
    remedy: expect.stringContaining("answers 500"),
  });
});

test("a schedule that is off is a warning, with a backup and without", async () => {
  const { ctx } = await testContext();
  await changeSettings(ctx, { backups: "off" });

  const without = inEnglish(checkLastBackup(ctx));
  putBackup(ctx, { ageSeconds: 60 });

  expect([without, inEnglish(checkLastBackup(ctx))]).toMatchObject([
    { status: "warning", figure: "none", detail: "the schedule is off" },
    { status: "warning", figure: "0 hours old", detail: "3 bytes, proved; the schedule is off" },
  ]);
});
