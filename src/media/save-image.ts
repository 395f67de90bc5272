import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import { cleanText } from "../lib/text.ts";
import type { CleanImage } from "./clean-image.ts";
import { checkImageBytes, cleanImage } from "./clean-image.ts";
import { requestVariants } from "./make-variants.ts";
import { mediaFolder, writeMediaFile } from "./media-files.ts";
import type { MediaFile } from "./media-store.ts";
import { findMedia, findMediaBySource, insertMedia } from "./media-store.ts";
import { wantsVariants } from "./variant-plan.ts";

/** Most characters that are kept of what a client called a file. */
export const MAX_ORIGINAL_NAME_LENGTH = 255;

/** An image as it came; the name is kept for the author and decides nothing. */
export type ImageUpload = { readonly bytes: Buffer; readonly originalName?: string };

type MediaContext = Pick<Context, "db" | "config" | "clock">;

/**
 * Stores an image without its metadata, under a name made from its content, and records it. The same upload is stored
 * once. Rejects with `invalid`, `too_large` or `storage_full` and a sentence for whoever sent it; nothing is left then.
 */
export async function saveImage(ctx: MediaContext, { bytes, originalName }: ImageUpload): Promise<MediaFile> {
  checkImageBytes(bytes);
  const folder = mediaFolder(ctx.config);
  const sourceHash = hashSecret(bytes);
  const known = findMediaBySource(ctx.db, sourceHash);
  // A database that was restored without its files gets them back by uploading them again.
  if (known !== undefined && existsSync(join(folder, known.name))) return known;

  const image = await cleanImage(bytes);
  const file = toMediaFile(image, originalName);
  await writeMediaFile(folder, file.name, image.bytes);
  return recordFile(ctx, { ...file, sourceHash });
}

/**
 * Stores an image of another StarPunk as it is, under the name that it had there. Rejects with `invalid` when its content
 * is not what its name says, or no image; otherwise as `saveImage`.
 */
export async function restoreImage(
  ctx: MediaContext,
  { bytes, originalName, name }: ImageUpload & { readonly name: string },
): Promise<MediaFile> {
  checkImageBytes(bytes);
  const folder = mediaFolder(ctx.config);
  const known = findMedia(ctx.db, name);
  if (known !== undefined && existsSync(join(folder, name))) return known;

  const image = await cleanImage(bytes);
  // Cleaning a photo again would compress it again, and give it another name.
  const file = toMediaFile({ ...image, bytes }, originalName);
  if (file.name !== name) throw invalid("image", "Its content is not what its name says: it was changed or damaged.");
  await writeMediaFile(folder, name, bytes);
  return recordFile(ctx, { ...file, sourceHash: hashSecret(bytes) });
}

function toMediaFile(image: CleanImage, originalName: string | undefined): MediaFile {
  const hash = createHash("sha256").update(image.bytes).digest("base64url");
  return {
    name: `${hash.slice(0, 22)}.${image.extension}`,
    mediaType: image.mediaType,
    sizeBytes: image.bytes.length,
    width: image.width,
    height: image.height,
    originalName: toOriginalName(originalName),
  };
}

/** The last part of what may be a path of another system. */
function toOriginalName(name: string | undefined): string | undefined {
  const last = cleanText(name ?? "")
    .split(/[/\\\n]/u)
    .at(-1)
    ?.trim();
  return last === undefined || last === "" ? undefined : [...last].slice(0, MAX_ORIGINAL_NAME_LENGTH).join("");
}

async function recordFile(ctx: MediaContext, file: MediaFile & { sourceHash: string }): Promise<MediaFile> {
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
