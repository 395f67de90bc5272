import type { MediaFile } from "./media-store.ts";

/** Widths that variants are made in, in pixels; never above that of the image. */
export const VARIANT_WIDTHS: readonly number[] = [480, 960, 1600];
/** Least size of an image that is worth variants, in bytes. */
export const MIN_SOURCE_BYTES = 20_000;
/** Most pixels of one variant: encoding takes memory for each. A long strip gets those that stay below. */
export const MAX_VARIANT_PIXELS = 6_000_000;
/** How variants are made. Grows with widths, formats or qualities; older ones are made again then. */
export const VARIANTS_RECIPE = 1;

/** An image is made in its own width too where that is above the next smaller one by so much. */
const OWN_WIDTH_FACTOR = 1.2;

/** What variants are called: the hash of the image, the width, the format. */
export const VARIANT_NAME = /^[\w-]{22}-\d{1,4}\.(?:avif|webp|jpg|png)$/u;

/** The formats of variants. */
export type VariantFormat = "avif" | "webp" | "jpeg" | "png";

/** A smaller or lighter version of an image. */
export type Variant = {
  readonly name: string;
  readonly mediaType: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
};

/** Whether variants are made of a file at all: not of animations, nor of what is small already. */
export function wantsVariants({ mediaType, sizeBytes, width }: Omit<MediaFile, "originalName" | "name">): boolean {
  return width !== undefined && mediaType !== "image/gif" && sizeBytes >= MIN_SOURCE_BYTES;
}

/** The widths in which an image of that size is made, least first. */
export function variantWidths({ width, height }: { readonly width: number; readonly height: number }): number[] {
  const widest = VARIANT_WIDTHS.at(-1) ?? 0;
  const smaller = VARIANT_WIDTHS.filter((each) => each < width);
  const needsOwn = width <= widest && width >= (smaller.at(-1) ?? 0) * OWN_WIDTH_FACTOR;
  return [...smaller, ...(needsOwn ? [width] : [])].filter(
    (each) => each * heightAt({ width, height }, each) <= MAX_VARIANT_PIXELS,
  );
}

/** The height of an image that is `width` wide. */
export function heightAt(image: { readonly width: number; readonly height: number }, width: number): number {
  return Math.max(1, Math.round((image.height * width) / image.width));
}

/** The formats, lightest first; the last one is for browsers that know only that. */
export function variantFormats(image: { readonly mediaType: string; readonly hasAlpha: boolean }): VariantFormat[] {
  const isPhoto = image.mediaType !== "image/png" && !image.hasAlpha;
  return ["avif", "webp", isPhoto ? "jpeg" : "png"];
}

/** The name of the variant of the image `mediaName`. */
export function variantName(mediaName: string, width: number, format: VariantFormat): string {
  return `${mediaName.slice(0, 22)}-${width}.${format === "jpeg" ? "jpg" : format}`;
}
