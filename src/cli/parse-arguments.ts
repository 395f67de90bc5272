import { parseArgs } from "node:util";
import { findNearest } from "../lib/nearest.ts";
import type { Call, Command, CommandOption } from "./command.ts";
import { UsageError } from "./command.ts";

type Arguments = Pick<Call, "values" | "flags" | "operands">;
type OptionToken = { name: string; rawName: string; value: string | undefined; inlineValue: boolean | undefined };

/**
 * Reads the words after a command's name. Throws UsageError for an option that does not exist (with the nearest one
 * that does), stands twice, has a value too many or lacks one, and for missing or surplus operands.
 */
export function parseArguments(command: Command, words: readonly string[]): Arguments {
  const options = command.options ?? {};
  const { tokens, positionals } = parseArgs({
    args: [...words],
    options: toNodeOptions(options),
    strict: false,
    tokens: true,
  });

  const values: Record<string, string> = {};
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    if (Object.hasOwn(values, token.name) || flags.has(token.name))
      throw new UsageError(`${token.rawName} stands twice.`);
    const option = requireOption(options, token);
    if (option.type === "flag") flags.add(requireBare(token));
    else values[token.name] = requireValue(token, option);
  }

  requireAll(options, values);
  return { values, flags, operands: requireOperands(command, positionals) };
}

function toNodeOptions(
  options: Readonly<Record<string, CommandOption>>,
): Record<string, { type: "string" | "boolean" }> {
  const entries = Object.entries(options);
  return Object.fromEntries(
    entries.map(([name, { type }]) => [name, { type: type === "text" ? "string" : "boolean" }]),
  );
}

function requireOption(options: Readonly<Record<string, CommandOption>>, token: OptionToken): CommandOption {
  const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
  if (option !== undefined) return option;

  const nearest = findNearest(token.name, [...Object.keys(options), "help"], Math.max(2, token.name.length - 2));
  throw new UsageError(
    `There is no option ${token.rawName}.${nearest === undefined ? "" : ` Did you mean --${nearest}?`}`,
  );
}

function requireBare(token: OptionToken): string {
  if (token.value === undefined) return token.name;
  throw new UsageError(`${token.rawName} takes no value.`);
}

function requireValue(token: OptionToken, option: CommandOption): string {
  const isNextOption = token.inlineValue === false && token.value?.startsWith("-") === true;
  if (token.value !== undefined && !isNextOption) return token.value;
  const hint = isNextOption ? ` Write ${token.rawName}=${token.value} if it begins with a dash.` : "";
  throw new UsageError(`${token.rawName} needs a value: ${token.rawName} ${option.value ?? "VALUE"}.${hint}`);
}

function requireAll(options: Readonly<Record<string, CommandOption>>, values: Readonly<Record<string, string>>): void {
  for (const [name, { isRequired = false, type, value = "VALUE" }] of Object.entries(options)) {
    if (isRequired && type === "text" && values[name] === undefined)
      throw new UsageError(`--${name} ${value} is missing.`);
  }
}

function requireOperands(command: Command, words: readonly string[]): readonly string[] {
  const { operands = [] } = command;
  const missing = operands[words.length];
  if (missing !== undefined) throw new UsageError(`${missing.name} is missing.`);
  if (words.length > operands.length) throw new UsageError(`"${words[operands.length]}" is one word too many.`);
  return words;
}
