import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** The repository. */
export const ROOT = join(import.meta.dirname, "..");

/** What is kept between runs, and the working folders of those that run. On the disk that StarPunk would be on. */
export const CACHE = join(ROOT, ".cache", "bench");

/** The built program. */
export const PROGRAM = join(ROOT, "dist", "main.js");

/** Makes the working folder of this process, and removes those of runs that were killed. */
export function createRunFolder(): string {
  mkdirSync(CACHE, { recursive: true });
  for (const name of readdirSync(CACHE)) {
    const [, pid] = /^run-(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(CACHE, name), { recursive: true, force: true });
  }
  const folder = join(CACHE, `run-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // No such process, or somebody else's by now.
  }
}
