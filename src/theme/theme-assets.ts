import { createHash } from "node:crypto";
import { extname } from "node:path";
import type { ThemeFile } from "./theme-files.ts";
import { MAX_THEME_ASSET_BYTES, readThemeFile } from "./theme-files.ts";

/** Where the files of a theme's `static/` are. */
export const THEME_ASSETS_PATH = "/static/theme/";

/** Media types of what a theme may bring along, by ending. No scripts: readers' pages run none. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

const FOLDER = "static/";
const HASHED = /^(.+)\.[\w-]{12}(\.\w+)$/;

/** A file of the theme folder as it is sent. */
export type ThemeAsset = { readonly path: string; readonly mediaType: string; readonly bytes: Buffer };

/** The files of a theme's `static/`: each is read when it is first asked for. */
export type ThemeAssets = {
  /** The address of a file, with a hash of its bytes. Throws for one that is not there, or of a kind that is not served. */
  readonly pathOf: (name: string) => string;
  /** What is at an address; that of an older file of the same name is the present one. */
  readonly find: (path: string) => ThemeAsset | undefined;
};

/** Creates the list of what lies in `static/`. Only names of this list are ever read. */
export function createThemeAssets(folder: string, files: readonly ThemeFile[]): ThemeAssets {
  const names = files
    .map(({ path }) => path)
    .filter((path) => path.startsWith(FOLDER) && path.split("/").length === 2 && extname(path) in MEDIA_TYPES)
    .map((path) => path.slice(FOLDER.length));
  const known = new Map<string, ThemeAsset>();

  function read(name: string): ThemeAsset | undefined {
    const ending = extname(name);
    const mediaType = MEDIA_TYPES[ending];
    if (mediaType === undefined || !names.includes(name)) return undefined;
    const made =
      known.get(name) ?? toAsset(readThemeFile(folder, FOLDER + name, MAX_THEME_ASSET_BYTES), name, mediaType);
    known.set(name, made);
    return made;
  }

  return {
    pathOf(name) {
      const asset = read(name);
      if (asset === undefined) throw new Error(`There is no file static/${name} in the theme folder.`);
      return asset.path;
    },
    find(path) {
      const [, stem = "", ending = ""] = HASHED.exec(path.slice(THEME_ASSETS_PATH.length)) ?? [];
      return read(stem + ending);
    },
  };
}

function toAsset(bytes: Buffer, name: string, mediaType: string): ThemeAsset {
  const ending = extname(name);
  const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 12);
  return { path: `${THEME_ASSETS_PATH}${name.slice(0, -ending.length)}.${hash}${ending}`, mediaType, bytes };
}
