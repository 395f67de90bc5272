import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../src/lib/root.ts";

/** A module of `static/` that needs no browser, as its file stands there. It has no types of its own: `Module` says them. */
export async function importStatic<Module>(name: string): Promise<Module> {
  return (await import(pathToFileURL(join(ROOT, "static", name)).href)) as Module;
}
