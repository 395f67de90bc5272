import { existsSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { Settings } from "../site/settings.ts";
import { MAX_IMAGE_MEGABYTES } from "../site/settings-input.ts";
import { readSettings } from "../site/settings-store.ts";
import { checkImageBytes } from "./clean-image.ts";
import { cleanFileAside } from "./clean-pool.ts";
import { findFileType, findImageType, guessFileType, HEAD_BYTES, isImageType } from "./file-type.ts";
import { mediaFolder } from "./media-files.ts";
import type { MediaFile } from "./media-store.ts";
import { findMedia, findMediaBySource } from "./media-store.ts";
import type { UnrecordedFile } from "./record-file.ts";
import { recordFile, recordFiles, toOriginalName } from "./record-file.ts";
import { restoreImage } from "./save-image.ts";
import type { StagedFile, StageLimit } from "./stage.ts";

/** A file as it came; the name is kept for the author and decides nothing. */
export type FileUpload = StagedFile & { readonly originalName?: string };

type MediaContext = Pick<Context, "db" | "config" | "clock">;

/** Which types are taken; undefined: all. */
export type TakenTypes = { readonly only?: "image" };

/**
 * Stores an upload, and is the only way to do so: finds its type by its content, removes its metadata, names it by what is
 * left, and records it. The same upload is stored once. Rejects with `invalid`, `too_large` or `storage_full` and a sentence
 * for whoever sent it; nothing is left then. With `only: "image"` any other type is `invalid`.
 */
export async function saveFile(ctx: MediaContext, upload: FileUpload, types: TakenTypes = {}): Promise<MediaFile> {
  const [saved] = await saveFiles(ctx, [upload], types);
  if (saved === undefined || saved instanceof AppError) throw saved;
  return saved;
}

/**
 * The same for all files of a form: one after the other, and all recorded in one transaction at the end. Returns of each, in
 * their order, what is known of it, or why it was refused: it takes no other with it. What is not recorded when the process
 * ends is left to `sweepMedia`; nobody was told that it was stored.
 */
export async function saveFiles(
  ctx: MediaContext,
  uploads: readonly FileUpload[],
  types: TakenTypes = {},
): Promise<(MediaFile | AppError)[]> {
  const outcomes = new Map<string, MediaFile | AppError>();
  const cleaned: UnrecordedFile[] = [];
  for (const upload of uploads) {
    if (outcomes.has(upload.sourceHash)) continue;
    const file = await cleanOrRefuse(ctx, upload, types);
    outcomes.set(upload.sourceHash, file);
    if ("sourceHash" in file) cleaned.push(file);
  }
  const recorded = await recordFiles(ctx, cleaned);
  for (const [index, file] of recorded.entries()) outcomes.set(cleaned[index]?.sourceHash ?? "", file);
  return uploads.flatMap(({ sourceHash }) => outcomes.get(sourceHash) ?? []);
}

/** A file that is stored already, one that is to be recorded, or why it is neither. */
async function cleanOrRefuse(
  ctx: MediaContext,
  upload: FileUpload,
  { only }: TakenTypes,
): Promise<MediaFile | UnrecordedFile | AppError> {
  try {
    const head = await readHead(upload.path);
    if (only === "image") findImageType(head);
    const { maxBytes, tooLarge } = uploadLimit(readSettings(ctx.db));
    if (upload.sizeBytes > maxBytes(head)) throw tooLarge(maxBytes(head));
    const known = findMediaBySource(ctx.db, upload.sourceHash);
    // A database that was restored without its files gets them back by uploading them again.
    if (known !== undefined && existsSync(join(mediaFolder(ctx.config), known.name))) return known;
    return await clean(ctx, upload, undefined);
  } catch (error) {
    if (error instanceof AppError) return error; // The others are still wanted.
    throw error;
  }
}

/**
 * Stores a file of another StarPunk under the name that it had there. Rejects with `invalid` when its content is not what its
 * name says; otherwise as `saveFile`, whatever limits of size the author has set.
 */
export async function restoreFile(ctx: MediaContext, upload: FileUpload, name: string): Promise<MediaFile> {
  const known = findMedia(ctx.db, name);
  if (known !== undefined && existsSync(join(mediaFolder(ctx.config), name))) return known;
  const isImage = isImageType(findFileType(await readHead(upload.path)));
  if (!isImage) return await recordFile(ctx, await clean(ctx, upload, name));
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
      const kind = maxBytes === limits.image ? said`an image` : said`a film, a recording or a document`;
      const sentence = said`The file is too large: ${kind} may have ${maxBytes / 1_000_000} MB. Make it smaller, or raise the limit in the settings.`;
      return new AppError("too_large", sentence, { field: "image" });
    },
  };
}

async function clean(ctx: MediaContext, upload: FileUpload, name: string | undefined): Promise<UnrecordedFile> {
  const { path, sizeBytes, sourceHash, originalName } = upload;
  const folder = mediaFolder(ctx.config);
  const maxImageBytes = readSettings(ctx.db).maxImageMegabytes * 1_000_000;
  const cleaned = await cleanFileAside({ path, mediaFolder: folder, maxImageBytes, name }, sizeBytes);
  return { ...cleaned, originalName: toOriginalName(originalName), sourceHash };
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
