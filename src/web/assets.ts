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
  /** Names of the assets that a script imports. */
  readonly imports: readonly string[];
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

/** An import of another file beside it, as our modules write it. */
const IMPORT = /(?<=\b(?:from|import) ")\.\/([\w-]+\.js)(?=")/g;

/** Every asset by its name. Read once, when the module is loaded: an installation does not change while it runs. */
const ASSETS: ReadonlyMap<string, Asset> = new Map(readAssets().map((asset) => [asset.name, asset]));

/** The root-relative address of an asset: `site.css` → `/static/site.HASH.css`. Throws when there is no such file. */
export function assetPath(name: string): string {
  return findAsset(name).path;
}

/** An asset by its name. Throws when there is no such file. */
export function findAsset(name: string): Asset {
  const asset = ASSETS.get(name);
  if (!asset) throw new Error(`There is no file static/${name}.`);
  return asset;
}

/**
 * The addresses of a script that is a module and of all that it imports, itself first: a page that names them all need not
 * find one through the other. Throws as `assetPath`.
 */
export function modulePaths(name: string): string[] {
  const names = new Set([name]);
  for (const each of names) for (const imported of ASSETS.get(each)?.imports ?? []) names.add(imported);
  return [...names].map(assetPath);
}

/** What an asset of text says. Throws when there is no such file. */
export function assetText(name: string): string {
  const asset = ASSETS.get(name);
  if (!asset) throw new Error(`There is no file static/${name}.`);
  return asset.bytes.toString("utf8");
}

/** Every asset, in no order. */
export function listAssets(): Asset[] {
  return [...ASSETS.values()];
}

function readAssets(): Asset[] {
  const folder = join(ROOT, "static");
  const files = readdirSync(folder).filter((name) => !name.startsWith("."));
  const made = new Map<string, Asset>();
  for (const name of files) makeAsset(name, { folder, made });
  const { resolve } = createRequire(import.meta.url);
  // The package has no entrance for this one, which needs no other file.
  const chart = resolve("chart.js").replace(/[^/\\]+$/, "chart.umd.min.js");
  const bundled = { "htmx.min.js": resolve("htmx.org/dist/htmx.min.js"), "chart.min.js": chart };
  const foreign = Object.entries(bundled).map(([name, file]) => toAsset(name, readFileSync(file), []));
  return [...made.values(), ...foreign];
}

/** Modules name each other by file; in what is served stand the addresses, so that a change changes those above it too. */
function makeAsset(name: string, read: { readonly folder: string; readonly made: Map<string, Asset> }): Asset {
  const known = read.made.get(name);
  if (known) return known;
  const bytes = readFileSync(join(read.folder, name));
  const text = name.endsWith(".js") ? bytes.toString() : "";
  const imports = [...text.matchAll(IMPORT)].map(([, imported = ""]) => imported);
  for (const imported of imports) makeAsset(imported, read);
  const addressed = text.replace(IMPORT, (_, imported: string) => read.made.get(imported)?.path ?? imported);
  const asset = toAsset(name, imports.length === 0 ? bytes : Buffer.from(addressed), imports);
  read.made.set(name, asset);
  return asset;
}

function toAsset(name: string, bytes: Buffer, imports: readonly string[]): Asset {
  const ending = extname(name);
  const mediaType = MEDIA_TYPES[ending];
  if (!mediaType) throw new Error(`static/${name} has an ending that web/assets.ts knows no media type for.`);

  const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 12);
  return { name, path: `/static/${name.slice(0, -ending.length)}.${hash}${ending}`, mediaType, bytes, imports };
}
