import { escapeHtml } from "../lib/html.ts";
import { urlKind } from "../lib/safe-url.ts";
import { isRemoteImage, ownMediaName } from "./choose-image.ts";
import type { Properties } from "./note.ts";

/** A photo, a film or a recording that a client sent beside the text, and the property that it was sent as. */
export type Photo = { readonly src: string; readonly alt: string; readonly as: "photo" | "video" | "audio" };

/** Those among a note's properties, as URLs or as `{value, alt}`; what is no address of a file is left out. */
export function listPhotos(properties: Properties, siteUrl: string): Photo[] {
  return (["photo", "video", "audio"] as const).flatMap((as) =>
    (properties[as] ?? []).map((value) => toPhoto(value, as, siteUrl)).filter((photo) => photo !== undefined),
  );
}

/** The addresses of those that lie on other servers. */
export function listRemoteFiles(properties: Properties, siteUrl: string): string[] {
  const sources = listPhotos(properties, siteUrl).map(({ src }) => src);
  return [...new Set(sources)].filter((source) => isRemoteImage(source, siteUrl));
}

/**
 * All of them as images in HTML, of which `placeImages` makes what they are: photos in a paragraph of their own as
 * `u-photo`, a gallery where they are several, then the rest.
 */
export function photosHtml(all: readonly Photo[]): string {
  const photos = all.filter(({ as }) => as === "photo").map(imageHtml);
  const others = all.filter(({ as }) => as !== "photo").map(imageHtml);
  return [photos.join("\n"), ...others].map((html) => (html === "" ? "" : `<p>${html}</p>\n`)).join("");
}

function imageHtml({ src, alt, as }: Photo): string {
  return `<img class="u-${as}" src="${escapeHtml(src)}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async">`;
}

function toPhoto(value: unknown, as: Photo["as"], siteUrl: string): Photo | undefined {
  const photo = typeof value === "string" ? { value, alt: "" } : (value as { value?: unknown; alt?: unknown } | null);
  const src = typeof photo?.value === "string" ? photo.value : "";
  if (urlKind(src) !== "web" && ownMediaName(src, siteUrl) === undefined) return undefined;
  return { src, alt: typeof photo?.alt === "string" ? photo.alt : "", as };
}
