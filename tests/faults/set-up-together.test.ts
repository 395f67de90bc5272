import { expect, test } from "vitest";
import { createFolder, runProgram } from "../support/server-process.ts";

const PASSWORD = "a quiet walk at dusk";

test("of five processes that set one empty folder up at once, one wins and four say so", async () => {
  const env = { DATA_DIR: createFolder() };
  const setUp = (name: string) =>
    runProgram({ words: ["setup", "--name", name, "--password-stdin"], env, stdin: `${PASSWORD}\n` });

  const results = await Promise.all(["Ada", "Bea", "Cleo", "Dora", "Eve"].map(setUp));

  expect(results.map(({ code }) => code).toSorted()).toEqual([0, 1, 1, 1, 1]);
  const losers = results.filter(({ code }) => code === 1).map(({ stderr }) => stderr);
  expect(losers.filter((stderr) => !stderr.includes("set up already"))).toEqual([]);
}, 60_000);
