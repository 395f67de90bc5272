import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Term } from "./keep-backups.ts";
import { chooseKept } from "./keep-backups.ts";
import { toStamp } from "./stamp.ts";

/** What became of a backup when it was restored to see whether it can be. */
export type Proof = {
  readonly provedAt: Timestamp;
  /** What is wrong with it, in a sentence; empty: nothing. */
  readonly problem: string;
  /** Notes that it has. */
  readonly notes: number;
  /** Media files that were missing or damaged when it was made. */
  readonly lostMedia: number;
};

/** A backup in the folder of the site. */
export type StoredBackup = {
  /** Of the file: `starpunk-2026-11-22T031500Z.zip`. */
  readonly name: string;
  readonly kind: BackupKind;
  readonly madeAt: Timestamp;
  readonly sizeBytes: number;
  /** Undefined while it is being proved, and when that broke off. */
  readonly proof: Proof | undefined;
  /** What a scheduled one is kept for; undefined for one made by hand, which only the author removes. */
  readonly term: Term | undefined;
};

/** Whether the author asked for a backup, or the schedule. */
export type BackupKind = "by_hand" | "scheduled";

const NAME = /^starpunk-(by-hand-)?(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)(\d\d)Z\.zip$/;
const LEFTOVER = /^starpunk-[\w-]+\.zip\.(?:new|new\.db|new\.db-journal|json\.new|proof)$/;

/** The folder of the backups that the admin and the schedule make. */
export function backupFolder({ DATA_DIR }: Pick<Config, "DATA_DIR">): string {
  return join(DATA_DIR, "backups");
}

/** The name of a backup that is made now. */
export function newBackupName(kind: BackupKind, now: Timestamp): string {
  return `starpunk-${kind === "by_hand" ? "by-hand-" : ""}${toStamp(now)}.zip`;
}

/** Backups of the site, the newest first. Files of other names are not ours. */
export function listBackups(folder: string): StoredBackup[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder).flatMap((name) => describe(folder, name));
  const terms = chooseKept(found.filter(isSoundScheduled).map(({ madeAt }) => madeAt));
  return found
    .map((backup) => ({ ...backup, term: isSoundScheduled(backup) ? terms.get(backup.madeAt) : undefined }))
    .sort((a, b) => (a.madeAt < b.madeAt ? 1 : -1));
}

/** The file of a backup; undefined when there is none of that name: the name may come from a stranger. */
export function findBackupFile(folder: string, name: string): string | undefined {
  if (!NAME.test(name)) return undefined;
  const file = join(folder, name);
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : undefined;
}

/** Removes a backup with what is known of it. */
export function removeBackup(folder: string, name: string): void {
  for (const file of [name, `${name}.json`]) rmSync(join(folder, file), { force: true });
}

/**
 * Removes the scheduled backups that are kept for nothing any more, as `chooseKept` says. Those whose proof failed count
 * for nothing, and go when a newer one is proved; those that were made by hand stay. Returns the names.
 */
export function removeOldBackups(folder: string): string[] {
  const scheduled = listBackups(folder).filter(({ kind }) => kind === "scheduled");
  const newestSound = scheduled.find(isSoundScheduled)?.madeAt ?? "";
  const old = scheduled.filter(({ madeAt, term }) => term === undefined && madeAt < newestSound);
  for (const { name } of old) removeBackup(folder, name);
  return old.map(({ name }) => name);
}

/** Writes down beside an archive what its proof gave. */
export function writeProof(file: string, proof: Proof): void {
  writeFileSync(`${file}.json.new`, `${JSON.stringify(proof)}\n`, { mode: 0o600 });
  renameSync(`${file}.json.new`, `${file}.json`);
}

/** Removes what killed backups and proofs have left in a folder. Whoever holds the lock of backups may. */
export function sweepLeftovers(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => LEFTOVER.test(each))) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function describe(folder: string, name: string): StoredBackup[] {
  const [, byHand, date, hours, minutes, seconds] = NAME.exec(name) ?? [];
  const size = statSync(join(folder, name), { throwIfNoEntry: false })?.size;
  if (date === undefined || size === undefined) return [];
  const kind = byHand === undefined ? "scheduled" : "by_hand";
  const madeAt = `${date}T${hours}:${minutes}:${seconds}.000Z` as Timestamp;
  return [{ name, kind, madeAt, sizeBytes: size, proof: readProof(join(folder, `${name}.json`)), term: undefined }];
}

function readProof(file: string): Proof | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Proof;
  } catch {
    return undefined; // There is none yet, or the disk has lost it: either way nothing is proved.
  }
}

function isSoundScheduled({ kind, proof }: StoredBackup): boolean {
  return kind === "scheduled" && proof?.problem === "";
}
