import { readFileSync } from "node:fs";
import type { SourceMapPayload } from "node:module";
import { SourceMap } from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ROOT } from "./root.ts";

/** How many places are remembered: an error that comes again has the same. */
const MAX_KNOWN_PLACES = 1_000;

/** A place in what the build made: the file, as an address or a path, its line and column. */
const PLACE = /((?:file:\/\/)?\/[^\s():]+\.c?js):(\d+):(\d+)/g;

const known = new Map<string, string>();

/**
 * The stack of an error with places in `src/` where it has places in the bundle, as far as the maps beside that tell.
 * A map is read once more for each new place rather than kept: it is several times as large as the code.
 */
export function toSourceStack(stack: string): string {
  // biome-ignore lint/complexity/useMaxParams: the groups of the pattern come one by one.
  return stack.replace(PLACE, (place: string, file: string, line: string, column: string) => {
    const found = known.get(place) ?? findSource(file, Number(line), Number(column)) ?? place;
    if (known.size >= MAX_KNOWN_PLACES) known.clear();
    known.set(place, found);
    return found;
  });
}

function findSource(file: string, line: number, column: number): string | undefined {
  try {
    const mapUrl = new URL(`${file.startsWith("/") ? pathToFileURL(file).href : file}.map`);
    const payload = JSON.parse(readFileSync(mapUrl, "utf8")) as SourceMapPayload;
    const entry = new SourceMap(payload).findEntry(line - 1, column - 1);
    if (!("originalSource" in entry)) return undefined;
    const source = relative(ROOT, fileURLToPath(new URL(entry.originalSource, mapUrl)));
    return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  } catch {
    return undefined; // No map, or none that fits: the place in the bundle is better than nothing.
  }
}
