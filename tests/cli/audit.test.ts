import { join } from "node:path";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { PASSWORD } from "../support/author.ts";
import { testFolder } from "../support/context.ts";

async function type(dir: string, words: readonly string[], input = "") {
  const said = { stdout: "", stderr: "" };
  const code = await run(words, {
    env: { DATA_DIR: dir },
    stdin: Readable.from([input]),
    stdout: { write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
  });
  return { code, ...said };
}

test("commands stand in the audit log, which a command lists as lines or as JSON", async () => {
  const dir = testFolder();
  const archive = join(testFolder(), "site.zip");
  await type(dir, ["setup", "--name", "Ada", "--time-zone", "UTC", "--password-stdin"], PASSWORD);
  await type(dir, ["token", "create", "--scope", "create", "--client", "https://app.example/"]);
  await type(dir, ["password", "--stdin"], "another quiet walk");
  const backup = await type(dir, ["backup", archive]);
  const restore = await type(dir, ["restore", archive, "--force"]);

  const lines = await type(dir, ["audit"]);
  const json = await type(dir, ["audit", "--json", "--since", "2026-01-01"]);
  const none = await type(dir, ["audit", "--since", "9000-01-01"]);
  const wrong = await type(dir, ["audit", "--since", "yesterday"]);

  expect([backup.code, restore.code, backup.stderr.includes("audit"), restore.stderr.includes("audit")]).toEqual([
    0,
    0,
    false,
    false,
  ]);
  // The backup was made before it was written down.
  const rows = lines.stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  expect(rows.map(([, kind, who]) => [kind, who])).toEqual([
    ["backup.restore", "machine restore"],
    ["password.reset", "machine password"],
    ["token.make", "machine token create"],
    ["site.set_up", "machine setup"],
  ]);
  expect(
    json.stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { kind: "backup.restore", detail: expect.stringMatching(/^as of 20/) },
    { kind: "password.reset" },
    { kind: "token.make", detail: "https://app.example/ (grant 1): create" },
    { kind: "site.set_up" },
  ]);
  expect([none.code, none.stdout, wrong.code]).toEqual([0, "", 2]);
});
