import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository. */
export const ROOT = join(import.meta.dirname, "../..");

/** A file of the repository, its path below the folder that was listed, with slashes. */
export type Source = { readonly path: string; readonly text: string };

/** Files below a folder of the repository whose name ends like this, in the order of their paths. */
export function listSources(folder: string, ending: RegExp): Source[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => ending.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, folder, path), "utf8") }));
}

/** A file of the repository. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** The same text with its comments blanked out: rules are about code, and lines keep their numbers. */
export function withoutComments(text: string): string {
  const literal = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/;
  const comment = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;
  return text.replace(new RegExp(`(${literal.source})|${comment.source}`, "g"), (found, isLiteral?: string) =>
    isLiteral === undefined ? found.replace(/[^\n]/g, " ") : found,
  );
}
