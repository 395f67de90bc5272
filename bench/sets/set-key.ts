import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { RENDERER_VERSION } from "../../src/lib/markdown.ts";
import { ROOT } from "../folders.ts";

/** What a set depends on besides its name: the schema, how notes are rendered, and how they and the set are made. */
export function setKey(): string {
  const hash = createHash("sha256").update(String(RENDERER_VERSION));
  for (const folder of ["migrations", "bench/sets"]) {
    for (const name of readdirSync(join(ROOT, folder)).sort()) {
      hash.update(name).update(readFileSync(join(ROOT, folder, name)));
    }
  }
  return hash.digest("hex").slice(0, 12);
}

/** Changes when a file below a folder does, comes or goes. */
export function folderKey(folder: string): string {
  const hash = createHash("sha256");
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    const { size, mtimeMs } = statSync(join(folder, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest("hex").slice(0, 12);
}
