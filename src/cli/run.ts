import { ConfigError } from "../config/config-error.ts";
import { DatabaseError } from "../db/database-error.ts";
import { AppError } from "../lib/errors.ts";
import { findNearest } from "../lib/nearest.ts";
import { toSourceStack } from "../lib/source-stack.ts";
import type { Command, Process } from "./command.ts";
import { UsageError } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { toCommandHelp, toOverview, toUsage } from "./help.ts";
import { parseArguments } from "./parse-arguments.ts";

/** How a process ends: 0 done, 1 failed, 2 wrong use. */
export type ExitCode = 0 | 1 | 2;

/** Runs one command line, the words after `starpunk`. Never throws: what went wrong is said on stderr. */
export async function run(words: readonly string[], process: Process, commands = COMMANDS): Promise<ExitCode> {
  let command: Command | undefined;
  try {
    if (isAskedForHelp(words[0])) return await showOverview(process, commands);
    const name = requireName(words, Object.keys(commands));
    command = await commands[name]?.();
    if (command === undefined) throw new UsageError(`There is no command "${name}".`);
    return await runCommand(command, words.slice(name.split(" ").length), process);
  } catch (error) {
    return report(error, process, command);
  }
}

async function runCommand(command: Command, words: readonly string[], process: Process): Promise<ExitCode> {
  const beforeEnd = words.includes("--") ? words.slice(0, words.indexOf("--")) : words;
  if (beforeEnd.includes("--help") || beforeEnd.includes("-h")) {
    process.stdout.write(toCommandHelp(command));
    return 0;
  }
  await command.run({ ...process, ...parseArguments(command, words) });
  return 0;
}

async function showOverview(process: Process, commands: typeof COMMANDS): Promise<ExitCode> {
  process.stdout.write(toOverview(await Promise.all(Object.values(commands).map((load) => load()))));
  return 0;
}

function isAskedForHelp(word: string | undefined): boolean {
  return word === "--help" || word === "-h" || word === "help";
}

/** The name of the command that `words` begin with. Throws UsageError with the nearest one when there is none. */
function requireName(words: readonly string[], names: readonly string[]): string {
  const [first, second] = words;
  if (first === undefined) throw new UsageError("A command is missing.");
  const found = names.find((name) => name === first) ?? names.find((name) => name === `${first} ${second ?? ""}`);
  if (found !== undefined) return found;

  const family = names.filter((name) => name.startsWith(`${first} `));
  if (family.length > 0) throw new UsageError(toFamilyHint(first, second, family));
  const nearest = findNearest(first, [...new Set(names.map((name) => name.split(" ")[0] ?? name))], first.length - 1);
  throw new UsageError(`There is no command "${first}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`);
}

function toFamilyHint(first: string, second: string | undefined, family: readonly string[]): string {
  if (second === undefined || second.startsWith("-")) return `"${first}" needs one word more: ${family.join(", ")}.`;
  const nearest = findNearest(`${first} ${second}`, family, Math.max(1, second.length - 1));
  const hint = nearest === undefined ? `There are ${family.join(", ")}.` : `Did you mean "${nearest}"?`;
  return `There is no command "${first} ${second}". ${hint}`;
}

function report(error: unknown, process: Process, command: Command | undefined): ExitCode {
  if (error instanceof UsageError) {
    const usage = command === undefined ? "starpunk COMMAND" : toUsage(command);
    process.stderr.write(
      `${error.message}\nUsage: ${usage}\nSee starpunk ${command?.name ?? ""} --help\n`.replace("  ", " "),
    );
    return 2;
  }
  const isExpected = [AppError, ConfigError, DatabaseError].some((kind) => error instanceof kind);
  const text =
    error instanceof Error ? (isExpected ? error.message : toSourceStack(error.stack ?? error.message)) : String(error);
  process.stderr.write(`${text ?? "StarPunk failed without a reason."}\n`);
  return 1;
}
