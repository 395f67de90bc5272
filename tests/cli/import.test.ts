import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { run } from "../../src/cli/run.ts";
import { testFolder } from "../support/context.ts";
import { query, tamper } from "../support/database-files.ts";
import { writeFolder } from "../support/import.ts";

/** Runs a command line in this process, on a terminal or not. */
async function type(words: string[], { dataDir = testFolder(), isTTY = false } = {}) {
  const said = { stdout: "", stderr: "" };
  const code = await run(words, {
    env: { DATA_DIR: dataDir },
    stdin: Readable.from([]),
    stdout: { write: (text: string) => (said.stdout += text), isTTY },
    stderr: { write: (text: string) => (said.stderr += text), isTTY },
  });
  return { code, ...said, dataDir };
}

const FILES = {
  "a.md": "one",
  "b.md": "---\n[\n---\ntwo",
  "c/d.md": "![x](none.png) [y](gone.md)",
};

const NUMBERS = "2 created, 0 changed, 0 unchanged, 1 skipped";

test("the report names each file that was skipped and each address that leads to nothing, then the numbers", async () => {
  const { code, stdout, stderr, dataDir } = await type(["import", writeFolder(FILES)]);

  expect(code).toBe(0);
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^skipped b\.md: The front matter is no YAML: .+\.$/u),
    "missing in c/d.md: none.png",
    "missing in c/d.md: gone.md",
    NUMBERS,
    "",
  ]);
  expect(query(`${dataDir}/starpunk.db`, "SELECT count(*) AS notes FROM notes")).toEqual([{ notes: 2 }]);
  // The command indexes what it has written before it ends, so that no search waits for it.
  expect(query(`${dataDir}/starpunk.db`, "SELECT count(*) AS notes FROM note_search_docsize")).toEqual([{ notes: 2 }]);
});

test("on a terminal a line tells how far it is; the report stays the same", async () => {
  const { stdout, stderr } = await type(["import", writeFolder(FILES)], { isTTY: true });

  expect(stderr).toBe("\r1 of 3 files\r2 of 3 files\r3 of 3 files\n");
  expect(stdout).toMatch(new RegExp(`^skipped b\\.md[^]*\n${NUMBERS}\n$`, "u"));
});

test("when an import stops, its sentence stands on a line of its own", async () => {
  const dataDir = testFolder();
  await type(["migrate"], { dataDir });
  tamper(
    `${dataDir}/starpunk.db`,
    "CREATE TRIGGER full BEFORE INSERT ON notes WHEN (SELECT count(*) FROM notes) = 1 BEGIN SELECT RAISE(ABORT, 'no'); END",
  );

  const { code, stdout, stderr } = await type(["import", writeFolder({ "a.md": "x", "b.md": "x" })], {
    dataDir,
    isTTY: true,
  });

  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^\r1 of 2 files\n\S/u);
});

test("names of files are told as text, whatever a terminal would make of them", async () => {
  const { stdout } = await type(["import", writeFolder({ "a\u001b[31m\nb.md": "---\n-\n---\nx" })]);

  expect(stdout).toMatch(/^skipped a\ufffd\[31m\ufffdb\.md: .*\n0 created, 0 changed, 0 unchanged, 1 skipped\n$/u);
});

test("a dry run says so, and the same again still creates", async () => {
  const root = writeFolder(FILES);
  const { dataDir, ...dry } = await type(["import", root, "--dry-run"]);
  const real = await type(["import", root], { dataDir });

  expect(dry).toMatchObject({ code: 0, stderr: "" });
  expect(dry.stdout).toMatch(new RegExp(`\n${NUMBERS} \\(dry run: nothing was written\\)\n$`, "u"));
  expect(real.stdout).toContain(`\n${NUMBERS}\n`);
});

test.each([
  [["import"], 2, "DIR is missing"],
  [["import", "a", "b"], 2, ""],
  [["import", "a", "--overwriet"], 2, "--overwrite"],
  [["import", "/none/of/this"], 1, "The folder /none/of/this cannot be read (ENOENT)."],
])("%j exits %i", async (words, code, sentence) => {
  const result = await type(words);

  expect(result).toMatchObject({ code, stdout: "" });
  expect(result.stderr).toContain(sentence);
});
