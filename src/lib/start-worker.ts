import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { IS_SOURCE, ROOT } from "./root.ts";

/** What needs more memory ends the worker, not the site. A large nursery halves what collecting garbage costs. */
const HEAP = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64 };

/**
 * Starts a thread of its own for a module beside this one, by its name without an ending. Node 20 cannot run TypeScript in
 * a worker by itself; in development tsx, which runs the rest too, does.
 */
export async function startWorkerThread(name: "render-worker" | "page-worker"): Promise<Worker> {
  const { Worker } = await import("node:worker_threads");
  const options = { execArgv: [], resourceLimits: HEAP };
  if (!IS_SOURCE) return new Worker(join(ROOT, "dist", `${name}.js`), options);
  // By path, since `resolve` answers with the CommonJS build, which cannot register in a worker.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const register = new URL("./dist/esm/api/index.mjs", tsx).href;
  const file = new URL(`./${name}.ts`, import.meta.url).href;
  const code = `import("${register}").then((tsx) => { tsx.register(); return import("${file}"); })`;
  return new Worker(code, { ...options, eval: true });
}
