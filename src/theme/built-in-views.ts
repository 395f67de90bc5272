import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, sep } from "node:path";
import type { ConfigureOptions } from "nunjucks";
import { IS_SOURCE, ROOT } from "../lib/root.ts";

/** The templates of this program as they are written, and how the engine is set up for them. */
export type BuiltInViews = { readonly options: ConfigureOptions; readonly sources: Readonly<Record<string, string>> };

const require = createRequire(import.meta.url);

/** Reads the templates of this program: from `views/`, or from what the build has made of it. */
export function readBuiltInViews(): BuiltInViews {
  if (!IS_SOURCE) return require(join(ROOT, "dist", "view-sources.json")) as BuiltInViews;
  const folder = join(ROOT, "views");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".njk"));
  const sources = names.map((name) => [name.split(sep).join("/"), readFileSync(join(folder, name), "utf8")]);
  return { options: require(join(folder, "nunjucks.json")) as ConfigureOptions, sources: Object.fromEntries(sources) };
}
