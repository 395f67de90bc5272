import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { flush } from "../db/copy-database.ts";

/** Where a restore unpacks and checks. What lies there counts for nothing. */
export const UNPACKED = "restoring";

// One name follows the other by renaming, which happens or does not, so a killed restore stands in exactly one of them.
const DECIDED = /^restored-(\d{4}-\d\d-\d\dT\d{6}Z)$/;
const PLACING = /^placing-(\d{4}-\d\d-\d\dT\d{6}Z)$/;

/** What belongs to a site in its folder, and so gives way to the restored one. Logs, backups and locks stay. */
const REPLACED = /^(?:starpunk(?:-before-\d{3})?\.db(?:-wal|-shm|-journal)?|media|theme)$/;

/** What of a folder a restore would replace: names, empty for a new folder. */
export function listReplaced(folder: string): string[] {
  return listNames(folder).filter((name) => {
    const isFolder = name === "media" || name === "theme";
    const isEmptyFolder =
      isFolder && statSync(join(folder, name)).isDirectory() && readdirSync(join(folder, name)).length === 0;
    return REPLACED.test(name) && !isEmptyFolder;
  });
}

/** Whether a restore was decided on in the folder, and its process ended before the last file was in its place. */
export function hasUnfinishedRestore(folder: string): boolean {
  return listNames(folder).some((name) => DECIDED.test(name) || PLACING.test(name));
}

/**
 * Decides on what was unpacked: from now on the folder is the restored one, even if this process ends here. `stamp` is
 * the time, `2026-11-22T031500Z`.
 */
export function decideRestore(folder: string, stamp: string): void {
  renameSync(join(folder, UNPACKED), join(folder, `restored-${stamp}`));
  flush(folder);
}

/**
 * Puts everything in its place that a restore has decided on: the old files into `replaced-STAMP`, then the new ones.
 * Whoever holds the folder alone may do it, as often as it takes. Returns the folder that the old files went to.
 */
export function finishRestore(folder: string): string | undefined {
  let keptAside: string | undefined;
  for (const name of listNames(folder)) {
    const stamp = DECIDED.exec(name)?.[1];
    if (stamp !== undefined) keptAside = setAside(folder, stamp);
  }
  for (const name of listNames(folder)) if (PLACING.test(name)) place(folder, name);
  return keptAside;
}

/** Where the files go that a restore of that time replaces. */
export function keptFolder(folder: string, stamp: string): string {
  return join(folder, `replaced-${stamp}`);
}

/** Removes what a restore has unpacked and not decided on. */
export function removeUnpacked(folder: string): void {
  rmSync(join(folder, UNPACKED), { recursive: true, force: true });
}

function setAside(folder: string, stamp: string): string | undefined {
  const aside = keptFolder(folder, stamp);
  const names = listNames(folder).filter((name) => REPLACED.test(name));
  if (names.length > 0) mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const name of names) renameSync(join(folder, name), join(aside, name));
  if (names.length > 0) flush(aside);
  flush(folder);
  renameSync(join(folder, `restored-${stamp}`), join(folder, `placing-${stamp}`));
  flush(folder);
  return existsSync(aside) ? aside : undefined;
}

function place(folder: string, placing: string): void {
  for (const name of listNames(join(folder, placing))) renameSync(join(folder, placing, name), join(folder, name));
  flush(folder);
  rmdirSync(join(folder, placing));
  flush(folder);
}

function listNames(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
