import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import { cleanImage, MAX_IMAGE_BYTES } from "../media/clean-image.ts";
import { saveImage } from "../media/save-image.ts";
import { isImportFile, isMarkdownName, readImportFile } from "./import-files.ts";
import type { RelativeAddress } from "./relative-addresses.ts";
import { candidatesOf, findRelativeAddresses, replaceAddresses } from "./relative-addresses.ts";

/** The text of a file, and the path of that file below the imported folder. */
export type ImportedText = { readonly content: string; readonly path: string };

/** What addresses may lead to. */
export type ImportedFolder = {
  readonly root: string;
  /** Path of every Markdown file → slug of its note. */
  readonly slugs: ReadonlyMap<string, string>;
  /** Only find out what would happen: no image is stored. */
  readonly dryRun: boolean;
};

/** A text whose addresses hold here, and the relative ones that lead to nothing below the folder. */
export type PlacedText = { readonly content: string; readonly missing: readonly string[] };

type MediaContext = Pick<Context, "db" | "clock" | "config">;

const IMAGE_NAME = /\.(?:jpe?g|png|gif|webp)$/iu;

/**
 * Copies the images that a text names by relative paths into the media folder and writes their new addresses into it;
 * links to other files of the import lead to their notes. What is not there is left as it stands, and named.
 * Throws AppError, with the name of the image, for one that cannot be stored.
 */
export async function placeAddresses(
  ctx: MediaContext,
  text: ImportedText,
  folder: ImportedFolder,
): Promise<PlacedText> {
  const found = await findRelativeAddresses(text.content);
  const known = new Map<string, string | undefined>();
  for (const address of found) {
    const key = keyOf(address);
    if (!known.has(key)) known.set(key, await findTarget(ctx, { ...address, from: text.path }, folder));
  }
  const replacements = found.flatMap((address) => {
    const target = known.get(keyOf(address));
    return target === undefined ? [] : [{ ...address, address: target }];
  });
  const missing = found.filter((address) => known.get(keyOf(address)) === undefined && isFileName(address));
  return {
    content: replaceAddresses(text.content, replacements),
    missing: [...new Set(missing.map(({ target }) => target))],
  };
}

/** The same target may show an image here and be a link there. */
function keyOf({ shows, target }: RelativeAddress): string {
  return `${shows} ${target}`;
}

/** Whether an address means a file of the folder; a link may also mean a page of the site that the text comes from. */
function isFileName({ shows, target }: RelativeAddress): boolean {
  const path = withoutSuffix(target);
  return shows === "image" || isMarkdownName(path) || IMAGE_NAME.test(path);
}

type Wanted = RelativeAddress & { readonly from: string };

async function findTarget(ctx: MediaContext, wanted: Wanted, folder: ImportedFolder): Promise<string | undefined> {
  if (!isFileName(wanted)) return undefined;
  const candidates = candidatesOf(wanted.target, wanted.from);
  if (wanted.shows === "link" && isMarkdownName(withoutSuffix(wanted.target))) {
    const slug = candidates.map((path) => folder.slugs.get(path)).find((found) => found !== undefined);
    return slug === undefined ? undefined : paths.note({ slug }) + (/#.*$/su.exec(wanted.target)?.[0] ?? "");
  }
  for (const path of candidates) if (await isImportFile(folder.root, path)) return takeImage(ctx, path, folder);
  return undefined;
}

function withoutSuffix(target: string): string {
  return target.split(/[?#]/u)[0] ?? "";
}

async function takeImage(
  ctx: MediaContext,
  path: string,
  { root, dryRun }: ImportedFolder,
): Promise<string | undefined> {
  try {
    const { bytes } = await readImportFile(root, path, MAX_IMAGE_BYTES);
    if (!dryRun) return paths.media((await saveImage(ctx, { bytes, originalName: path })).name);
    await cleanImage(bytes);
    return paths.media(path); // Only to say that it is there: a dry run keeps no text.
  } catch (error) {
    // The report names the file of the note; which of its images it was must be said, too.
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `The image ${path}: ${error.message}`, { cause: error });
  }
}
