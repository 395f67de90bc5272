import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import { requestVariants } from "./make-variants.ts";
import { mediaFolder } from "./media-files.ts";
import type { MediaFile } from "./media-store.ts";
import { findMedia, insertMedia } from "./media-store.ts";
import { wantsVariants } from "./variant-plan.ts";

/** Most characters that are kept of what a client called a file. */
export const MAX_ORIGINAL_NAME_LENGTH = 255;

type MediaContext = Pick<Context, "db" | "config" | "clock">;

/** What is kept of the name that a client gave: the last part of what may be a path of another system. */
export function toOriginalName(name: string | undefined): string | undefined {
  const last = cleanText(name ?? "")
    .split(/[/\\\n]/u)
    .at(-1)
    ?.trim();
  return last === undefined || last === "" ? undefined : [...last].slice(0, MAX_ORIGINAL_NAME_LENGTH).join("");
}

/** A file that lies in the media folder, with the hash of what was uploaded. */
export type UnrecordedFile = MediaFile & { readonly sourceHash: string };

/**
 * Writes the rows of files that lie in the media folder, and queues their variants: all in one transaction, since each makes
 * readers wait for the disk. Where that fails the files are removed again. Returns what is known of each, in their order: the
 * row that there was, if it was there before; `unavailable` for one whose file is gone meanwhile.
 */
export async function recordFiles(
  ctx: MediaContext,
  files: readonly UnrecordedFile[],
): Promise<(MediaFile | AppError)[]> {
  if (files.length === 0) return [];
  try {
    return await ctx.db.write(() => {
      const now = ctx.clock();
      const recorded = files.map((file) => recordOne(ctx, file, now));
      if (files.some(wantsVariants)) requestVariants(ctx.db, now);
      return recorded;
    });
  } catch (error) {
    await removeUnrecorded(ctx, files);
    throw error;
  }
}

/** The same for one file. Throws `unavailable` where it is gone. */
export async function recordFile(ctx: MediaContext, file: UnrecordedFile): Promise<MediaFile> {
  const [recorded = file] = await recordFiles(ctx, [file]);
  if (recorded instanceof AppError) throw recorded;
  return recorded;
}

function recordOne(ctx: MediaContext, file: UnrecordedFile, now: Timestamp): MediaFile | AppError {
  // Whoever removes a file does so in a write, too: see sweepMedia. So a row never stands without its file.
  if (!existsSync(join(mediaFolder(ctx.config), file.name))) {
    return new AppError("unavailable", said`The file could not be stored. Upload it again.`);
  }
  insertMedia(ctx.db, { ...file, now });
  return findMedia(ctx.db, file.name) ?? file;
}

/** Removes files that no row names. Where even that fails, sweepMedia finds them later. */
async function removeUnrecorded(ctx: MediaContext, files: readonly UnrecordedFile[]): Promise<void> {
  const remove = () => {
    for (const { name } of files) {
      if (findMedia(ctx.db, name) === undefined) rmSync(join(mediaFolder(ctx.config), name), { force: true });
    }
  };
  await ctx.db.write(remove).catch(() => undefined);
}
