import type { Dirent } from "node:fs";
import { constants } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { AppError, invalid } from "../lib/errors.ts";

/** Most Markdown files that one import takes. */
export const MAX_IMPORT_FILES = 100_000;
/** Deepest folder that an import looks into. */
export const MAX_IMPORT_DEPTH = 20;
/** Largest Markdown file that is read, in bytes; the limit of a note's text is smaller. */
export const MAX_IMPORT_FILE_BYTES = 1024 * 1024;

/**
 * Paths of all Markdown files below a folder, with slashes, in the order of their names. Hidden files and folders and
 * everything that is no regular file (symbolic links above all) are left out. Throws AppError when `root` is no folder
 * that can be read, or holds too much.
 */
export async function listMarkdownFiles(root: string): Promise<string[]> {
  const files: string[] = [];
  await collect({ root, below: "", depth: 0 }, files);
  return files.sort();
}

/**
 * Reads one file below `root`. Follows no symbolic link in its last part. Throws `invalid` when it is no regular file
 * or larger than `maxBytes`.
 */
export async function readImportFile(
  root: string,
  path: string,
  maxBytes: number,
): Promise<{ bytes: Buffer; writtenMs: number }> {
  const file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
    throw new AppError("invalid", `The file cannot be opened (${reasonOf(error)}).`, { cause: error });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw invalid("file", "This is no regular file.");
    if (stats.size > maxBytes)
      throw new AppError("too_large", `The file is larger than ${Math.floor(maxBytes / 1024)} KB.`);
    return { bytes: await file.readFile(), writtenMs: stats.mtimeMs };
  } finally {
    await file.close();
  }
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

type Folder = { readonly root: string; readonly below: string; readonly depth: number };

async function collect(folder: Folder, files: string[]): Promise<void> {
  if (folder.depth > MAX_IMPORT_DEPTH) {
    throw new AppError("too_large", `Folders are nested deeper than ${MAX_IMPORT_DEPTH}. Import a part of them.`);
  }
  for (const entry of await readFolder(folder)) {
    if (entry.name.startsWith(".") || entry.name === "node_modules") continue;
    const path = posix.join(folder.below, entry.name);
    if (entry.isDirectory()) await collect({ root: folder.root, below: path, depth: folder.depth + 1 }, files);
    if (entry.isFile() && /\.(?:md|markdown)$/iu.test(entry.name)) files.push(path);
    if (files.length > MAX_IMPORT_FILES) {
      throw new AppError("too_large", `There are more than ${MAX_IMPORT_FILES} Markdown files. Import a part of them.`);
    }
  }
}

async function readFolder(folder: Folder): Promise<Dirent[]> {
  try {
    return await readdir(join(folder.root, folder.below), { withFileTypes: true });
  } catch (error) {
    const name = join(folder.root, folder.below);
    throw new AppError("invalid", `The folder ${name} cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "unknown reason";
}
