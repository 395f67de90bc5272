import { closeSync, fsyncSync, mkdirSync, openSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../lib/errors.ts";

/** Enough that a disk or a quota with a few bytes left counts as full. */
const PROBE_BYTES = 16 * 1024;

/**
 * Makes the folder that an option names (0700) where it is missing, and proves that it can be written to. Throws an
 * AppError that names the option and the folder. Changes nothing that is in it.
 */
export function prepareFolder(option: string, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    probe(folder);
  } catch (error) {
    throw toFolderError(option, folder, error as NodeJS.ErrnoException);
  }
}

function probe(folder: string): void {
  const file = join(folder, `.probe-${process.pid}`);
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeSync(descriptor, Buffer.alloc(PROBE_BYTES));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
    unlinkSync(file);
  }
}

function toFolderError(option: string, folder: string, cause: NodeJS.ErrnoException): AppError {
  const subject = `${option}: the folder ${folder}`;
  if (cause.code === "ENOSPC" || cause.code === "EDQUOT" || cause.code === "EFBIG") {
    return new AppError("storage_full", `${subject} is on a full disk. Make room, then start again.`, { cause });
  }
  if (cause.code === "EEXIST" || cause.code === "ENOTDIR") {
    const remedy = `Move that file away, or set ${option} to another folder.`;
    return new AppError("unavailable", `${subject} cannot be used: a file stands in its place. ${remedy}`, { cause });
  }
  const remedy = `Give the user of this process the right to, or set ${option} to another folder.`;
  return new AppError("unavailable", `${subject} cannot be written to (${cause.code ?? cause.message}). ${remedy}`, {
    cause,
  });
}
