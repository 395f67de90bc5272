import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { readSteps } from "../support/guide-steps.ts";
import { unpackRelease } from "../support/old-data.ts";
import { createFolder, startServing } from "../support/server-process.ts";

const ROOT = join(import.meta.dirname, "../..");
const execute = promisify(execFile);

/** Types the steps of a guide one after the other, as on a server where `starpunk` is installed. Rejects where one fails. */
async function follow(page: string, env: Record<string, string>): Promise<string[]> {
  const bin = createFolder();
  const program = `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "dist/main.js")}" "$@"\n`;
  writeFileSync(join(bin, "starpunk"), program, { mode: 0o755 });
  const said: string[] = [];
  for (const step of readSteps(page)) {
    const options = { env: { PATH: `${bin}:${process.env.PATH ?? ""}`, ...env }, cwd: createFolder() };
    said.push((await execute("/bin/sh", ["-euc", step], options)).stdout);
  }
  return said;
}

test("the upgrade guide leads forward and back", async () => {
  const dataDir = unpackRelease("0.1.0", createFolder());

  const said = await follow("docs/operations/upgrade.md", { DATA_DIR: dataDir });

  expect(said).toEqual([expect.stringContaining("007-feed-items.sql\n"), ""]);
});

test("every step of the troubleshooting guide works on a site that is well", async () => {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const { url, port } = await startServing(dataDir, { LOG_LEVEL: "info" });
  const id = (await fetch(`${url}/none`)).headers.get("x-request-id") ?? "";
  await fetch(`${url}/micropub`, { method: "POST", headers: { Authorization: "Bearer wrong" } });
  const rescue = join(createFolder(), "rescued");
  const env = { DATA_DIR: dataDir, SITE_URL: url, PORT: String(port), REQUEST_ID: id, RESCUE: rescue };

  const said = await follow("docs/operations/troubleshooting.md", { ...env, NEW_PASSWORD: "correct horse battery" });

  expect(said).toHaveLength(11);
  expect(said[0]).toMatch(/^ok +integrity +8 notes/mu);
  expect(said[2]).toBe('{"status":"ok"}');
  expect(said[4]).toContain('"status":404');
  expect(said[5]).toBe("8 notes, 1 media file\n");
  expect(readFileSync(join(rescue, "starpunk.json"), "utf8")).toContain("format");
  expect(said[9]).toMatch(/^HTTP\/1\.1 200/u);
});
