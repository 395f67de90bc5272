import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLastBackup } from "../../src/backup/last-backup.ts";
import {
  backupFolder,
  findBackupFile,
  listBackups,
  newBackupName,
  removeBackup,
  removeOldBackups,
  sweepLeftovers,
  writeProof,
} from "../../src/backup/stored-backups.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import { NOW, testContext, testFolder } from "../support/context.ts";

const DAY = 86_400;

/** Puts a backup there that claims to be from some days before, with what its proof gave. */
function put(folder: string, backup: { kind?: "by_hand" | "scheduled"; days: number; problem?: string }): string {
  const name = newBackupName(backup.kind ?? "scheduled", addSeconds(NOW, -backup.days * DAY));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), "zip");
  if (backup.problem !== undefined) {
    writeProof(join(folder, name), { provedAt: NOW, problem: backup.problem, notes: 3, lostMedia: 0 });
  }
  return name;
}

test("names have the time in UTC and say who asked for it", () => {
  const at = "2026-11-22T03:15:00.123Z" as Timestamp;

  expect([newBackupName("scheduled", at), newBackupName("by_hand", at)]).toEqual([
    "starpunk-2026-11-22T031500Z.zip",
    "starpunk-by-hand-2026-11-22T031500Z.zip",
  ]);
});

test("the list has the newest first, with its kind, size, proof and term, and no file of another name", () => {
  const folder = testFolder();
  put(folder, { days: 2, problem: "" });
  put(folder, { days: 1, kind: "by_hand", problem: "bad" });
  put(folder, { days: 0 });
  for (const name of ["holiday.zip", "starpunk-2026-11-22T031500Z.zip.new", "starpunk-2026.zip"])
    writeFileSync(join(folder, name), "x");

  expect(listBackups(folder)).toMatchObject([
    { name: "starpunk-2026-03-01T093000Z.zip", kind: "scheduled", sizeBytes: 3, proof: undefined, term: undefined },
    { name: "starpunk-by-hand-2026-02-28T093000Z.zip", kind: "by_hand", proof: { problem: "bad" }, term: undefined },
    { name: "starpunk-2026-02-27T093000Z.zip", kind: "scheduled", proof: { problem: "" }, term: "monthly" },
  ]);
  expect(listBackups(join(folder, "none"))).toEqual([]);
});

test("old scheduled backups go; those by hand stay, and one that failed its proof counts for nothing", () => {
  const folder = testFolder();
  for (let days = 1; days <= 60; days += 1) put(folder, { days, problem: "" });
  const byHand = put(folder, { days: 50, kind: "by_hand" });
  const failedOld = put(folder, { days: 1.5, problem: "bad" });
  const failedNew = put(folder, { days: 0, problem: "bad" });

  const removed = removeOldBackups(folder);

  const names = listBackups(folder).map(({ name }) => name);
  expect(names).toContain(byHand);
  expect(names).toContain(failedNew);
  expect(removed).toContain(failedOld);
  expect(names.length).toBeLessThanOrEqual(2 + 7 + 4 + 3);
  expect(names.length + removed.length).toBe(63);
  expect(removed.some((name) => existsSync(join(folder, `${name}.json`)))).toBe(false);
  expect(removeOldBackups(folder)).toEqual([]);
});

test("only a name of ours finds a file, and removing it takes its proof along", () => {
  const folder = testFolder();
  const name = put(folder, { days: 1, problem: "" });
  mkdirSync(join(folder, "starpunk-2026-11-22T031500Z.zip"));
  writeFileSync(join(folder, "secret"), "x");

  const found = [name, "secret", "../secret", `x/${name}`, "starpunk-2026-11-22T031500Z.zip"].map((each) =>
    findBackupFile(folder, each),
  );
  removeBackup(folder, name);

  expect(found).toEqual([join(folder, name), undefined, undefined, undefined, undefined]);
  expect(readdirSync(folder).sort()).toEqual(["secret", "starpunk-2026-11-22T031500Z.zip"]);
});

test("what killed backups and proofs have left is swept, and nothing else", () => {
  const folder = testFolder();
  const name = put(folder, { days: 1, problem: "" });
  for (const ending of [".new", ".new.db", ".json.new"]) writeFileSync(join(folder, name + ending), "half");
  mkdirSync(join(folder, `${name}.proof`, "media"), { recursive: true });
  writeFileSync(join(folder, "mine.zip.new"), "mine");

  sweepLeftovers(folder);

  expect(readdirSync(folder).sort()).toEqual(["mine.zip.new", name, `${name}.json`].sort());
});

test("the last backup is told with its age and its proof; without any there is none", async () => {
  const { ctx, clock } = await testContext();
  const folder = backupFolder(ctx.config);
  const none = readLastBackup(ctx);
  put(folder, { days: 2, problem: "" });
  const proved = readLastBackup(ctx);
  put(folder, { days: 1, problem: "broken" });
  const failed = readLastBackup(ctx);
  put(folder, { days: 0 });
  clock.advance(60);

  expect(none).toBeUndefined();
  expect(proved).toMatchObject({ proof: "ok", ageSeconds: 2 * DAY, sizeBytes: 3 });
  expect(failed).toMatchObject({ proof: "failed", problem: "broken" });
  expect(readLastBackup(ctx)).toMatchObject({ proof: "pending", ageSeconds: 60 });
});
