import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { Call, Command } from "../../src/cli/command.ts";
import { UsageError } from "../../src/cli/command.ts";
import { run } from "../../src/cli/run.ts";
import { MAX_STDIN_BYTES, readLine } from "../../src/cli/stdin.ts";
import { ConfigError } from "../../src/config/config-error.ts";
import { DatabaseError } from "../../src/db/database-error.ts";
import { AppError } from "../../src/lib/errors.ts";

/** A terminal that remembers, and three commands: two of them of two words. */
function createTerminal(failure?: unknown) {
  const said = { stdout: "", stderr: "" };
  const calls: Pick<Call, "values" | "flags" | "operands">[] = [];
  const toRun = async ({ values, flags, operands, stdout }: Call) => {
    calls.push({ values, flags, operands });
    if (failure !== undefined) throw failure;
    stdout.write("data\n");
  };
  const command: Command = {
    name: "import",
    about: "Imports.",
    operands: [{ name: "DIR", about: "A folder." }],
    options: {
      title: { type: "text", value: "TITLE", about: "A title." },
      "dry-run": { type: "flag", about: "Changes nothing." },
    },
    run: toRun,
  };
  const create: Command = {
    name: "token create",
    about: "Creates.",
    options: { scope: { type: "text", value: "SCOPES", about: "Scopes.", isRequired: true } },
    run: toRun,
  };
  const list: Command = { name: "token list", about: "Lists.", run: toRun };
  const commands = Object.fromEntries([command, create, list].map((each) => [each.name, async () => each]));
  const process = {
    env: {},
    stdin: Readable.from([]),
    stdout: { write: (text: string) => (said.stdout += text) },
    stderr: { write: (text: string) => (said.stderr += text) },
  };
  return { said, calls, type: (line: string) => run(line === "" ? [] : line.split(" "), process, commands) };
}

test("a command gets its values, flags and operands, in any order", async () => {
  const { said, calls, type } = createTerminal();

  const code = await type("import --title=A --dry-run notes");

  expect(code).toBe(0);
  expect(said).toEqual({ stdout: "data\n", stderr: "" });
  expect(calls).toEqual([{ values: { title: "A" }, flags: new Set(["dry-run"]), operands: ["notes"] }]);
});

test("a command of two words is found, and a value may begin with a dash when it is written so", async () => {
  const { calls, type } = createTerminal();

  const code = await type("token create --scope=-x");

  expect(code).toBe(0);
  expect(calls).toEqual([{ values: { scope: "-x" }, flags: new Set(), operands: [] }]);
});

test.each(["--help", "-h", "help"])("%s lists every command on stdout", async (word) => {
  const { said, type } = createTerminal();

  const code = await type(word);

  expect(code).toBe(0);
  expect(said.stderr).toBe("");
  expect(said.stdout).toMatch(/ {2}import {8}Imports\.\n {2}token create {2}Creates\.\n {2}token list {4}Lists\./);
});

test("every command has a help of its own, and showing it does nothing else", async () => {
  const { said, calls, type } = createTerminal();

  const code = await type("import --help");

  expect(code).toBe(0);
  expect(calls).toEqual([]);
  expect(said.stdout).toContain("Usage: starpunk import DIR [--title TITLE] [--dry-run]\n\nImports.\n\n  DIR ");
});

test.each([
  ["", "A command is missing."],
  ["improt notes", 'There is no command "improt". Did you mean "import"?'],
  ["xyzzyxyzzy", 'There is no command "xyzzyxyzzy".'],
  ["tokn list", 'There is no command "tokn". Did you mean "token"?'],
  ["token", '"token" needs one word more: token create, token list.'],
  ["token lst", 'There is no command "token lst". Did you mean "token list"?'],
  ["import", "DIR is missing."],
  ["import a b", '"b" is one word too many.'],
  ["import a --titel x", "There is no option --titel. Did you mean --title?"],
  ["import a --dryrun", "There is no option --dryrun. Did you mean --dry-run?"],
  ["import a --title", "--title needs a value: --title TITLE."],
  ["import a --title --dry-run", "Write --title=--dry-run if it begins with a dash."],
  ["import a --dry-run=yes", "--dry-run takes no value."],
  ["import a --title x --title y", "--title stands twice."],
  ["import a -x", "There is no option -x."],
  ["import a --constructor", "There is no option --constructor."],
  ["token create", "--scope SCOPES is missing."],
])("wrong use exits 2 and says what is right: %j", async (line, sentence) => {
  const { said, calls, type } = createTerminal();

  const code = await type(line);

  expect(code).toBe(2);
  expect(calls).toEqual([]);
  expect(said.stdout).toBe("");
  expect(said.stderr).toContain(sentence);
  expect(said.stderr).toContain("Usage: starpunk ");
});

test.each([
  [new AppError("invalid", "The password is too short."), "The password is too short.\n"],
  [new DatabaseError("newer", "The database is newer."), "The database is newer.\n"],
  [
    new ConfigError([{ variable: "PORT", value: "x", reason: "it is no number", remedy: "Use one." }]),
    'The configuration cannot be used:\n  PORT="x": it is no number. Use one.\n',
  ],
])("a failure with a name is one sentence on stderr and exits 1", async (failure, text) => {
  const { said, type } = createTerminal(failure);

  const code = await type("token list");

  expect(code).toBe(1);
  expect(said).toEqual({ stdout: "", stderr: text });
});

test("a failure without a name exits 1 with its stack", async () => {
  const { said, type } = createTerminal(new TypeError("x is not a function"));

  const code = await type("token list");

  expect(code).toBe(1);
  expect(said.stderr).toMatch(/TypeError: x is not a function\n {4}at /);
});

test("a command can call its use wrong, too", async () => {
  const { said, type } = createTerminal(new UsageError("--scope has an unknown word."));

  const code = await type("token create --scope x");

  expect(code).toBe(2);
  expect(said.stderr).toContain("--scope has an unknown word.\nUsage: starpunk token create --scope SCOPES\n");
});

test.each([
  [["one\ntwo\n"], "one"],
  [["one\r\n"], "one"],
  [["on", "e"], "one"],
  [[], ""],
  [["p\u00e4ss w\u00f6rd\n"], "p\u00e4ss w\u00f6rd"],
  [["x".repeat(MAX_STDIN_BYTES), "\n"], "x".repeat(MAX_STDIN_BYTES)],
])("the first line of standard input is read: %#", async (chunks, line) => {
  expect(await readLine(Readable.from(chunks))).toBe(line);
});

test("a line of standard input that is one byte too long is refused", async () => {
  const stdin = Readable.from(["x".repeat(MAX_STDIN_BYTES + 1), "\n"]);

  await expect(readLine(stdin)).rejects.toMatchObject({ code: "invalid" });
});
