import { statfs } from "node:fs/promises";
import { AppError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format-bytes.ts";

/**
 * Refuses to go on where less than twice of what database and media take is free: a backup and its proof must not fill
 * the disk that the notes are written to. Throws AppError `storage_full`.
 */
export async function requireRoom(folder: string, neededBytes: number, freeIn = freeBytes): Promise<void> {
  const free = await freeIn(folder);
  if (free >= 2 * neededBytes) return;
  throw new AppError(
    "storage_full",
    `A backup and its proof need ${formatBytes(2 * neededBytes)}, and the disk of ${folder} has ${formatBytes(free)} free: make room, or move older backups away.`,
  );
}

/** What this user may still write to the disk of a folder, in bytes. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
