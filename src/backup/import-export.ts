import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { machine } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { findMedia } from "../media/media-store.ts";
import { updateRemoteImage } from "../media/remote-images-store.ts";
import { restoreFile } from "../media/save-file.ts";
import { changeSite } from "../notes/change-site.ts";
import { describeMedia } from "../notes/library.ts";
import { importRedirects } from "../redirects/import-redirects.ts";
import { checkSettings, MAX_MEDIA_MEGABYTES } from "../site/settings-input.ts";
import { FONT_ENDING, saveFont } from "../theme/save-font.ts";
import { MAX_FONT_BYTES, tooLargeFont } from "../theme/woff2.ts";
import {
  EXPORT_FOLDERS,
  EXPORT_FORMAT,
  EXPORT_MANIFEST,
  EXPORT_MEDIA,
  EXPORT_MEDIA_FOLDER,
  EXPORT_REDIRECT_TABLE,
  EXPORT_SETTINGS,
  EXPORT_UNFINISHED,
  formatOfPath,
} from "./export-layout.ts";
import type { ImportResult } from "./import-file.ts";
import { withStagedFile } from "./stage-import.ts";

/** Most files of notes that an export may have to be taken. */
export const MAX_EXPORT_FILES = 1_000_000;

type MediaList = {
  readonly files: readonly { readonly name: string; readonly originalName: string | null; readonly alt?: string }[];
  readonly copies: readonly { readonly url: string; readonly name: string }[];
};

/**
 * Whether a folder is what `starpunk export` wrote. Throws AppError for one that is unfinished, and for one of a later
 * form than this version knows.
 */
export async function isExport(root: string): Promise<boolean> {
  const names = await readdir(root).catch((): string[] => []); // Whoever lists its files says why.
  if (names.includes(EXPORT_UNFINISHED) && names.some((name) => EXPORT_FOLDERS.some((folder) => folder === name))) {
    throw new AppError("invalid", `The export in ${root} is unfinished. Run starpunk export --update on it first.`);
  }
  if (!names.includes(EXPORT_MANIFEST)) return false;
  const manifest = (await readJson(root, EXPORT_MANIFEST)) as { format?: unknown } | null;
  if (manifest?.format === EXPORT_FORMAT) return true;
  throw new AppError("invalid", `The export in ${root} is of a newer StarPunk. Import it with that version.`);
}

/** The files of notes in an export, in the order of their paths. Throws AppError past `maxFiles`. */
export async function listExportFiles(root: string, maxFiles: number = MAX_EXPORT_FILES): Promise<string[]> {
  const files: string[] = [];
  for (const folder of EXPORT_FOLDERS) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []); // Not every site has all.
    for (const entry of entries) {
      if (entry.isFile() && formatOfPath(entry.name) !== undefined) files.push(`${folder}/${entry.name}`);
    }
  }
  if (files.length <= maxFiles) return files.sort();
  throw new AppError("too_large", `There are more than ${maxFiles} notes in the export.`);
}

/** Takes the settings of an export. Returns those that break a rule, with the reason. */
export async function importSettings(
  ctx: Pick<Context, "db" | "clock" | "config" | "metrics">,
  root: string,
): Promise<ImportResult[]> {
  const said = await readJson(root, EXPORT_SETTINGS);
  const { settings, problems } = checkSettings(typeof said === "object" && said !== null ? { ...said } : {});
  await changeSite({ ...ctx, doer: machine("import") }, settings);
  return Object.entries(problems).map(([name, sentence]) => ({
    path: EXPORT_SETTINGS,
    result: "skipped",
    reason: `${name}: ${sentence}`,
  }));
}

/** Takes the redirects of an export. Returns those that cannot be taken, with the reason. */
export async function importExportedRedirects(
  ctx: Pick<Context, "db" | "clock" | "config">,
  root: string,
): Promise<ImportResult[]> {
  // Exports of older versions have none.
  const table = await readFile(join(root, EXPORT_REDIRECT_TABLE), "utf8").catch(() => "");
  const lines = await importRedirects(ctx, table);
  return lines
    .filter(({ result }) => result === "skipped")
    .map(({ number, reason }) => ({ path: `${EXPORT_REDIRECT_TABLE}:${number}`, result: "skipped", reason }));
}

/**
 * Takes the media files of an export under the names that they have, and remembers which are copies of images elsewhere.
 * Returns those that cannot be taken, with the reason.
 */
export async function importMedia(
  ctx: Pick<Context, "db" | "clock" | "config">,
  root: string,
): Promise<ImportResult[]> {
  const { files, copies } = await readMediaList(root);
  const skipped: ImportResult[] = [];
  for (const file of files) {
    const reason = await takeMedia(ctx, root, file);
    if (reason !== undefined) skipped.push({ path: `${EXPORT_MEDIA_FOLDER}/${file.name}`, result: "skipped", reason });
  }
  for (const copy of copies) await takeCopy(ctx, copy);
  return skipped;
}

async function takeMedia(
  ctx: Pick<Context, "db" | "clock" | "config">,
  root: string,
  { name, originalName, alt = "" }: MediaList["files"][number],
): Promise<string | undefined> {
  try {
    const file = { root, path: `${EXPORT_MEDIA_FOLDER}/${name}`, maxBytes: MAX_MEDIA_MEGABYTES * 1_000_000 };
    const said = originalName === null ? {} : { originalName };
    await withStagedFile(ctx, file, async (staged) => {
      if (!name.endsWith(FONT_ENDING)) return await restoreFile(ctx, { ...staged, ...said }, name);
      if (staged.sizeBytes > MAX_FONT_BYTES) throw tooLargeFont();
      return await saveFont(ctx, { bytes: await readFile(staged.path), ...said }, name);
    });
    if (alt !== "") await describeMedia(ctx, name, alt);
    return undefined;
  } catch (error) {
    // One bad file stops none of the others; a full disk does.
    if (!(error instanceof AppError) || error.code === "storage_full") throw error;
    return error.message;
  }
}

async function takeCopy(ctx: Pick<Context, "db" | "clock">, { url, name }: MediaList["copies"][number]): Promise<void> {
  if (findMedia(ctx.db, name) === undefined) return;
  await ctx.db.write(() => updateRemoteImage(ctx.db, url, { mediaName: name, now: ctx.clock() }));
}

async function readMediaList(root: string): Promise<MediaList> {
  const list = (await readJson(root, EXPORT_MEDIA)) as Partial<MediaList> | null;
  return { files: list?.files ?? [], copies: list?.copies ?? [] };
}

async function readJson(root: string, name: string): Promise<unknown> {
  const file = join(root, name);
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (error) {
    throw new AppError("invalid", `${file} cannot be read. Export the site again.`, { cause: error });
  }
}
