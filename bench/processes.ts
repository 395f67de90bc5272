import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";

/** How long a process may take to end after it was asked to, in milliseconds. */
const STOP_MS = 15_000;

/** Most that is kept of what a process says on stderr, in characters. */
const MAX_SAID = 4_000;

/** How a process is started. */
export type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The one core that it may use; undefined: any. */
  readonly core?: number | undefined;
  /** Whether what it writes to stdout is wanted; else it is dropped. */
  readonly hearsStdout?: boolean;
};

/** A process that was started here. */
export type Started = {
  readonly child: ChildProcess;
  readonly pid: number;
  /** The end of what it said on stderr so far. */
  readonly stderr: () => string;
  /** Resolves with its exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** Asks it to end, ends it when it does not, and resolves when it is gone. */
  readonly stop: () => Promise<void>;
};

/** Every process of a run, so that none is left behind. */
export class Processes {
  readonly #running = new Set<Started>();

  /** Starts a process with no environment but PATH and what is given. Throws when there is no such program. */
  start(command: Command): Started {
    const [file = "", ...args] = pinned(command);
    const child = spawn(file, args, {
      env: { PATH: process.env.PATH ?? "", ...command.env },
      stdio: ["ignore", command.hearsStdout ? "pipe" : "ignore", "pipe"],
    });
    const said = { stderr: "" };
    child.stderr?.on("data", (chunk) => {
      said.stderr = (said.stderr + String(chunk)).slice(-MAX_SAID);
    });
    const exited = exitOf(child);
    exited.catch(() => undefined);
    if (child.pid === undefined) throw new Error(`${file} cannot be started. Is it installed?`);
    const started: Started = {
      child,
      pid: child.pid,
      stderr: () => said.stderr,
      exited,
      stop: () => stop(child, exited),
    };
    this.#running.add(started);
    exited.then(
      () => this.#running.delete(started),
      () => this.#running.delete(started),
    );
    return started;
  }

  /** Ends all that still run, and resolves when they are gone. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((started) => started.stop()));
  }

  /** Ends all at once, for a moment in which nothing can be waited for. */
  killAll(): void {
    for (const { child } of this.#running) child.kill("SIGKILL");
  }
}

function pinned({ file, args, core }: Command): string[] {
  return core === undefined ? [file, ...args] : ["taskset", "-c", String(core), file, ...args];
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}

async function stop(child: ChildProcess, exited: Promise<number | null>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exited.catch(() => undefined);
  clearTimeout(timer);
}
