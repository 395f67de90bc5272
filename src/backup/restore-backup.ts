import { existsSync, lstatSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { findDatabaseFaults, flush, readCopy } from "../db/copy-database.ts";
import { DatabaseError } from "../db/database-error.ts";
import { claimFolder } from "../db/folder-lock.ts";
import { migrate } from "../db/migrate.ts";
import { toDatabaseError } from "../db/start-error.ts";
import type { Clock, Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { readCopiedDatabase } from "./backup-store.ts";
import {
  decideRestore,
  finishRestore,
  hasUnfinishedRestore,
  keptFolder,
  listReplaced,
  removeUnpacked,
  UNPACKED,
} from "./finish-restore.ts";
import type { Manifest } from "./manifest.ts";
import { badArchive, DATABASE_NAME, MEDIA_PREFIX, THEME_PREFIX } from "./manifest.ts";
import type { ArchiveLimits, OpenArchive } from "./read-archive.ts";
import { withArchive } from "./read-archive.ts";
import { freeBytes } from "./room.ts";
import { toStamp } from "./stamp.ts";

/** What is restored, and where to. */
export type RestoreRequest = {
  /** Absolute. */
  readonly file: string;
  readonly dataDir: string;
  /** Replaces the site that is in the folder, and keeps it aside. */
  readonly isForced: boolean;
  readonly clock: Clock;
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  readonly limits?: Partial<ArchiveLimits>;
};

/** A folder that holds what was backed up. */
export type RestoredFolder = {
  readonly manifest: Manifest;
  /** Migrations that the backup was brought up to date with. */
  readonly applied: readonly string[];
  /** Where the files that were replaced are now; undefined when there were none. */
  readonly keptAside: string | undefined;
};

/**
 * Restores an archive into a data folder. Everything is checked before anything is replaced; a kill at any moment leaves
 * the old state or the new one. Throws an AppError or a DatabaseError, nothing changed: while any process works with the
 * folder, for a folder that has a site unless forced, for an archive that is damaged, foreign or newer than this program.
 */
export async function restoreBackup(request: RestoreRequest): Promise<RestoredFolder> {
  const { dataDir, file, isForced, clock } = request;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const claim = claimFolder(dataDir);
  if (claim === undefined) {
    const sentence = `A StarPunk works with the folder ${dataDir}: stop the server and every other command on it, then restore again.`;
    throw new DatabaseError("locked", sentence);
  }
  try {
    if (hasUnfinishedRestore(dataDir)) finishRestore(dataDir);
    removeUnpacked(dataDir);
    refuseFull(dataDir, isForced);
    const unpacked = await withArchive(file, (archive) => unpack(archive, request), request.limits);
    decideRestore(dataDir, freeStamp(dataDir, clock()));
    return { ...unpacked, keptAside: finishRestore(dataDir) };
  } catch (error) {
    throw toRestoreError(error, dataDir);
  } finally {
    removeUnpacked(dataDir);
    claim.release();
  }
}

/** The time, or the next second under which nothing is kept yet. */
function freeStamp(dataDir: string, now: Timestamp): string {
  const stamp = toStamp(now);
  return existsSync(keptFolder(dataDir, stamp)) ? freeStamp(dataDir, addSeconds(now, 1)) : stamp;
}

function refuseFull(dataDir: string, isForced: boolean): void {
  const replaced = listReplaced(dataDir);
  if (replaced.length > 0 && !isForced) {
    throw new AppError(
      "conflict",
      `The folder ${dataDir} has a site in it (${replaced.join(", ")}): restore into an empty one, or replace it with --force, which keeps the old files aside.`,
    );
  }
  const foreign = replaced.find((name) => lstatSync(join(dataDir, name)).dev !== statSync(dataDir).dev);
  if (foreign === undefined) return;
  const sentence = `${join(dataDir, foreign)} lies on another disk than ${dataDir}, so they cannot be replaced at one moment: restore into an empty folder, then move its files.`;
  throw new AppError("conflict", sentence);
}

async function unpack(
  { manifest, extract }: OpenArchive,
  { dataDir, clock, onProgress }: RestoreRequest,
): Promise<{ manifest: Manifest; applied: readonly string[] }> {
  const folder = join(dataDir, UNPACKED);
  const totalBytes = manifest.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await requireFree(dataDir, totalBytes);
  mkdirSync(join(folder, "media"), { recursive: true, mode: 0o700 });
  let doneBytes = 0;
  for (const file of manifest.files) {
    if (file.name.startsWith(THEME_PREFIX))
      mkdirSync(dirname(join(folder, file.name)), { recursive: true, mode: 0o700 });
    await extract(file, join(folder, file.name));
    doneBytes += file.sizeBytes;
    onProgress?.(doneBytes, totalBytes);
  }
  const database = join(folder, DATABASE_NAME);
  if (!existsSync(database)) throw badArchive(`it has no ${DATABASE_NAME}`);
  requireAsSaid(database, manifest);
  const { applied } = await migrate({ file: database, clock });
  // What was before the migrations is the archive itself.
  for (const name of readdirSync(folder)) if (name.startsWith("starpunk-before-")) rmSync(join(folder, name));
  for (const path of [database, join(folder, "media"), folder]) flush(path);
  return { manifest, applied };
}

/** The database must be sound, and what the manifest says of it true. */
function requireAsSaid(file: string, manifest: Manifest): void {
  const { faults, found } = readCopy(file, (reader) => ({
    faults: findDatabaseFaults(reader),
    found: readCopiedDatabase(reader),
  }));
  if (faults[0] !== undefined) throw badArchive(`its database is damaged: ${faults[0]}`);
  if (found.notes !== manifest.notes) {
    throw badArchive(`its database has ${found.notes} notes, and its manifest says ${manifest.notes}`);
  }
  if (JSON.stringify(found.migrations) !== JSON.stringify(manifest.migrations)) {
    throw badArchive("its database has another schema than its manifest says");
  }
  const told = new Set([...manifest.files.map(({ name }) => name), ...manifest.missing]);
  const lost = found.media.find((name) => !told.has(MEDIA_PREFIX + name));
  if (lost !== undefined) throw badArchive(`${MEDIA_PREFIX}${lost}, which its database names, is missing in it`);
}

async function requireFree(folder: string, neededBytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (free >= neededBytes) return;
  throw new AppError(
    "storage_full",
    `The backup needs ${formatBytes(neededBytes)}, and the disk of ${folder} has ${formatBytes(free)} free: make room, then restore again.`,
  );
}

function toRestoreError(error: unknown, dataDir: string): unknown {
  // Damage of what lies in the archive is said of the archive, not of a file that is gone a moment later.
  if (error instanceof DatabaseError && ["damaged", "foreign"].includes(error.code)) {
    return badArchive("its database is damaged", error);
  }
  if (error instanceof DatabaseError && error.code === "newer") {
    return badArchive("a newer StarPunk made it: install that version", error);
  }
  return toDatabaseError(error, join(dataDir, DATABASE_NAME));
}
