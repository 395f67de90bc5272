import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { createFolder } from "./server-process.ts";
import { until } from "./until.ts";

/** How long a service may run in all, should its test be killed, in seconds. */
const LIFETIME_SECONDS = 120;

const OPERATIONS = join(import.meta.dirname, "../../docs/operations");

/**
 * A file of docs/operations with other values where an operator would write their own, as a file of its own. A value
 * that does not stand in it fails the test.
 */
export function fillIn(name: string, values: Readonly<Record<string, string>>): string {
  let text = readFileSync(join(OPERATIONS, name), "utf8");
  for (const [value, other] of Object.entries(values)) {
    expect(text, name).toContain(value);
    text = text.replaceAll(value, other);
  }
  const file = join(createFolder(), name);
  writeFileSync(file, text);
  return file;
}

/** Starts a program of the system that serves at `url`, in the foreground, until the running test has ended. */
export async function startService(command: readonly string[], url: string): Promise<void> {
  const child = spawn("timeout", [String(LIFETIME_SECONDS), ...command], { stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      said += String(chunk);
    });
  }
  onTestFinished(async () => {
    child.kill("SIGTERM"); // `timeout` passes it on.
    await exited;
  });
  await until(async () => {
    expect(child.exitCode, said).toBeNull();
    await fetch(url, { redirect: "manual" });
  });
}

/** Starts Varnish with docs/operations/varnish.vcl, as a cache of the site at a port. Returns where it serves. */
export async function startVarnish(port: number, originPort: number): Promise<string> {
  const url = `http://127.0.0.1:${port}`;
  const vcl = fillIn("varnish.vcl", { '"3000"': `"${originPort}"` });
  const parameters = ["-j", "none", "-s", "malloc,32m", "-p", "thread_pool_min=10", "-p", "thread_pools=1"];
  const command = ["varnishd", "-F", "-n", createFolder(), "-a", `127.0.0.1:${port}`, "-f", vcl, ...parameters];
  await startService(command, `${url}/health`);
  return url;
}
