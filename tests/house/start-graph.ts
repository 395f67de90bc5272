import { posix } from "node:path";
import type { Source } from "./sources.ts";
import { withoutComments } from "./sources.ts";

/** What a file loads with itself: imports and exports of values, not those of types, and nothing that is loaded later. */
function listLoaded(text: string): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^"';]*?\bfrom\s+)?"([^"]+)"/gm)].map(
    ([, target]) => target ?? "",
  );
}

/** Everything that is loaded with a file of src/: files by their path below it, packages by their name. */
export function loadedWith(start: string, sources: readonly Source[]): Set<string> {
  const texts = new Map(sources.map(({ path, text }) => [path, text]));
  const loaded = new Set([start]);
  // A set that is gone through also shows what is added meanwhile.
  for (const path of loaded) {
    for (const target of listLoaded(texts.get(path) ?? "")) {
      loaded.add(target.startsWith(".") ? posix.join(posix.dirname(path), target) : target);
    }
  }
  return loaded;
}
