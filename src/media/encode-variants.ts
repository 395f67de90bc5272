import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutputInfo, Sharp, SharpConstructor } from "sharp";
import { MAX_IMAGE_PIXELS } from "./clean-image.ts";
import { loadSharp } from "./load-sharp.ts";
import { writeMediaFile } from "./media-files.ts";
import type { Variant, VariantFormat } from "./variant-plan.ts";
import { variantFormats, variantName, variantWidths } from "./variant-plan.ts";

/** Which image, and where its variants go. */
export type VariantsRequest = {
  readonly mediaFolder: string;
  readonly variantsFolder: string;
  readonly name: string;
  readonly mediaType: string;
};

/** At effort 4 AVIF is a tenth smaller, and takes five times as long. */
const AVIF = { quality: 55, effort: 2, chromaSubsampling: "4:2:0" } as const;

const ENCODERS: Readonly<Record<VariantFormat, (image: Sharp) => Sharp>> = {
  avif: (image) => image.avif(AVIF),
  webp: (image) => image.webp({ quality: 78 }),
  jpeg: (image) => image.jpeg({ quality: 80, progressive: true }),
  png: (image) => image.png({ compressionLevel: 9 }),
};

type Pixels = { readonly data: Buffer; readonly info: OutputInfo };

/**
 * Makes the variants of an image and writes each as a whole. A format that is not smaller than the image, at the greatest
 * width, is left out; an animation has none. Rejects where the image is missing, damaged, or the disk is full.
 */
export async function encodeVariants(request: VariantsRequest): Promise<Variant[]> {
  const sharp = await loadSharp();
  const source = await readFile(join(request.mediaFolder, request.name));
  const options = { failOn: "error", limitInputPixels: MAX_IMAGE_PIXELS } as const;
  const metadata = await sharp(source, { ...options, animated: true }).metadata();
  if ((metadata.pages ?? 1) > 1) return [];

  const { width, height } = metadata.autoOrient;
  const widths = variantWidths({ width, height });
  const widest = widths.at(-1);
  if (widest === undefined) return [];
  // Decoded once, at the greatest width that is needed; all others are made of that.
  const pixels = await sharp(source, options)
    .autoOrient()
    .resize({ width: widest })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });

  const variants: Variant[] = [];
  const formats = variantFormats({ mediaType: request.mediaType, hasAlpha: pixels.info.channels % 2 === 0 });
  for (const format of formats) {
    // In a format that every browser knows, the image itself is the one of its own width.
    const wanted = format === formats.at(-1) ? widths.filter((each) => each < width) : widths;
    const work = { request, format, widths: wanted, pixels, sourceBytes: source.length };
    variants.push(...(await encodeFormat(sharp, work)));
  }
  return variants;
}

type FormatWork = {
  readonly request: VariantsRequest;
  readonly format: VariantFormat;
  readonly widths: readonly number[];
  readonly pixels: Pixels;
  readonly sourceBytes: number;
};

/** The greatest first, for it decides. */
async function encodeFormat(sharp: SharpConstructor, work: FormatWork): Promise<Variant[]> {
  const { request, format, widths, pixels, sourceBytes } = work;
  const variants: Variant[] = [];
  for (const width of widths.toReversed()) {
    const image = sharp(pixels.data, { raw: pixels.info, limitInputPixels: MAX_IMAGE_PIXELS }).resize({ width });
    const { data, info } = await ENCODERS[format](image).toBuffer({ resolveWithObject: true });
    if (variants.length === 0 && data.length >= sourceBytes) return [];
    const name = variantName(request.name, width, format);
    await writeMediaFile(request.variantsFolder, name, data);
    variants.push({
      name,
      mediaType: `image/${format}`,
      width: info.width,
      height: info.height,
      sizeBytes: data.length,
    });
  }
  return variants;
}
