import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
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

/**
 * Writes the row of a file that lies in the media folder, and queues its variants. Where that fails the file is removed again.
 * Returns what is known of it: the row that there was, if it was there before.
 */
export async function recordFile(ctx: MediaContext, file: MediaFile & { sourceHash: string }): Promise<MediaFile> {
  const path = join(mediaFolder(ctx.config), file.name);
  try {
    return await ctx.db.write(() => {
      // Whoever removes a file does so in a write, too: see sweepMedia. So a row never stands without its file.
      if (!existsSync(path)) throw new AppError("unavailable", "The file could not be stored. Upload it again.");
      const now = ctx.clock();
      insertMedia(ctx.db, { ...file, now });
      if (wantsVariants(file)) requestVariants(ctx.db, now);
      return findMedia(ctx.db, file.name) ?? file;
    });
  } catch (error) {
    await removeUnrecorded(ctx, file.name);
    throw error;
  }
}

/** Removes a file that no row names. Where even that fails, sweepMedia finds it later. */
async function removeUnrecorded(ctx: MediaContext, name: string): Promise<void> {
  const remove = () => {
    if (findMedia(ctx.db, name) === undefined) rmSync(join(mediaFolder(ctx.config), name), { force: true });
  };
  await ctx.db.write(remove).catch(() => undefined);
}
