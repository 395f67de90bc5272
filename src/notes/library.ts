import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { AppError, invalid, notFound } from "../lib/errors.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import { mediaFolder, variantsFolder } from "../media/media-files.ts";
import { findMedia } from "../media/media-store.ts";
import { findVariants } from "../media/variants-store.ts";
import type { Settings } from "../site/settings.ts";
import { readSettings } from "../site/settings-store.ts";
import { listSectionsUsing, removeMedia, updateDescription } from "./library-store.ts";
import { requestMediaRendering } from "./render-note.ts";

/** Longest description of an image, in characters. */
export const MAX_ALT_LENGTH = 1_000;

type LibraryContext = Pick<Context, "db" | "config" | "clock">;

/** Images without a description in the HTML of a note. */
export function countUndescribed(contentHtml: string): number {
  return [...contentHtml.matchAll(/<img [^>]*?\balt=""/gu)].length;
}

/**
 * Says what an image shows, for every note and tag that does not say it itself; those are rendered again by jobs. Throws `not_found`,
 * and `invalid` for what is too long.
 */
export async function describeMedia(ctx: LibraryContext, name: string, words: string): Promise<void> {
  const alt = cleanText(words).replace(/\s+/gu, " ").trim();
  if ([...alt].length > MAX_ALT_LENGTH) {
    throw invalid("alt", said`A description can have at most ${MAX_ALT_LENGTH} characters. Shorten it.`);
  }
  await ctx.db.write(() => {
    if (findMedia(ctx.db, name) === undefined) throw notFound("file");
    updateDescription(ctx.db, name, alt);
    requestMediaRendering(ctx.db, name, ctx.clock());
  });
}

/**
 * Deletes a file with its smaller versions; the notes that name it are rendered again, with a link in its place. Throws
 * `not_found`, and `conflict` for what the site itself is made of.
 */
export async function deleteMedia({ db, config, clock }: LibraryContext, name: string): Promise<void> {
  const variants = await db.write(() => {
    if (findMedia(db, name) === undefined) throw notFound("file");
    if (isInSettings(readSettings(db), name)) throw new AppError("conflict", IN_SETTINGS);
    if (listSectionsUsing(db, name).length > 0) throw new AppError("conflict", IN_SECTIONS);
    const names = (findVariants(db, [name]).get(name) ?? []).map((variant) => variant.name);
    removeMedia(db, name, clock());
    requestMediaRendering(db, name, clock());
    return names;
  });
  // After the rows, so that a crash leaves files without a row, which are swept. In a write, since an upload may bring it back.
  await db.write(() => {
    if (findMedia(db, name) !== undefined) return;
    rmSync(join(mediaFolder(config), name), { force: true });
    for (const variant of variants) rmSync(join(variantsFolder(config), variant), { force: true });
  });
}

/** Whether the site itself is made of a file: icon, photo, header image, fonts. */
export function isInSettings(settings: Settings, name: string): boolean {
  const { siteIcon, authorPhoto, headerImage, fonts } = settings;
  return [siteIcon, authorPhoto, headerImage, ...fonts.map(({ file }) => file)].includes(name);
}

const IN_SETTINGS = said`The settings or the appearance of the site use this file. Choose another one there, then delete it.`;

const IN_SECTIONS = said`The description of a tag shows this file. Take it out there, then delete it.`;
