import type { Context } from "../context/context.ts";
import { toTimestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { hashSecret } from "../lib/secrets.ts";
import { paths } from "../lib/urls.ts";
import { MAX_IMAGE_BYTES, saveImage } from "../media/save-image.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNoteByImportPath } from "../notes/note-store.ts";
import { publishNote, saveDraft } from "../notes/publish.ts";
import { publishDraft, retractNote } from "../notes/revise.ts";
import { compose } from "../notes/save.ts";
import { readSettings } from "../site/settings-store.ts";
import { parseFrontMatter } from "./front-matter.ts";
import { isImportFile, listMarkdownFiles, MAX_IMPORT_FILE_BYTES, readImportFile } from "./import-files.ts";
import { findRelativeImages, replaceImages } from "./import-images.ts";
import type { ImportedNote } from "./imported-note.ts";
import { toImportedNote } from "./imported-note.ts";

/** What an import needs of the outside world. */
export type ImportContext = Pick<Context, "db" | "clock" | "config">;

/** What became of one file. */
export type ImportResult = {
  readonly path: string;
  readonly result: "created" | "changed" | "unchanged" | "skipped";
  /** Why a skipped file was skipped. */
  readonly reason?: string;
};

export type ImportOptions = {
  /** Also revise notes that were edited here since they were imported. */
  readonly overwrite: boolean;
  /** Only tell what would happen. */
  readonly dryRun: boolean;
  /** Told after each file. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** A file below the imported folder. */
type File = { readonly root: string; readonly path: string };
type ReadFile = { readonly note: ImportedNote; readonly hash: string };

const ORIGIN = { madeBy: "import" };

/**
 * Imports all Markdown files below a folder, oldest first: new ones are published (drafts kept as drafts), changed ones
 * revised, unchanged ones left alone. A file that cannot be taken is skipped with the reason and stops none of the rest;
 * only a full disk or a database that cannot be written ends the import. Throws AppError when `root` is no folder.
 */
export async function importFolder(ctx: ImportContext, root: string, options: ImportOptions): Promise<ImportResult[]> {
  const files = await inOrderOfTime(ctx, root, await listMarkdownFiles(root));
  const results: ImportResult[] = [];
  for (const path of files) {
    results.push(await importFile(ctx, { root, path }, options));
    options.onProgress?.(results.length, files.length);
  }
  return results.sort((one, other) => (one.path < other.path ? -1 : 1));
}

async function importFile(ctx: ImportContext, file: File, options: ImportOptions): Promise<ImportResult> {
  try {
    return { path: file.path, ...(await takeFile(ctx, file, options)) };
  } catch (error) {
    // One bad file never stops the rest; a store that takes nothing more does.
    if (error instanceof AppError && (error.code === "storage_full" || error.code === "unavailable")) throw error;
    if (error instanceof AppError) return { path: file.path, result: "skipped", reason: error.message };
    throw error;
  }
}

async function takeFile(ctx: ImportContext, file: File, options: ImportOptions): Promise<Omit<ImportResult, "path">> {
  const { note, hash } = await readNote(ctx, file);
  const before = findNoteByImportPath(ctx.db, file.path);
  const refusal = before && refusalOf(before, hash, options.overwrite);
  if (refusal !== undefined) return refusal;
  const result = before === undefined ? "created" : "changed";
  const withImages = { ...note, input: { ...note.input, content: await takeImages(ctx, { file, note, options }) } };
  if (options.dryRun) await compose(ctx.db, withImages.input, "import");
  else await saveImported(ctx, withImages, before);
  return { result };
}

function refusalOf(before: StoredNote, hash: string, overwrite: boolean): Omit<ImportResult, "path"> | undefined {
  if (before.status === "erased") return { result: "skipped", reason: "The note was erased here." };
  if (before.importMark?.hash === hash) return { result: "unchanged" };
  if (before.status === "trashed")
    return { result: "skipped", reason: "The note is in the trash here. Restore it first." };
  if (before.version === before.importMark?.version || overwrite) return undefined;
  return {
    result: "skipped",
    reason: "The note was edited here since it was imported. Use --overwrite to replace it.",
  };
}

async function saveImported(ctx: ImportContext, note: ImportedNote, before: StoredNote | undefined): Promise<void> {
  if (before !== undefined) {
    // What the file no longer says is taken away, not kept from before.
    const changes = { title: "", language: "", tags: [], ...defined(note.input), origin: ORIGIN };
    if (note.isDraft) await retractNote(ctx, before.id, changes);
    else await publishDraft(ctx, before.id, changes);
  } else if (note.isDraft) await saveDraft(ctx, note.input, ORIGIN);
  else await publishNote(ctx, note.input, ORIGIN);
}

function defined<Value extends object>(value: Value): Partial<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Partial<Value>;
}

async function readNote(ctx: ImportContext, { root, path }: File): Promise<ReadFile> {
  const { bytes, writtenMs } = await readImportFile(root, path, MAX_IMPORT_FILE_BYTES);
  const hash = hashSecret(bytes);
  const { timeZone } = readSettings(ctx.db);
  const source = { path, hash, writtenAt: toTimestamp(Math.floor(writtenMs)), timeZone };
  return { hash, note: toImportedNote(parseFrontMatter(decodeText(bytes)), source) };
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new AppError("invalid", "The file is no UTF-8 text.", { cause: error });
  }
}

/** Copies the images that the file names into the media folder, and returns the text with their new addresses. */
async function takeImages(
  ctx: ImportContext,
  { file, note, options }: { file: File; note: ImportedNote; options: ImportOptions },
): Promise<string> {
  const addresses = new Map<string, string>();
  for (const { target, candidates } of findRelativeImages(note.input.content, file.path)) {
    const path = await firstFile(file.root, candidates);
    if (path === undefined || options.dryRun) continue;
    const { bytes } = await readImportFile(file.root, path, MAX_IMAGE_BYTES);
    const image = await saveImage(ctx, { bytes, originalName: path.split("/").at(-1) ?? path });
    addresses.set(target, paths.media(image.name));
  }
  return replaceImages(note.input.content, addresses);
}

async function firstFile(root: string, candidates: readonly string[]): Promise<string | undefined> {
  for (const path of candidates) if (await isImportFile(root, path)) return path;
  return undefined;
}

/** Oldest first, so that row ids follow time; what cannot be read comes last and is reported there. */
async function inOrderOfTime(ctx: ImportContext, root: string, files: readonly string[]): Promise<string[]> {
  const dated: { path: string; at: string }[] = [];
  for (const path of files) {
    // Only the order is asked here; the reason is told when it is the file's turn.
    const read = await readNote(ctx, { root, path }).catch(() => undefined);
    dated.push({ path, at: read?.note.input.publishedAt ?? "~" });
  }
  return dated.sort((one, other) => (one.at === other.at ? 0 : one.at < other.at ? -1 : 1)).map(({ path }) => path);
}
