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

/** The site's own. */
const FOLDER = join(ROOT, "static");

const { resolve } = createRequire(import.meta.url);

/** What packages bring, and where they have it. */
const FOREIGN: Readonly<Record<string, () => string>> = {
  "htmx.min.js": () => resolve("htmx.org/dist/htmx.min.js"),
  // The package has no entrance for this one, which needs no other file.
  "chart.min.js": () => resolve("chart.js").replace(/[^/\\]+$/, "chart.umd.min.js"),
};

/** An import of another file beside it, as our modules write it. */
const IMPORT = /(?<=\b(?:from|import) ")\.\/([\w-]+\.js)(?=")/g;

/** Assets that were asked for: each is read once, with the first page or request that needs it. */
const ASSETS = new Map<string, Asset>();

/** What all are called, once somebody asked for one by its address. */
const NAMES: string[] = [];

/** The root-relative address of an asset: `site.css` → `/static/site.HASH.css`. Throws when there is no such file. */
export function assetPath(name: string): string {
  return findAsset(name).path;
}

/** An asset by its name. Throws when there is no such file. */
export function findAsset(name: string): Asset {
  const known = ASSETS.get(name);
  if (known !== undefined) return known;
  const asset = readAsset(name);
  ASSETS.set(name, asset);
  return asset;
}

/** The asset at a path, `/static/site.HASH.css`; undefined where there is none, or none of that hash. */
export function assetAt(path: string): Asset | undefined {
  const name = path.replace(/^\/static\//, "").replace(/\.[\w-]{12}(?=\.\w+$)/, "");
  const asset = listNames().includes(name) ? findAsset(name) : undefined;
  return asset?.path === path ? asset : undefined;
}

/**
 * The addresses of a script that is a module and of all that it imports, itself first: a page that names them all need not
 * find one through the other. Throws as `assetPath`.
 */
export function modulePaths(name: string): string[] {
  const names = new Set([name]);
  for (const each of names) for (const imported of findAsset(each).imports) names.add(imported);
  return [...names].map(assetPath);
}

/** What an asset of text says. Throws when there is no such file. */
export function assetText(name: string): string {
  return findAsset(name).bytes.toString("utf8");
}

/** Every asset, in no order. */
export function listAssets(): Asset[] {
  return listNames().map(findAsset);
}

function listNames(): readonly string[] {
  if (NAMES.length === 0) {
    const own = readdirSync(FOLDER).filter((name) => !name.startsWith("."));
    NAMES.push(...own, ...Object.keys(FOREIGN));
  }
  return NAMES;
}

/** Modules name each other by file; in what is served stand the addresses, so that a change changes those above it too. */
function readAsset(name: string): Asset {
  const bytes = readFileOf(name);
  const text = name.endsWith(".js") && !(name in FOREIGN) ? bytes.toString() : "";
  const imports = [...text.matchAll(IMPORT)].map(([, imported = ""]) => imported);
  const addressed = text.replace(IMPORT, (_, imported: string) => assetPath(imported));
  return toAsset(name, imports.length === 0 ? bytes : Buffer.from(addressed), imports);
}

function readFileOf(name: string): Buffer {
  const foreign = FOREIGN[name];
  try {
    return readFileSync(foreign === undefined ? join(FOLDER, name) : foreign());
  } catch (cause) {
    throw new Error(`There is no file static/${name}.`, { cause });
  }
}

function toAsset(name: string, bytes: Buffer, imports: readonly string[]): Asset {
  const ending = extname(name);
  const mediaType = MEDIA_TYPES[ending];
  if (!mediaType) throw new Error(`static/${name} has an ending that web/assets.ts knows no media type for.`);

  const hash = createHash("sha256").update(bytes).digest("base64url").slice(0, 12);
  return { name, path: `/static/${name.slice(0, -ending.length)}.${hash}${ending}`, mediaType, bytes, imports };
}
