import { escapeHtml } from "../lib/html.ts";
import { urlKind } from "../lib/safe-url.ts";
import { ownMediaName } from "./choose-image.ts";
import type { Properties } from "./note.ts";

/** A photo that a client sent beside the text. */
export type Photo = { readonly src: string; readonly alt: string };

/** The photos among a note's properties, as URLs or as `{value, alt}`; what is no address of an image is left out. */
export function listPhotos(properties: Properties, siteUrl: string): Photo[] {
  return (properties.photo ?? []).map((value) => toPhoto(value, siteUrl)).filter((photo) => photo !== undefined);
}

/** The photos as `u-photo`, each a paragraph. */
export function photosHtml(photos: readonly Photo[]): string {
  return photos
    .map(
      ({ src, alt }) =>
        `<p><img class="u-photo" src="${escapeHtml(src)}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async"></p>\n`,
    )
    .join("");
}

function toPhoto(value: unknown, siteUrl: string): Photo | undefined {
  const photo = typeof value === "string" ? { value, alt: "" } : (value as { value?: unknown; alt?: unknown } | null);
  const src = typeof photo?.value === "string" ? photo.value : "";
  if (urlKind(src) !== "web" && ownMediaName(src, siteUrl) === undefined) return undefined;
  return { src, alt: typeof photo?.alt === "string" ? photo.alt : "" };
}
