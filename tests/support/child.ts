import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** Another process on this machine that does what it is asked, one thing after the other. */
export type Child = {
  /** Resolves with what it answers. Rejects when it ends first, and after a minute. */
  readonly ask: <Answer>(request: object) => Promise<Answer>;
  /** Ends it as a power cut would, and resolves when it is gone. */
  readonly kill: () => Promise<void>;
};

const ANSWER_TIMEOUT_MS = 60_000;

/**
 * Starts a script of TypeScript as a process of its own, which ends with the running test. The script says "ready",
 * then answers each message with one. `limits` is shell that runs before it, such as `ulimit -f 100`.
 */
export async function startChild(script: URL, limits = ":"): Promise<Child> {
  const command = `${limits}; exec "$0" --import tsx "$1"`;
  const child = spawn("/bin/sh", ["-c", command, process.execPath, fileURLToPath(script)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const exit = once(child, "exit");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exit;
  };
  onTestFinished(kill);
  await nextMessage(child, exit);
  return {
    kill,
    ask(request) {
      const answer = nextMessage(child, exit);
      child.send(request);
      return answer as Promise<never>;
    },
  };
}

async function nextMessage(child: ChildProcess, exit: Promise<unknown>): Promise<unknown> {
  const message = once(child, "message", { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
  const ended = exit.then(() => {
    throw new Error("The other process ended before it answered");
  });
  message.catch(() => undefined);
  ended.catch(() => undefined);
  return (await Promise.race([message, ended]))[0];
}
