import { join } from "node:path";
import { expect, test } from "vitest";
import { readTree } from "../support/export.ts";
import { writeFolder } from "../support/import.ts";
import { unpackRelease } from "../support/old-data.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";

test("a site is exported while its server runs, and imported into another one, with the numbers told", async () => {
  const dataDir = unpackRelease("0.1.0", createFolder());
  const [root, empty] = [join(createFolder(), "new/site"), createFolder()];
  await startServing(dataDir);

  const exported = await runProgram({ words: ["export", root], env: { DATA_DIR: dataDir } });
  const refused = await runProgram({ words: ["export", root], env: { DATA_DIR: dataDir } });
  const updated = await runProgram({ words: ["export", root, "--update"], env: { DATA_DIR: dataDir } });
  const imported = await runProgram({ words: ["import", root, "--settings"], env: { DATA_DIR: empty } });
  const twin = join(createFolder(), "twin");
  await runProgram({ words: ["export", twin], env: { DATA_DIR: empty } });

  expect(exported).toEqual({ code: 0, stdout: "8 notes, 1 media file\n", stderr: "" });
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("use --update") });
  expect(updated).toEqual(exported);
  expect(imported).toEqual({ code: 0, stdout: "8 created, 0 changed, 0 unchanged, 0 skipped\n", stderr: "" });
  expect(readTree(twin)).toEqual(readTree(root));
  expect(Object.values(readTree(join(dataDir, "logs"))).join("")).toContain('"event":"export.run"');
});

test("a folder that cannot be written is told in a sentence", async () => {
  const root = join(writeFolder({ file: "x" }), "file/site");

  const { code, stdout, stderr } = await runProgram({ words: ["export", root], env: { DATA_DIR: createFolder() } });

  expect([code, stdout, stderr]).toEqual([1, "", `The folder ${root} cannot be written to (ENOTDIR).\n`]);
});
