import type { Dirent, Stats } from "node:fs";
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open, readdir, stat } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Readable } from "node:stream";
import { AppError, invalid } from "../lib/errors.ts";

/** Most Markdown files that one import takes. */
export const MAX_IMPORT_FILES = 100_000;
/** Deepest folder that an import looks into; the imported one itself is 0. */
export const MAX_IMPORT_DEPTH = 20;
/** Largest Markdown file that is read, in bytes; the limit of a note's text is smaller. */
export const MAX_IMPORT_FILE_BYTES = 1024 * 1024;

/** Something below the folder that is not looked into, and why. */
export type RefusedPath = { readonly path: string; readonly reason: string };

/** What stands below an imported folder: paths with slashes, in the order of their names. */
export type ImportFiles = { readonly files: readonly string[]; readonly refused: readonly RefusedPath[] };

/**
 * Lists all Markdown files below a folder. Hidden files and folders are left out; symbolic links, and what is called
 * Markdown but is no file, are refused. Throws AppError when `root` is no folder that can be read, is nested
 * deeper than MAX_IMPORT_DEPTH or holds more than `maxFiles`.
 */
export async function listImportFiles(root: string, maxFiles: number = MAX_IMPORT_FILES): Promise<ImportFiles> {
  const found: Found = { files: [], refused: [], maxFiles };
  await collect({ root, below: "", depth: 0 }, found);
  found.files.sort();
  return { files: found.files, refused: found.refused };
}

/** Whether a name is that of a Markdown file. */
export function isMarkdownName(name: string): boolean {
  return /\.(?:md|markdown)$/iu.test(name);
}

/**
 * Reads one file below `root`. Follows no symbolic link in its last part and waits for nothing. Throws `invalid` when
 * it is no regular file or cannot be read, `too_large` past `maxBytes`.
 */
export async function readImportFile(
  root: string,
  path: string,
  maxBytes: number,
): Promise<{ bytes: Buffer; writtenMs: number }> {
  const file = await openFile(root, path);
  try {
    const stats = await statOpened(file, maxBytes);
    return { bytes: await file.readFile().catch(throwUnreadable), writtenMs: stats.mtimeMs };
  } finally {
    await file.close();
  }
}

/** Opens one file below `root` to read it piece by piece; it is closed at its end. Throws as `readImportFile`. */
export async function openImportFile(
  root: string,
  path: string,
  maxBytes: number,
): Promise<{ stream: Readable; sizeBytes: number }> {
  const file = await openFile(root, path);
  try {
    const { size } = await statOpened(file, maxBytes);
    return { stream: file.createReadStream(), sizeBytes: size };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** A `too_large` error for a file of so many bytes. */
export function tooLargeFile(sizeBytes: number, maxBytes: number): AppError {
  const [size, limit] = [sizeBytes, maxBytes].map((bytes) => bytes.toLocaleString("en"));
  return new AppError("too_large", `The file has ${size} bytes; at most ${limit} are read. Make it smaller.`);
}

/** Whether `path` below `root` is a regular file, reached without any symbolic link. */
export async function isImportFile(root: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  for (let length = 1; length <= parts.length; length += 1) {
    const stats = await lstat(join(root, ...parts.slice(0, length))).catch(() => undefined); // Missing is an answer here.
    const isRight = length === parts.length ? stats?.isFile() : stats?.isDirectory();
    if (isRight !== true) return false;
  }
  return true;
}

type Found = { readonly files: string[]; readonly refused: RefusedPath[]; readonly maxFiles: number };
type Folder = { readonly root: string; readonly below: string; readonly depth: number };

async function collect(folder: Folder, found: Found): Promise<void> {
  if (folder.depth > MAX_IMPORT_DEPTH) {
    throw new AppError("too_large", `Folders are nested deeper than ${MAX_IMPORT_DEPTH}. Import a part of them.`);
  }
  for (const entry of await readFolder(folder, found)) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    await collectEntry(folder, entry, found);
    if (found.files.length > found.maxFiles) {
      throw new AppError("too_large", `There are more than ${found.maxFiles} Markdown files. Import a part of them.`);
    }
  }
}

async function collectEntry({ root, below, depth }: Folder, entry: Dirent, found: Found): Promise<void> {
  const path = posix.join(below, entry.name);
  if (entry.isDirectory()) await collect({ root, below: path, depth: depth + 1 }, found);
  else if (entry.isSymbolicLink()) {
    const isFolder = await stat(join(root, path)).then(
      (target) => target.isDirectory(),
      () => false, // It leads nowhere.
    );
    if (isFolder || isMarkdownName(entry.name)) {
      found.refused.push({ path, reason: "It is a symbolic link, and those are not followed. Put a copy there." });
    }
  } else if (!isMarkdownName(entry.name)) return;
  else if (entry.isFile()) found.files.push(path);
  else found.refused.push({ path, reason: "It is no regular file." });
}

async function readFolder({ root, below }: Folder, found: Found): Promise<Dirent[]> {
  try {
    return await readdir(join(root, below), { withFileTypes: true });
  } catch (error) {
    // One folder that is closed to us stops none of the others, unless it is the very one that was asked for.
    const reason = `cannot be read (${reasonOf(error)})`;
    if (below === "") throw new AppError("invalid", `The folder ${root} ${reason}.`, { cause: error });
    found.refused.push({ path: below, reason: `The folder ${reason}.` });
    return [];
  }
}

function openFile(root: string, path: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  return open(join(root, path), flags).catch(throwUnreadable);
}

async function statOpened(file: FileHandle, maxBytes: number): Promise<Stats> {
  const stats = await file.stat();
  if (!stats.isFile()) throw invalid("file", "It is no regular file.");
  if (stats.size > maxBytes) throw tooLargeFile(stats.size, maxBytes);
  return stats;
}

function throwUnreadable(error: unknown): never {
  throw new AppError("invalid", `The file cannot be read (${reasonOf(error)}).`, { cause: error });
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown reason";
}
