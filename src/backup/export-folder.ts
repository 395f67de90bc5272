import { constants } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import type { Reader } from "../db/connection.ts";
import { AppError } from "../lib/errors.ts";
import { paths } from "../lib/urls.ts";
import { mediaFolder } from "../media/media-files.ts";
import { isReadable } from "../notes/note.ts";
import { exportHostLines, exportRedirects } from "../redirects/import-redirects.ts";
import { listStoredSettings } from "../site/settings-store.ts";
import { listExportedDesk } from "./export-desk.ts";
import {
  EXPORT_DESK,
  EXPORT_MEDIA,
  EXPORT_MEDIA_FOLDER,
  EXPORT_REDIRECT_TABLE,
  EXPORT_REDIRECTS,
  EXPORT_SECTIONS,
  EXPORT_SETTINGS,
} from "./export-layout.ts";
import { toExportedFile } from "./export-note.ts";
import { listExportedSections } from "./export-sections.ts";
import type { ExportRow } from "./export-store.ts";
import { countAllNotes, listExportedNotes, listMediaNames, listRemoteCopies } from "./export-store.ts";
import { ExportTarget } from "./export-target.ts";

/** How long an export may read one moment of the database, in milliseconds. */
export const EXPORT_LIFETIME_MS = 3_600_000;

const PAGE_NOTES = 200;

/** How a site is exported. */
export type ExportOptions = {
  /** Brings an earlier export in the folder up to date. */
  readonly isUpdate: boolean;
  /** Told after each page of notes. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** What an export has written. */
export type ExportResult = {
  readonly notes: number;
  readonly media: number;
  /** Media files that the database knows and that are not there. */
  readonly missing: readonly string[];
  /** Files of an earlier export that are no more. */
  readonly removed: number;
};

/**
 * Writes the whole site into a folder, as it is at one moment: each note a file with front matter, media, settings, old
 * paths. The same site gives the same bytes. As long as the folder is not whole it says so. Throws AppError for a folder
 * that holds something else, and `storage_full`.
 */
export async function exportFolder(
  ctx: Pick<Context, "db" | "config">,
  root: string,
  options: ExportOptions,
): Promise<ExportResult> {
  const target = new ExportTarget(root, options.isUpdate);
  await target.begin();
  try {
    const { notes, media } = await ctx.db.lease((reader) => writeSite(reader, target, options), EXPORT_LIFETIME_MS);
    const missing = await copyMedia(mediaFolder(ctx.config), media, target);
    return { notes, media: media.length - missing.length, missing, removed: await target.finish() };
  } catch (error) {
    throw isFull(error) ? fullDisk(root, error) : error;
  }
}

type Written = { readonly notes: number; readonly media: readonly string[] };

async function writeSite(reader: Reader, target: ExportTarget, options: ExportOptions): Promise<Written> {
  await target.write(EXPORT_SETTINGS, toJson(listStoredSettings(reader)));
  await target.write(EXPORT_DESK, toJson(listExportedDesk(reader)));
  await target.write(EXPORT_SECTIONS, toJson(listExportedSections(reader)));
  const files = listMediaNames(reader);
  await target.write(EXPORT_REDIRECT_TABLE, exportRedirects({ db: reader }));
  await target.write(EXPORT_MEDIA, toJson({ files, copies: listRemoteCopies(reader) }));
  return { notes: await writeNotes(reader, target, options), media: files.map(({ name }) => name) };
}

async function writeNotes(reader: Reader, target: ExportTarget, { onProgress }: ExportOptions): Promise<number> {
  const total = countAllNotes(reader);
  const redirects: string[] = [];
  let number = 0;
  for (let after = 0; ; ) {
    const rows = listExportedNotes(reader, { after, limit: PAGE_NOTES });
    const last = rows.at(-1);
    if (last === undefined) break;
    const first = number;
    await Promise.all(
      rows.map((row, index) => {
        const { path, text } = toExportedFile(row, first + index + 1);
        return target.write(path, text);
      }),
    );
    for (const row of rows) redirects.push(...toRedirects(row));
    [after, number] = [last.id, number + rows.length];
    onProgress?.(number, total);
  }
  for (const line of exportHostLines({ db: reader })) redirects.push(line);
  await target.write(EXPORT_REDIRECTS, redirects.join(""));
  return number;
}

/** One line for each old path of a note that anyone may read. */
function toRedirects(row: ExportRow): string[] {
  const address = paths.note(row);
  const aliases = isReadable(row) ? row.aliases : [];
  return aliases.map(toAddress).flatMap((alias) => (alias === address ? [] : [`${alias} ${address} 301\n`]));
}

function toAddress(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}

async function copyMedia(folder: string, names: readonly string[], target: ExportTarget): Promise<string[]> {
  const missing: string[] = [];
  for (const name of names) {
    const copy = (file: string) => copyFile(join(folder, name), file, constants.COPYFILE_FICLONE);
    await target.makeOnce(`${EXPORT_MEDIA_FOLDER}/${name}`, copy).catch((error: unknown) => {
      // One that is lost stops none of the others; doctor says more.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      missing.push(name);
    });
  }
  return missing;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes((error as NodeJS.ErrnoException).code ?? "");
}

function fullDisk(root: string, cause: unknown): AppError {
  const remedy = "Make room, then run it again with --update.";
  return new AppError("storage_full", `The disk of ${root} is full, and the export in it is unfinished. ${remedy}`, {
    cause,
  });
}
