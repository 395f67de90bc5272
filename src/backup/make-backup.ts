import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { databaseFile } from "../config/data-files.ts";
import { copyDatabase, flush, readCopy } from "../db/copy-database.ts";
import { DatabaseError } from "../db/database-error.ts";
import type { Hold } from "../db/folder-lock.ts";
import { tryLock } from "../db/folder-lock.ts";
import { toDatabaseError } from "../db/start-error.ts";
import type { Clock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { VERSION } from "../lib/version.ts";
import { mediaFolder } from "../media/media-files.ts";
import { listThemeFiles, themeFolder } from "../theme/theme-files.ts";
import { readCopiedDatabase } from "./backup-store.ts";
import { enterFolder } from "./enter-folder.ts";
import { hashFile } from "./hash-file.ts";
import type { ArchivedFile, Manifest } from "./manifest.ts";
import { ARCHIVE_FORMAT, DATABASE_NAME, MEDIA_PREFIX, mediaNameOf, THEME_PREFIX } from "./manifest.ts";
import { writeArchive } from "./write-archive.ts";

/** The file in DATA_DIR whose lock says that a backup is being made: one at a time. */
export const BACKUP_LOCK = "backup.lock";

const BUSY = "Another backup of this folder is being made: wait for its end.";

/** What is backed up, and where to. */
export type BackupRequest = {
  readonly dataDir: string;
  /** Absolute. */
  readonly file: string;
  /** Replaces a file of that name, when the new one is whole. */
  readonly isForced: boolean;
  readonly clock: Clock;
  /** Hears how far it is. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
};

/** A backup that is whole and safe on the disk. */
export type MadeBackup = { readonly file: string; readonly sizeBytes: number; readonly manifest: Manifest };

/**
 * Writes one archive of database and media: the database as it is at one moment, while others write to it, and the media
 * files that it names. It appears whole or not at all. Throws an AppError or a DatabaseError that says what to do; what a
 * killed one has left beside `file` goes with the next.
 */
export function makeBackup(request: BackupRequest): Promise<MadeBackup> {
  return whileBackingUp(request, () => makeAlone(request));
}

/** Runs `work` while nobody else makes a backup of the folder, and nobody restores into it. Throws as `makeBackup` does. */
export async function whileBackingUp<T>(request: BackupRequest, work: () => Promise<T>): Promise<T> {
  const locks: Hold[] = [];
  try {
    refuseTarget(request);
    locks.push(enterFolder(request.dataDir));
    const lock = tryLock(join(request.dataDir, BACKUP_LOCK), { isAlone: true, waitMs: 0 });
    if (lock === undefined) throw new AppError("conflict", BUSY);
    locks.push(lock);
    return await work();
  } catch (error) {
    throw toBackupError(error, request);
  } finally {
    for (const lock of locks) lock.release();
  }
}

/** Makes a backup; within `whileBackingUp` only. */
export async function makeAlone(request: BackupRequest): Promise<MadeBackup> {
  const { file, isForced } = request;
  const drafts = { archive: `${file}.new`, database: `${file}.new.db` };
  try {
    removeDrafts(drafts);
    const manifest = await writeDraft(request, drafts);
    if (!isForced) refuseExisting(file);
    renameSync(drafts.archive, file);
    flush(dirname(file));
    return { file, sizeBytes: statSync(file).size, manifest };
  } finally {
    removeDrafts(drafts);
  }
}

type Drafts = { readonly archive: string; readonly database: string };

async function writeDraft(request: BackupRequest, drafts: Drafts): Promise<Manifest> {
  const { dataDir, clock, onProgress } = request;
  const createdAt = clock();
  copyDatabase(databaseFile({ DATA_DIR: dataDir }), drafts.database);
  const { media, ...said } = readCopy(drafts.database, readCopiedDatabase);

  // Media and theme files have the place in the archive that they have in the folder.
  const pathOf = (name: string) => (name === DATABASE_NAME ? drafts.database : join(dataDir, name));
  const theme = listThemeFiles(themeFolder({ DATA_DIR: dataDir })).map(({ path }) => THEME_PREFIX + path);
  const names = [DATABASE_NAME, ...media.map((name) => MEDIA_PREFIX + name), ...theme];
  // Everything is read twice, once for the checksums and once into the archive, so twice counts as all.
  const progress = createProgress(2 * sumSizes(names.map(pathOf)), onProgress);
  const files = await hashAll(names, pathOf, progress);
  const manifest = { format: ARCHIVE_FORMAT, starpunk: VERSION, node: process.version, createdAt, ...said, ...files };
  await writeArchive(drafts.archive, { manifest, pathOf, onBytes: progress });
  return manifest;
}

async function hashAll(
  names: readonly string[],
  pathOf: (name: string) => string,
  onBytes: (bytes: number) => void,
): Promise<Pick<Manifest, "files" | "missing" | "damaged">> {
  const files: ArchivedFile[] = [];
  const missing: string[] = [];
  for (const name of names) {
    try {
      files.push({ name, ...(await hashFile(pathOf(name), onBytes)) });
    } catch (error) {
      // A picture that is gone or cannot be read is named, and no reason to have no backup at all.
      if (name === DATABASE_NAME) throw error;
      missing.push(name);
    }
  }
  const damaged = files.filter(isDamaged).map(({ name }) => name);
  return { files, missing, damaged };
}

function isDamaged({ name, sha256 }: ArchivedFile): boolean {
  return name.startsWith(MEDIA_PREFIX) && !name.startsWith(`${MEDIA_PREFIX}${mediaNameOf(sha256)}.`);
}

function createProgress(totalBytes: number, onProgress: BackupRequest["onProgress"]): (bytes: number) => void {
  let doneBytes = 0;
  return (bytes) => {
    doneBytes = Math.min(totalBytes, doneBytes + bytes);
    onProgress?.(doneBytes, totalBytes);
  };
}

function sumSizes(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0);
}

function refuseTarget({ dataDir, file, isForced }: BackupRequest): void {
  const database = databaseFile({ DATA_DIR: dataDir });
  if (!existsSync(database)) {
    throw new DatabaseError("missing", `There is no database at ${database}: set DATA_DIR to the folder of the site.`);
  }
  const media = mediaFolder({ DATA_DIR: dataDir });
  if (file.startsWith(media + sep)) {
    throw new AppError("invalid", `The folder ${media} is for media files only: write the backup to another one.`);
  }
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new AppError(
      "invalid",
      `${file} is a folder: name the file to write, such as ${join(file, "starpunk.zip")}.`,
    );
  }
  if (!isForced) refuseExisting(file);
}

function refuseExisting(file: string): void {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return;
  throw new AppError("conflict", `There is a file ${file} already: choose another name, or replace it with --force.`);
}

function removeDrafts({ archive, database }: Drafts): void {
  for (const file of [archive, database, `${database}-journal`]) rmSync(file, { force: true });
}

function toBackupError(error: unknown, { dataDir, file }: BackupRequest): unknown {
  const known = toDatabaseError(error, databaseFile({ DATA_DIR: dataDir }));
  const isSystem = error instanceof Error && "syscall" in error && "code" in error;
  const code = known instanceof DatabaseError ? known.code : "";
  if (code === "full") {
    const sentence = `The disk of ${dirname(file)} is full, so there is no new backup: make room, then try again.`;
    return new AppError("storage_full", sentence, { cause: error });
  }
  if (!isSystem) return known;
  const sentence = `The backup ${file} cannot be written (${String(error.code)}): name a file in a folder that this user may write to.`;
  return new AppError("unavailable", sentence, { cause: error });
}
