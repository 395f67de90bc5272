import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import { cleanFile } from "../media/clean-file.ts";
import { saveFile, uploadLimit } from "../media/save-file.ts";
import type { StagedFile } from "../media/stage.ts";
import { readSettings } from "../site/settings-store.ts";
import { isImportFile, isMarkdownName } from "./import-files.ts";
import type { RelativeAddress } from "./relative-addresses.ts";
import { candidatesOf, findRelativeAddresses, replaceAddresses } from "./relative-addresses.ts";
import { withStagedFile } from "./stage-import.ts";

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

const MEDIA_NAME = /\.(?:jpe?g|png|gif|webp|avif|mp4|m4a|webm|weba|mp3|ogg|opus|pdf)$/iu;

/**
 * Copies the images and other files that a text names by relative paths into the media folder and writes their new addresses into it;
 * links to other files of the import lead to their notes. What is not there is left as it stands, and named.
 * Throws AppError, with the name of the file, for one that cannot be stored.
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
  return shows === "image" || isMarkdownName(path) || MEDIA_NAME.test(path);
}

type Wanted = RelativeAddress & { readonly from: string };

async function findTarget(ctx: MediaContext, wanted: Wanted, folder: ImportedFolder): Promise<string | undefined> {
  if (!isFileName(wanted)) return undefined;
  const candidates = candidatesOf(wanted.target, wanted.from);
  if (wanted.shows === "link" && isMarkdownName(withoutSuffix(wanted.target))) {
    const slug = candidates.map((path) => folder.slugs.get(path)).find((found) => found !== undefined);
    return slug === undefined ? undefined : paths.note({ slug }) + (/#.*$/su.exec(wanted.target)?.[0] ?? "");
  }
  for (const path of candidates) if (await isImportFile(folder.root, path)) return takeFile(ctx, path, folder);
  return undefined;
}

function withoutSuffix(target: string): string {
  return target.split(/[?#]/u)[0] ?? "";
}

async function takeFile(
  ctx: MediaContext,
  path: string,
  { root, dryRun }: ImportedFolder,
): Promise<string | undefined> {
  try {
    const file = { root, path, maxBytes: readSettings(ctx.db).maxMediaMegabytes * 1_000_000 };
    return await withStagedFile(ctx, file, async (staged) => {
      if (!dryRun) return paths.media((await saveFile(ctx, { ...staged, originalName: path })).name);
      await tryFile(ctx, staged);
      return paths.media(path); // Only to say that it is there: a dry run keeps no text.
    });
  } catch (error) {
    // The report names the file of the note; which file that it names was it must be said, too.
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `The file ${path}: ${error.message}`, { cause: error });
  }
}

/** Finds out whether it would be taken: what is made of it lies beside the copy, and goes with that. */
async function tryFile(ctx: MediaContext, { path, sizeBytes }: StagedFile): Promise<void> {
  const settings = readSettings(ctx.db);
  const { maxBytes, tooLarge } = uploadLimit(settings);
  const maxImageBytes = maxBytes(Buffer.alloc(0));
  const { mediaType } = await cleanFile({ path, mediaFolder: `${path}.tried`, maxImageBytes });
  const limit = mediaType.startsWith("image/") ? maxImageBytes : settings.maxMediaMegabytes * 1_000_000;
  if (sizeBytes > limit) throw tooLarge(limit);
}
