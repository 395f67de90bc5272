import type { Context } from "../context/context.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { ImageChoice } from "../lib/markdown.ts";
import { urlKind } from "../lib/safe-url.ts";
import { paths } from "../lib/urls.ts";
import type { MediaFile } from "../media/media-store.ts";
import { findMediaNames } from "../media/media-store.ts";
import { findRemoteImages } from "../media/remote-images-store.ts";
import { findVariants } from "../media/variants-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { imageVariants } from "./image-variants.ts";
import { findDescriptions } from "./library-store.ts";

const MEDIA_PATH = /^\/media\/([\w-]+\.[a-z0-9]+)$/u;

/** The media file of this site that an address stands for, root-relative or absolute; undefined for any other. */
export function ownMediaName(address: string, siteUrl: string): string | undefined {
  const path = address.startsWith(`${siteUrl}/`) ? address.slice(siteUrl.length) : address;
  return MEDIA_PATH.exec(path)?.[1];
}

/** How a file of this site is shown, by its type: an image, a player, or a link to what can only be downloaded. */
function showFile({ name, mediaType, sizeBytes, width, height }: MediaFile): ImageChoice {
  const src = paths.media(name);
  const [kind, type = ""] = mediaType.split("/");
  if (kind === "image") return { show: "image", src, width, height };
  if (kind === "video" || kind === "audio") return { show: kind, src, width, height };
  return { show: "link", href: src, note: ` (${type.toUpperCase()}, ${formatBytes(sizeBytes)})` };
}

/** Whether an image lies on another server. */
export function isRemoteImage(address: string, siteUrl: string): boolean {
  return urlKind(address) === "web" && ownMediaName(address, siteUrl) === undefined;
}

/**
 * Decides for the images of one note how each is shown, by the setting and by what is stored now. `films` are those that
 * were sent as films or recordings: they are never loaded from elsewhere but while their copy is awaited.
 */
export function createImageChoice(
  ctx: Pick<Context, "db" | "config">,
  sources: readonly string[],
  films: ReadonlyMap<string, "video" | "audio"> = new Map(),
): (source: string) => ImageChoice {
  const policy = readSettings(ctx.db).remoteImages;
  const siteUrl = ctx.config.SITE_URL;
  const copies = policy === "copy" ? findRemoteImages(ctx.db, sources) : undefined;
  const nameOf = (source: string) => ownMediaName(source, siteUrl) ?? copies?.get(source)?.mediaName;
  const names = sources.map(nameOf).filter((name) => name !== undefined);
  const files = findMediaNames(ctx.db, names);
  const variants = findVariants(ctx.db, [...files.keys()]);
  const descriptions = findDescriptions(ctx.db, [...files.keys()]);

  const showRemote = (source: string): ImageChoice => {
    const film = films.get(source);
    if (copies?.get(source)?.isShown === true) return { show: film ?? "image", src: source };
    const isLoaded = policy === "load" && film === undefined;
    const isShown = isLoaded || !isRemoteImage(source, siteUrl);
    return isShown ? { show: "image", src: source } : { show: "link", href: source };
  };
  return (source) => {
    const name = nameOf(source);
    const file = name === undefined ? undefined : files.get(name);
    if (file !== undefined) {
      const made = variants.get(file.name);
      return { ...showFile(file), alt: descriptions.get(file.name), variants: made && imageVariants(file, made) };
    }
    return name === undefined ? showRemote(source) : { show: "link", href: source };
  };
}
