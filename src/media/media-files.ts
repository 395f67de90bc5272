import { randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { copyFile, mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";

/** What media files are called; anything else in the folder is not ours. */
export const MEDIA_NAME = /^[\w-]{22}\.[a-z0-9]+$/u;

/** What they are called while they are being written. */
export const UNFINISHED_NAME = /^\.[\w-]{22}(?:-\d{1,4})?\.[a-z0-9]+\.[0-9a-f]+\.part$/u;

/** No room on the disk, in the quota, or below the limit for one file. */
const FULL_CODES = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The folder of media files, DATA_DIR/media. It exists once something was stored. */
export function mediaFolder(config: Pick<Config, "DATA_DIR">): string {
  return join(config.DATA_DIR, "media");
}

/** The folder of smaller versions of images, DATA_DIR/variants: beside the other, since no backup needs it. */
export function variantsFolder(config: Pick<Config, "DATA_DIR">): string {
  return join(config.DATA_DIR, "variants");
}

/**
 * Writes a media file (0600): whole or not at all, and safe on the disk when this resolves. Rejects with `storage_full`
 * when it is; nothing is left then.
 */
export async function writeMediaFile(folder: string, name: string, bytes: Buffer): Promise<void> {
  const unfinished = join(folder, `.${name}.${randomBytes(8).toString("hex")}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await withFile(await open(unfinished, "wx", 0o600), async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await rename(unfinished, join(folder, name));
    // The new name too, or a power cut could leave a row without its file.
    await withFile(await open(folder, "r"), (directory) => directory.sync());
  } catch (error) {
    // The first error is the one to tell of.
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw toStorageError(error);
  }
}

/**
 * Moves a file that is whole and safe on the disk to its place (0600), also from another disk. Rejects with `storage_full`;
 * nothing is left in the folder then.
 */
export async function moveMediaFile(path: string, folder: string, name: string): Promise<void> {
  const unfinished = join(folder, `.${name}.${randomBytes(8).toString("hex")}.part`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await rename(path, join(folder, name)).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EXDEV") throw error;
      await copyFile(path, unfinished);
      await withFile(await open(unfinished, "r+"), (file) => file.sync());
      await rename(unfinished, join(folder, name));
    });
    await withFile(await open(folder, "r"), (directory) => directory.sync());
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw toStorageError(error);
  }
}

async function withFile(file: FileHandle, use: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

/** `storage_full` for an error that says so; any other as it is. */
export function toStorageError(error: unknown): unknown {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (!FULL_CODES.has(code)) return error;
  return new AppError(
    "storage_full",
    said`The disk of the server is full. Make room on it, then upload the file again.`,
    {
      cause: error,
    },
  );
}
