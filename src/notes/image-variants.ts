import type { ImageVariants } from "../lib/markdown.ts";
import { paths } from "../lib/urls.ts";
import type { MediaFile } from "../media/media-store.ts";
import type { Variant } from "../media/variant-plan.ts";
import { VARIANT_WIDTHS } from "../media/variant-plan.ts";

/** Formats that not every browser knows, lightest first. */
const LIGHT_TYPES = ["image/avif", "image/webp"];

/** An image in all its sizes, for the HTML of a note. */
export function imageVariants(image: MediaFile, variants: readonly Variant[]): ImageVariants {
  const ofType = (type: string) => variants.filter(({ mediaType }) => mediaType === type);
  const sources = LIGHT_TYPES.map((type) => ({ type, srcset: toSrcset(ofType(type)) }));
  const others = variants.filter(({ mediaType }) => !LIGHT_TYPES.includes(mediaType));
  return { sources: sources.filter(({ srcset }) => srcset !== ""), srcset: toSrcset(withOriginal(image, others)) };
}

type Candidate = Pick<Variant, "name" | "width">;

/** Between the greatest size and the image itself the image is a size, too; nobody needs it where it is far larger. */
function withOriginal({ name, width = 0 }: MediaFile, variants: readonly Candidate[]): readonly Candidate[] {
  const widest = variants.at(-1)?.width ?? 0;
  const isNeeded = widest > 0 && widest < width && widest < Math.max(...VARIANT_WIDTHS);
  return isNeeded ? [...variants, { name, width }] : variants;
}

function toSrcset(candidates: readonly Candidate[]): string {
  return candidates.map(({ name, width }) => `${paths.media(name)} ${width}w`).join(", ");
}
