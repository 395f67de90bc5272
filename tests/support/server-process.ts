import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { until } from "./until.ts";

const ROOT = join(import.meta.dirname, "../..");

/** How a process ended. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** A real process of StarPunk. */
export type StarPunk = {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: { stdout: string; stderr: string };
  readonly exited: Promise<Exit>;
};

/** A process that serves. */
export type ServingProcess = StarPunk & { readonly port: number; readonly url: string };

/** A command line and what is unusual about it. */
export type Start = {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Runs the program through another one: `["setpriv", "--bounding-set", "-all"]`. */
  readonly through?: readonly string[];
};

/** An empty folder that goes away with the running test. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "starpunk-process-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts the built program with no environment but `PATH` and what is given. It is killed when the running test ends. */
export function startProgram(start: Start): StarPunk {
  const started = openProgram(start);
  onTestFinished(() => kill(started));
  return started;
}

/** The same outside of a test; whoever asks ends it. */
export function openProgram({ words, env, stdin = "", through = [] }: Start): StarPunk {
  buildOnce();
  const [file = "", ...args] = [...through, process.execPath, join(ROOT, "dist/main.js"), ...words];
  const child = spawn(file, args, { env: { PATH: process.env.PATH ?? "", ...env }, cwd: tmpdir() });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += String(chunk);
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += String(chunk);
  });
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);
  const exited = once(child, "close").then(([code, signal]) => ({ code, signal }) as Exit);
  return { child, said, exited };
}

async function kill({ child, exited }: StarPunk): Promise<void> {
  child.kill("SIGKILL");
  await exited;
}

/** Runs one command to its end. */
export async function runProgram(start: Start): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { said, exited } = startProgram(start);
  const { code } = await exited;
  return { code, ...said };
}

/** Starts `serve` on a free port, and waits until it says where it is. */
export async function startServing(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServingProcess> {
  const port = await findFreePort();
  const started = startProgram({ words: ["serve"], env: { DATA_DIR: dataDir, PORT: String(port), ...env } });
  await until(() => expect(started.said.stderr).toContain("StarPunk is at"));
  return { ...started, port, url: `http://127.0.0.1:${port}` };
}

/**
 * The same outside of a test, in `beforeAll` for instance, with SITE_URL where it listens; whoever asks closes it. Sites
 * by another name of this machine share no cookies.
 */
export async function openServing(
  dataDir: string,
  { name = "127.0.0.1", env = {} }: { name?: "127.0.0.1" | "localhost"; env?: Start["env"] } = {},
): Promise<ServingProcess & { close(): Promise<void> }> {
  const port = await findFreePort();
  const url = `http://${name}:${port}`;
  const all = { DATA_DIR: dataDir, PORT: String(port), SITE_URL: url, LOG_LEVEL: "warn", ...env };
  const started = openProgram({ words: ["serve"], env: all });
  await until(() => expect(started.said.stderr).toContain("StarPunk is at"));
  return { ...started, port, url, close: () => kill(started) };
}

const built = { isDone: false };

/** `npm test` has built before; a single test file that is run by hand has not. */
function buildOnce(): void {
  if (built.isDone) return;
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts/build-if-needed.mjs")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  built.isDone = true;
}
