import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { ROOT } from "../lib/root.ts";

/** One file that the site itself brings along: style sheets, scripts, icons. */
export type Asset = {
  /** As the source calls it: `site.css`. */
  readonly name: string;
  /** Root-relative address, with a hash of the bytes, so that it may be kept for ever. */
  readonly path: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
};

/** Media types of the files in `static/`, by ending; no other ending may stand there. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8",
};

/** Every asset by its name. Read once, when the module is loaded: an installation does not change while it runs. */
const ASSETS: ReadonlyMap<string, Asset> = new Map(readAssets().map((asset) => [asset.name, asset]));

/** The root-relative address of an asset: `site.css` → `/static/site.HASH.css`. Throws when there is no such file. */
export function assetPath(name: string): string {
  const asset = ASSETS.get(name);
  if (!asset) throw new Error(`There is no file static/${name}.`);
  return asset.path;
}

/** Every asset, in no order. */
export function listAssets(): Asset[] {
  return [...ASSETS.values()];
}

function readAssets(): Asset[] {
  const folder = join(ROOT, "static");
  const own = readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .map((name) => toAsset(name, join(folder, name)));
  const { resolve } = createRequire(import.meta.url);
  // The package has no entrance for this one, which needs no other file.
  const chart = resolve("chart.js").replace(/[^/\\]+$/, "chart.umd.min.js");
  return [...own, toAsset("htmx.min.js", resolve("htmx.org/dist/htmx.min.js")), toAsset("chart.min.js", chart)];
}

function toAsset(name: string, file: string): Asset {
  const ending = extname(name);
  const mediaType = MEDIA_TYPES[ending];
  if (!mediaType) throw new Error(`static/${name} has an ending that web/assets.ts knows no media type for.`);

  const bytes = readFileSync(file);
  const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 12);
  return { name, path: `/static/${name.slice(0, -ending.length)}.${hash}${ending}`, mediaType, bytes };
}
