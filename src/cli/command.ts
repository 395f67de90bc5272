import type { Readable } from "node:stream";
import type { Environment } from "../config/config.ts";

/** One option of a command. Text options take a value; flags are there or not. */
export type CommandOption = {
  readonly type: "text" | "flag";
  /** What stands for the value in the help: `NAME`. Of text options only. */
  readonly value?: string;
  /** One line for the help. */
  readonly about: string;
  /** A text option that is required is asked for before the command runs; a flag, by the command in its own words. */
  readonly isRequired?: boolean;
};

/** A command of the command line: what its help says, and what it does. */
export type Command = {
  /** As it is typed; `token create` has two words. */
  readonly name: string;
  /** One line for the list of commands, in the third person: "Publishes every Markdown file below a folder." */
  readonly about: string;
  /** Words after the name, all of them required, in order. */
  readonly operands?: readonly { readonly name: string; readonly about: string }[];
  /** By name, without the dashes. Every command has `--help` besides. */
  readonly options?: Readonly<Record<string, CommandOption>>;
  /** Does it. Throws UsageError for wrong use (exit 2); any other error is a failure (exit 1). */
  run(call: Call): Promise<void>;
};

/** Where a command's words go. stdout is for data only; everything else is said on stderr. */
export type Terminal = { write(text: string): unknown; readonly isTTY?: boolean };

/** The process as a command sees it. */
export type Process = {
  readonly env: Environment;
  readonly stdin: Readable;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
};

/** One call of a command, its arguments read and checked. */
export type Call = Process & {
  /** Values of the text options that were given, by name without dashes. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** Names of the flags that were given, without dashes. */
  readonly flags: ReadonlySet<string>;
  /** As many as the command has operands. */
  readonly operands: readonly string[];
};

/** Wrong use of the command line: the sentence is shown with the usage of the command, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
