import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimFolder, FOLDER_LOCK, holdFolder, isFolderInUse } from "../../src/db/folder-lock.ts";
import { testFolder } from "../support/context.ts";
import { createFolder, runProgram, startServing } from "../support/server-process.ts";

test("any number may hold a folder, and none may claim it meanwhile", () => {
  const folder = testFolder();

  const [first, second] = [holdFolder(folder), holdFolder(folder)];
  const whileTwo = claimFolder(folder, 0);
  first.release();
  const whileOne = [claimFolder(folder, 0), isFolderInUse(folder)];
  second.release();

  expect([whileTwo, ...whileOne]).toEqual([undefined, undefined, true]);
  expect(isFolderInUse(folder)).toBe(false);
});

test("who claims a folder has it alone: nobody holds it, with words that say why", () => {
  const folder = testFolder();

  const claim = claimFolder(folder, 0);

  expect(claimFolder(folder, 0)).toBeUndefined();
  expect(() => holdFolder(folder, 0)).toThrow(`A restore into the folder ${folder} is under way`);
  claim?.release();
  holdFolder(folder, 0).release();
  expect(statSync(join(folder, FOLDER_LOCK))).toMatchObject({ size: 0 });
});

test("a folder that nobody ever opened is not in use, and looking leaves nothing in it", () => {
  const folder = testFolder();

  expect(isFolderInUse(folder)).toBe(false);

  expect(existsSync(join(folder, FOLDER_LOCK))).toBe(false);
});

test("several servers hold their folder until each is gone, also one that is killed, and none starts under a claim", async () => {
  const folder = createFolder();
  const [one, other] = [await startServing(folder), await startServing(folder)];
  const seen = [isFolderInUse(folder)];

  one.child.kill("SIGKILL");
  await one.exited;
  seen.push(isFolderInUse(folder));
  other.child.kill("SIGKILL");
  await other.exited;
  seen.push(isFolderInUse(folder));
  const claim = claimFolder(folder);
  const refused = await runProgram({ words: ["serve"], env: { DATA_DIR: folder } });
  claim?.release();

  expect(seen).toEqual([true, true, false]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("A restore into the folder") });
});
