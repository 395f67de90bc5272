import type { Command } from "./command.ts";

/** The list of all commands, for `starpunk --help`. */
export function toOverview(commands: readonly Command[]): string {
  const rows = commands.map((command) => [command.name, command.about] as const);
  return `Usage: starpunk COMMAND [OPTIONS]

A self-hosted blog for one author. Settings come from environment variables: see docs/configuration.md.

Commands:
${toTable(rows)}

starpunk COMMAND --help says more. Exit codes: 0 done, 1 failed, 2 wrong use.
`;
}

/** What one command takes and does, for `starpunk COMMAND --help`. */
export function toCommandHelp(command: Command): string {
  const operands = (command.operands ?? []).map(({ name, about }) => [name, about] as const);
  const options = Object.entries(command.options ?? {}).map(([name, { value, about }]) => {
    return [value === undefined ? `--${name}` : `--${name} ${value}`, about] as const;
  });

  const rows = [...operands, ...options, ["--help", "Shows this."] as const];
  return `Usage: ${toUsage(command)}\n\n${command.about}\n\n${toTable(rows)}\n`;
}

/** The command with its operands and options on one line; what may be left out stands in brackets. */
export function toUsage(command: Command): string {
  const options = Object.entries(command.options ?? {}).map(([name, { value, isRequired }]) => {
    const word = value === undefined ? `--${name}` : `--${name} ${value}`;
    return isRequired === true ? word : `[${word}]`;
  });
  return ["starpunk", command.name, ...(command.operands ?? []).map(({ name }) => name), ...options].join(" ");
}

function toTable(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
