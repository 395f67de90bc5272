import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import { mediaName } from "./clean-file.ts";
import type { CleanImage } from "./clean-image.ts";
import { checkImageBytes, cleanImage } from "./clean-image.ts";
import { mediaFolder, writeMediaFile } from "./media-files.ts";
import type { MediaFile } from "./media-store.ts";
import { findMediaBySource } from "./media-store.ts";
import { recordFile, toOriginalName } from "./record-file.ts";

/** An image as it came; the name is kept for the author and decides nothing. */
export type ImageUpload = { readonly bytes: Buffer; readonly originalName?: string };

type MediaContext = Pick<Context, "db" | "config" | "clock">;

/**
 * Stores an image that is in memory without its metadata, under a name made from its content, and records it: a copy, or one
 * of an import. What somebody uploads goes through `saveFile`. The same image is stored once. Rejects with `invalid`, `too_large` or `storage_full` and a sentence for whoever sent it; nothing is left then.
 */
export async function saveImage(ctx: MediaContext, { bytes, originalName }: ImageUpload): Promise<MediaFile> {
  checkImageBytes(bytes.length);
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
 * is not what its name says, or no image; otherwise as `saveImage`, without a limit of size.
 */
export async function restoreImage(
  ctx: MediaContext,
  { bytes, originalName, name }: ImageUpload & { readonly name: string },
): Promise<MediaFile> {
  const folder = mediaFolder(ctx.config);
  const image = await cleanImage(bytes, bytes.length);
  // Cleaning a photo again would compress it again, and give it another name.
  const file = toMediaFile({ ...image, bytes }, originalName);
  if (file.name !== name)
    throw invalid("image", said`Its content is not what its name says: it was changed or damaged.`);
  await writeMediaFile(folder, name, bytes);
  return recordFile(ctx, { ...file, sourceHash: hashSecret(bytes) });
}

function toMediaFile(image: CleanImage, originalName: string | undefined): MediaFile {
  return {
    name: mediaName(createHash("sha256").update(image.bytes).digest(), image.extension),
    mediaType: image.mediaType,
    sizeBytes: image.bytes.length,
    width: image.width,
    height: image.height,
    originalName: toOriginalName(originalName),
  };
}
