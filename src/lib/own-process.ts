import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { IS_SOURCE, ROOT } from "./root.ts";

/** A program of ours that runs as a process of its own. */
export type OwnProgram = {
  /** Name of the file that the build makes of it, without its ending: an entry of scripts/bundle.mjs. */
  readonly name: string;
  /** Where its source stands. */
  readonly source: URL;
  /** How much memory its JavaScript may hold, in MiB. */
  readonly heapMb: number;
  readonly args?: readonly string[];
};

/** Starts a program of ours as a process that is talked to by messages, and that says nothing else. */
export async function startOwnProcess({ name, source, heapMb, args = [] }: OwnProgram): Promise<ChildProcess> {
  const { fork } = await import("node:child_process");
  const heap = `--max-old-space-size=${heapMb}`;
  const stdio = ["ignore" as const, "ignore" as const, "ignore" as const, "ipc" as const];
  if (!IS_SOURCE) return fork(join(ROOT, "dist", `${name}.js`), [...args], { execArgv: [heap], stdio });
  // Node 20 cannot run TypeScript by itself; in development tsx, which runs the rest too, does.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return fork(fileURLToPath(source), [...args], { execArgv: [heap, "--import", tsx], stdio });
}
