import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the program, with `views/`, `static/`, `migrations/` and `package.json`. It ends with a slash. */
export const ROOT: string = findRoot(new URL(".", import.meta.url));

/** Whether this is the source itself, as in development and in tests, rather than what the build made of it. */
export const IS_SOURCE: boolean = import.meta.url.endsWith(".ts");

/** Modules stand at different depths in `src/` and in `dist/`, so the way up is looked for, not counted. */
function findRoot(folder: URL): string {
  const path = fileURLToPath(folder);
  const above = new URL("..", folder);
  return above.href === folder.href || existsSync(join(path, "package.json")) ? path : findRoot(above);
}
