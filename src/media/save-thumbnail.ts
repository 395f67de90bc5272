import type { Context } from "../context/context.ts";
import { cleanImage, MAX_IMAGE_PIXELS } from "./clean-image.ts";
import { loadSharp } from "./load-sharp.ts";
import type { MediaFile } from "./media-store.ts";
import { saveImage } from "./save-image.ts";

/** Longest side of a thumbnail, in pixels: twice what pages show of it. */
export const THUMBNAIL_PIXELS = 320;

/**
 * Stores a small picture of an image, its first frame, without its metadata. The same image gives the same file. Rejects
 * as `saveImage`.
 */
export async function saveThumbnail(
  ctx: Pick<Context, "db" | "config" | "clock">,
  { bytes, originalName }: { readonly bytes: Buffer; readonly originalName: string },
): Promise<MediaFile> {
  const clean = await cleanImage(bytes);
  const sharp = await loadSharp();
  const small = await sharp(clean.bytes, { failOn: "error", limitInputPixels: MAX_IMAGE_PIXELS })
    .resize({ width: THUMBNAIL_PIXELS, height: THUMBNAIL_PIXELS, fit: "inside", withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
  return await saveImage(ctx, { bytes: small, originalName });
}
