import { readFileSync } from "node:fs";

/** The version of this program, as package.json says it. */
export const VERSION: string = readVersion();

function readVersion(): string {
  // The same path from `src/lib` and from `dist/lib`.
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
