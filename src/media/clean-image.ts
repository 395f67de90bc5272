import type { JpegOptions, Metadata, OutputOptions, SharpConstructor, WebpOptions } from "sharp";
import { AppError, invalid } from "../lib/errors.ts";
import { createGate } from "../lib/gate.ts";
import { said } from "../lib/words.ts";
import type { ImageType } from "./file-type.ts";
import { damagedFile, findImageType } from "./file-type.ts";
import { loadSharp } from "./load-sharp.ts";
import { stripAvif } from "./strip-avif.ts";
import { gifCanvas, stripGif } from "./strip-gif.ts";
import { stripPng } from "./strip-png.ts";
import { isLosslessWebp, stripWebp } from "./strip-webp.ts";

/** Largest image that is taken where the author has set no other limit, in bytes. */
export const MAX_IMAGE_BYTES = 10_000_000;
/** Most pixels of an image, those of all frames together. */
export const MAX_IMAGE_PIXELS = 50_000_000;
/** Most frames of an animation. */
export const MAX_IMAGE_FRAMES = 2_000;

/** How long decoding and encoding may take, in seconds. */
const TIMEOUT_SECONDS = 60;
/** Photos are compressed once more; at this quality nobody sees it. */
const QUALITY = 90;
/** Up to here a JPEG's coding is optimised, some percent smaller; it takes 6 bytes of memory for each pixel. */
const OPTIMISED_PIXELS = 16_000_000;

/** An image without a word about where, when and by what it was made. */
export type CleanImage = {
  readonly bytes: Buffer;
  /** Of the file's name, without a dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Pixels, upright. */
  readonly width: number;
  readonly height: number;
};

// Decoded pixels are the largest thing in this program's memory, so images pass one by one.
const oneByOne = createGate(1);

/**
 * Checks an image and removes its metadata: EXIF with the place, XMP, comments, whatever follows its end. A photo is
 * turned upright and stored again as JPEG; PNG, GIF, WebP and AVIF keep picture, colours and animation bit for bit, unless
 * they must be turned. Throws `invalid` or `too_large` with a sentence that names the limit.
 */
export function cleanImage(bytes: Buffer, maxBytes: number = MAX_IMAGE_BYTES): Promise<CleanImage> {
  return oneByOne.run(async () => {
    checkImageBytes(bytes.length, maxBytes);
    const type = findImageType(bytes);
    const sharp = await loadSharp();
    const metadata = await readMetadata(sharp, bytes, type);
    const clean = await withoutMetadata(sharp, { bytes, type, metadata });
    const { width, height } = await checkPixels(sharp, clean, type);
    return { bytes: clean, extension: type === "jpeg" ? "jpg" : type, mediaType: `image/${type}`, width, height };
  });
}

/** Throws `too_large` for an image of more than `maxBytes`. */
export function checkImageBytes(sizeBytes: number, maxBytes: number = MAX_IMAGE_BYTES): void {
  if (sizeBytes <= maxBytes) return;
  const sentence = said`The image has ${millions(sizeBytes)} MB; at most ${millions(maxBytes)} MB are taken. Make it smaller and try again.`;
  throw new AppError("too_large", sentence, { field: "image" });
}

async function readMetadata(sharp: SharpConstructor, bytes: Buffer, type: ImageType): Promise<Metadata> {
  const metadata = await sharp(bytes, { animated: true, limitInputPixels: false })
    .metadata()
    .catch((error: unknown) => {
      throw damagedFile(type, error);
    });
  if (metadata.format !== (type === "avif" ? "heif" : type)) throw damagedFile(type);
  const frames = metadata.pages ?? 1;
  const canvas = type === "gif" ? gifCanvas(bytes) : { width: 0, height: 0 };
  const height = metadata.pageHeight ?? metadata.height;
  checkSize(Math.max(metadata.width, canvas.width) * Math.max(height, canvas.height) * frames, frames);
  return metadata;
}

function checkSize(pixels: number, frames: number): void {
  if (pixels > MAX_IMAGE_PIXELS) {
    const [has, most] = [millions(pixels), millions(MAX_IMAGE_PIXELS)];
    throw invalid(
      "image",
      frames > 1
        ? said`The image has ${has} million pixels in ${frames} frames; at most ${most} million are taken. Make it smaller and try again.`
        : said`The image has ${has} million pixels; at most ${most} million are taken. Make it smaller and try again.`,
    );
  }
  if (frames > MAX_IMAGE_FRAMES) {
    throw invalid(
      "image",
      said`The animation has ${frames} frames; at most ${MAX_IMAGE_FRAMES} are taken. Make it shorter and try again.`,
    );
  }
}

type Input = { readonly bytes: Buffer; readonly type: ImageType; readonly metadata: Metadata };

async function withoutMetadata(sharp: SharpConstructor, { bytes, type, metadata }: Input): Promise<Buffer> {
  const isTurned = (metadata.orientation ?? 1) > 1 && (metadata.pages ?? 1) === 1;
  if (type === "gif") return stripGif(bytes);
  if (type === "png" && !isTurned) return stripPng(bytes);
  if (type === "webp" && !isTurned) return stripWebp(bytes);
  if (type === "avif") return stripAvif(bytes); // A picture that is to be turned says so in itself.

  const image = sharp(bytes, { failOn: "error", limitInputPixels: MAX_IMAGE_PIXELS }).autoOrient();
  return image
    .timeout({ seconds: TIMEOUT_SECONDS })
    .toFormat(type, encodingOf({ bytes, type, metadata }))
    .toBuffer()
    .catch((error: unknown) => {
      throw damagedFile(type, error);
    });
}

function encodingOf({ bytes, type, metadata }: Input): OutputOptions | JpegOptions | WebpOptions {
  if (type === "png") return {};
  if (type === "webp") return { quality: QUALITY, lossless: isLosslessWebp(bytes) };
  return {
    quality: QUALITY,
    chromaSubsampling: metadata.chromaSubsampling === "4:4:4" ? "4:4:4" : "4:2:0",
    optimiseCoding: metadata.width * metadata.height <= OPTIMISED_PIXELS,
  };
}

/** Decodes all that will be served, into next to nothing, since damage shows only there. Returns the size of a frame. */
async function checkPixels(
  sharp: SharpConstructor,
  bytes: Buffer,
  type: ImageType,
): Promise<{ width: number; height: number }> {
  const options = { animated: true, failOn: "error", limitInputPixels: MAX_IMAGE_PIXELS } as const;
  try {
    const { width, height, pageHeight = height } = await sharp(bytes, options).metadata();
    await sharp(bytes, options).timeout({ seconds: TIMEOUT_SECONDS }).resize(8, 8, { fit: "fill" }).raw().toBuffer();
    return { width, height: pageHeight };
  } catch (error) {
    throw damagedFile(type, error);
  }
}

/** Rounded up to a tenth, so that what is past a limit never looks like the limit. */
function millions(number: number): string {
  return String(Math.ceil(number / 100_000) / 10);
}
