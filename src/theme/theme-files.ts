import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { said } from "../lib/words.ts";

/** Most files of the theme folder that count; what comes after them by name is not there. */
export const MAX_THEME_FILES = 300;
/** Most bytes of one template. */
export const MAX_TEMPLATE_BYTES = 256 * 1024;
/** Most bytes of one file in `static/`. */
export const MAX_THEME_ASSET_BYTES = 5 * 1024 * 1024;
/** Folders within folders, the theme folder itself included. */
export const MAX_THEME_DEPTH = 4;

/** A file of the theme folder: its path there with slashes, and what a change of it shows by. */
export type ThemeFile = { readonly path: string; readonly sizeBytes: number; readonly changedMs: number };

/** Parts of paths that count: no dot files, nothing that a shell or a URL would read otherwise. */
const PART = /^[\w-][\w.-]*$/;

/** Whether a file of the theme folder may have that path: no way leads out of it. */
export function isThemePath(path: string): boolean {
  const parts = path.split("/");
  return parts.length <= MAX_THEME_DEPTH && parts.every((part) => PART.test(part));
}

/** The folder of the author's own templates and files, DATA_DIR/theme. Nobody makes it but the author. */
export function themeFolder(config: Pick<Config, "DATA_DIR">): string {
  return join(config.DATA_DIR, "theme");
}

/** Whether there is such a folder: a real one, no symbolic link. */
export function hasThemeFolder(folder: string): boolean {
  return lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * The files in the theme folder by path: regular ones only. A symbolic link is not followed, whether to a file or a folder,
 * so nothing outside is ever read. None where there is no folder, or it cannot be read.
 */
export function listThemeFiles(folder: string): ThemeFile[] {
  return hasThemeFolder(folder) ? listIn(folder, "", 1).slice(0, MAX_THEME_FILES) : [];
}

/** A text that is another one as soon as any of the files is. */
export function fingerprintOf(files: readonly ThemeFile[]): string {
  const lines = files.map(({ path, sizeBytes, changedMs }) => `${path} ${sizeBytes} ${changedMs}\n`);
  return createHash("sha256").update(lines.join("")).digest("base64url").slice(0, 22);
}

/** The bytes of a file of the theme folder. Throws where it is gone, has become a link, or is larger than `maxBytes`. */
export function readThemeFile(folder: string, path: string, maxBytes: number): Buffer {
  const descriptor = openSync(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error(said`It is no file.`.toString());
    if (stats.size > maxBytes)
      throw new Error(said`It has ${stats.size} bytes, of which ${maxBytes} are allowed.`.toString());
    const bytes = Buffer.alloc(stats.size);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function listIn(root: string, below: string, depth: number): ThemeFile[] {
  const entries = readdirSync(join(root, below), { withFileTypes: true }).filter(({ name }) => PART.test(name));
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) return depth < MAX_THEME_DEPTH ? listIn(root, path, depth + 1) : [];
      const stats = entry.isFile() ? lstatSync(join(root, path), { throwIfNoEntry: false }) : undefined;
      return stats?.isFile() === true ? [{ path, sizeBytes: stats.size, changedMs: stats.mtimeMs }] : [];
    });
}
