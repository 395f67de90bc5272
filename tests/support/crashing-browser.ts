import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { chromium } from "playwright-core";
import { CHROMIUM_FLAGS, EXECUTABLE, STEP_TIMEOUT_MS } from "./chromium.ts";
import { until } from "./until.ts";

/** A browser as a process of its own, with a profile on the disk that outlives it. */
export type CrashingBrowser = {
  readonly context: BrowserContext;
  /** Kills it at once, as a crash or an empty battery would; nothing is told to any page. */
  crash(): Promise<void>;
};

/** Starts Chromium on a profile, also on one that a crash has left behind. */
export async function startCrashingBrowser(profile: string): Promise<CrashingBrowser> {
  const portFile = join(profile, "DevToolsActivePort");
  rmSync(portFile, { force: true });
  const flags = [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, "--remote-debugging-port=0", "about:blank"];
  // In a process group of its own, so that its helpers end with it.
  const child = spawn(EXECUTABLE, flags, { detached: true, stdio: "ignore" });
  const browser = await connect(portFile);
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error("The browser has no profile open.");
  context.setDefaultTimeout(STEP_TIMEOUT_MS);
  return { context, crash: () => kill(child) };
}

async function connect(portFile: string): Promise<Browser> {
  const port = await until(() => {
    const [first] = readFileSync(portFile, "utf8").split("\n");
    if (!first) throw new Error("The browser does not listen yet.");
    return first;
  });
  return chromium.connectOverCDP(`http://127.0.0.1:${port}`);
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, "close");
  process.kill(-child.pid, "SIGKILL");
  await ended;
}
