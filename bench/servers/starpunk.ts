import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { PROGRAM } from "../folders.ts";
import type { Processes, Started } from "../processes.ts";
import type { Server } from "./server.ts";
import { findFreePort, untilAnswers } from "./server.ts";

/** Public address of the measured site. Nobody asks it anything; links and feeds carry it. */
export const SITE_URL = "https://blog.example";

/** How the product is started. */
export type StarpunkStart = {
  readonly processes: Processes;
  readonly core: number | undefined;
  /** DATA_DIR, which the server changes. */
  readonly dataDir: string;
  /** Options besides those that say where it is: as few as can be, since the shipped configuration is measured. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts `starpunk serve` and waits until it answers. Its log goes to its files, and to a stdout that nobody reads. */
export async function startStarpunk(start: StarpunkStart): Promise<Server> {
  const port = await findFreePort();
  const started = launchStarpunk(start, port);
  const origin = `http://127.0.0.1:${port}`;
  await untilAnswers(`${origin}/health`, started);
  return { label: "starpunk", origin, pid: started.pid, stop: started.stop };
}

/** Starts `starpunk serve` on a port, and waits for nothing. */
export function launchStarpunk({ processes, core, dataDir, env = {} }: StarpunkStart, port: number): Started {
  return processes.start({
    file: process.execPath,
    args: [PROGRAM, "serve"],
    core,
    env: { DATA_DIR: dataDir, PORT: String(port), SITE_URL, ...env },
  });
}

/** Copies a DATA_DIR to where a server may change it. */
export function copyDataDir(from: string, to: string): string {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  for (const name of ["starpunk.db", "media"].filter((each) => existsSync(join(from, each)))) {
    cpSync(join(from, name), join(to, name), { recursive: true, force: true, preserveTimestamps: true });
  }
  return to;
}
