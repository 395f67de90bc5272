import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Settings } from "../site/settings.ts";
import { MAX_IMAGE_MEGABYTES } from "../site/settings-input.ts";
import { readSettings } from "../site/settings-store.ts";
import { checkImageBytes } from "./clean-image.ts";
import { cleanFileAside } from "./clean-pool.ts";
import { findFileType, findImageType, guessFileType, HEAD_BYTES, isImageType } from "./file-type.ts";
import { mediaFolder } from "./media-files.ts";
import type { MediaFile } from "./media-store.ts";
import { findMedia, findMediaBySource } from "./media-store.ts";
import { recordFile, toOriginalName } from "./record-file.ts";
import { restoreImage } from "./save-image.ts";
import type { StagedFile, StageLimit } from "./stage.ts";

/** A file as it came; the name is kept for the author and decides nothing. */
export type FileUpload = StagedFile & { readonly originalName?: string };

type MediaContext = Pick<Context, "db" | "config" | "clock">;

/**
 * Stores an upload, and is the only way to do so: finds its type by its content, removes its metadata, names it by what is
 * left, and records it. The same upload is stored once. Rejects with `invalid`, `too_large` or `storage_full` and a sentence
 * for whoever sent it; nothing is left then. With `only: "image"` any other type is `invalid`.
 */
export async function saveFile(
  ctx: MediaContext,
  upload: FileUpload,
  { only }: { readonly only?: "image" } = {},
): Promise<MediaFile> {
  const head = await readHead(upload.path);
  if (only === "image") findImageType(head);
  const { maxBytes, tooLarge } = uploadLimit(readSettings(ctx.db));
  if (upload.sizeBytes > maxBytes(head)) throw tooLarge(maxBytes(head));
  const known = findMediaBySource(ctx.db, upload.sourceHash);
  // A database that was restored without its files gets them back by uploading them again.
  if (known !== undefined && existsSync(join(mediaFolder(ctx.config), known.name))) return known;
  return await take(ctx, upload, undefined);
}

/**
 * Stores a file of another StarPunk under the name that it had there. Rejects with `invalid` when its content is not what its
 * name says; otherwise as `saveFile`, whatever limits of size the author has set.
 */
export async function restoreFile(ctx: MediaContext, upload: FileUpload, name: string): Promise<MediaFile> {
  const known = findMedia(ctx.db, name);
  if (known !== undefined && existsSync(join(mediaFolder(ctx.config), name))) return known;
  const isImage = isImageType(findFileType(await readHead(upload.path)));
  if (!isImage) return await take(ctx, upload, name);
  checkImageBytes(upload.sizeBytes, MAX_IMAGE_MEGABYTES * 1_000_000);
  return await restoreImage(ctx, { ...upload, bytes: await readFile(upload.path), name });
}

/** How large an upload may be, by its content, as the author has set it. */
export function uploadLimit({ maxImageMegabytes, maxMediaMegabytes }: Settings): StageLimit {
  const limits = { image: maxImageMegabytes * 1_000_000, other: maxMediaMegabytes * 1_000_000 };
  return {
    maxBytes(head) {
      const type = guessFileType(head);
      return type === undefined || isImageType(type) ? limits.image : limits.other;
    },
    tooLarge(maxBytes) {
      const kind = maxBytes === limits.image ? "an image" : "a film, a recording or a document";
      const sentence = `The file is too large: ${kind} may have ${maxBytes / 1_000_000} MB. Make it smaller, or raise the limit in the settings.`;
      return new AppError("too_large", sentence, { field: "image" });
    },
  };
}

async function take(ctx: MediaContext, upload: FileUpload, name: string | undefined): Promise<MediaFile> {
  const { path, sizeBytes, sourceHash, originalName } = upload;
  const folder = mediaFolder(ctx.config);
  const maxImageBytes = readSettings(ctx.db).maxImageMegabytes * 1_000_000;
  const cleaned = await cleanFileAside({ path, mediaFolder: folder, maxImageBytes, name }, sizeBytes);
  return recordFile(ctx, { ...cleaned, originalName: toOriginalName(originalName), sourceHash });
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
