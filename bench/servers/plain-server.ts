import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { ROOT } from "../folders.ts";
import type { Processes, Started } from "../processes.ts";
import type { Server } from "./server.ts";

/** The servers that the product is compared with; each is a file in `bench/targets/`. */
export type PlainName = "bare-http" | "bare-express" | "bare-hot" | "bare-stream" | "naive" | "raw-commit";

/** How a plain server is started. */
export type PlainStart = {
  readonly processes: Processes;
  readonly core: number | undefined;
  readonly name: PlainName;
  /** What it is told: which snapshot or database it has, and what else it must know. */
  readonly options: Readonly<Record<string, string | number>>;
};

/** How long it may take until it says its port, in milliseconds. */
const START_MS = 60_000;

/** Starts a plain server, and resolves when it listens. Throws what it said when it does not. */
export async function startPlainServer(start: PlainStart): Promise<Server> {
  const started = launchPlainServer(start);
  const port = await readPort(started);
  return { label: start.name, origin: `http://127.0.0.1:${port}`, pid: started.pid, stop: started.stop };
}

/** Starts a plain server, and waits for nothing. */
export function launchPlainServer({ processes, core, name, options }: PlainStart): Started {
  const args = [join(ROOT, "bench", "targets", `${name}.mjs`), JSON.stringify(options)];
  // As in production: Express looks at it to know whether to keep compiled views.
  return processes.start({ file: process.execPath, args, core, env: { NODE_ENV: "production" }, hearsStdout: true });
}

/** The port that a plain server says first of all. */
export async function readPort(started: Started): Promise<number> {
  if (started.child.stdout === null) throw new Error("A server without stdout cannot say its port.");
  const lines = createInterface({ input: started.child.stdout });
  const ended = started.exited.then((code) => {
    throw new Error(`A plain server ended with ${code}: ${started.stderr().trim()}`);
  });
  ended.catch(() => undefined);
  const said = once(lines, "line", { signal: AbortSignal.timeout(START_MS) });
  said.catch(() => undefined);
  const [line] = (await Promise.race([said, ended])) as [string];
  return Number(line);
}
