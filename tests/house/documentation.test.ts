import { expect, test } from "vitest";
import type { Command } from "../../src/cli/command.ts";
import { COMMANDS } from "../../src/cli/commands.ts";
import { toUsage } from "../../src/cli/help.ts";
import { OPTION_NAMES, OPTIONS } from "../../src/config/config.ts";
import { listRoutes } from "../../src/web/route-table.ts";
import { createApp } from "../../src/web/whole-app.ts";
import { testContext } from "../support/context.ts";
import { readText } from "./sources.ts";

test("every option stands in docs/configuration.md with its default, in the order of the table, and no other does", () => {
  const page = readText("docs/configuration.md");

  const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| `([^`]+)` \|/gm)].map(([, name, fallback]) => [name, fallback]);

  expect(rows).toEqual(OPTION_NAMES.map((name) => [name, OPTIONS[name].fallback.replace(/[{}]/g, "")]));
});

test("every command stands in docs/cli.md with its usage, and every option and operand of it", async () => {
  const page = readText("docs/cli.md");
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()));

  const missing = commands.flatMap((command) => missingFrom(sectionOf(page, command.name), command));
  const headings = [...page.matchAll(/^## `([^`]+)`$/gm)].map(([, name]) => name);

  expect(missing).toEqual([]);
  expect(headings).toEqual(Object.keys(COMMANDS));
});

test("every command has a name of its own, a sentence, and options that say what their value is", async () => {
  const commands = await Promise.all(Object.entries(COMMANDS).map(async ([key, load]) => ({ key, ...(await load()) })));

  const unnamed = commands.filter(({ key, name }) => key !== name);
  const unfinished = commands.filter(({ about }) => !/^[A-Z].*\.$/.test(about));
  const valueless = commands.flatMap(({ options = {} }) => {
    return Object.entries(options).filter(([, { type, value }]) => (type === "text") !== (value !== undefined));
  });

  expect([unnamed, unfinished, valueless]).toEqual([[], [], []]);
});

test("the README names every command", () => {
  const readme = readText("README.md");

  const missing = Object.keys(COMMANDS).filter((name) => !readme.includes(name));

  expect(missing).toEqual([]);
});

test("every route stands in docs/routes.md with its methods, and no other does", async () => {
  const { ctx } = await testContext();
  const page = readText("docs/routes.md");

  const registered = listRoutes(createApp(ctx)).filter(({ pattern }) => !pattern.startsWith("/*"));
  const documented = [...page.matchAll(/^\| `([^`]+)` \| ([A-Z, ]+) \|/gm)].map(([, pattern, methods]) => ({
    pattern: pattern ?? "",
    methods: (methods ?? "").split(", "),
  }));

  expect(registered.length).toBeGreaterThan(20);
  expect(toLines(documented)).toEqual(toLines(registered));
});

test("the changelog speaks of the version in package.json", () => {
  const { version } = JSON.parse(readText("package.json")) as { version: string };

  expect(readText("CHANGELOG.md")).toContain(`## [${version}] - `);
});

/** "/login GET" and "/login POST" for what answers both; HEAD goes without saying. */
function toLines(routes: readonly { pattern: string; methods: readonly string[] }[]): string[] {
  return routes
    .flatMap(({ pattern, methods }) => methods.map((method) => `${pattern} ${method}`))
    .filter((line) => !line.endsWith(" HEAD"))
    .toSorted();
}

function sectionOf(page: string, name: string): string {
  const [, rest = ""] = page.split(`\n## \`${name}\`\n`);
  return rest.split(/^## /m)[0] ?? "";
}

function missingFrom(section: string, command: Command): string[] {
  const options = Object.keys(command.options ?? {}).map((name) => `--${name}`);
  const operands = (command.operands ?? []).map(({ name }) => name);
  const missing = [toUsage(command), ...options, ...operands].filter((words) => !section.includes(words));
  return missing.map((words) => `docs/cli.md, ${command.name}: ${words}`);
}
