// npm run bench: measures the built product beside plain servers, and says which goals it meets. See --help.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HELP, parseArguments } from "./arguments.ts";
import type { Bench } from "./bench.ts";
import { Figures } from "./figures.ts";
import { CACHE, createRunFolder, ROOT } from "./folders.ts";
import { createTexts } from "./load/publisher.ts";
import { describeMachine, findCores, moveToLoadCore, requireWrk, warnOfNoise } from "./machine.ts";
import { Processes } from "./processes.ts";
import { insertReport } from "./report/measurements.ts";
import type { Outcome } from "./report/report.ts";
import { toReport } from "./report/report.ts";
import { runParts } from "./run-parts.ts";
import { NoteSets } from "./sets/note-sets.ts";

const MEASUREMENTS = join(ROOT, "docs", "measurements.md");

const processes = new Processes();
const say = (line: string) => process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await processes.stopAll();
}

/** Returns the exit code: 1 when a part could not run, whatever the goals say. */
async function main(words: readonly string[]): Promise<0 | 1> {
  const { plan, parts, isWritten, isHelp } = parseArguments(words);
  if (isHelp) {
    process.stdout.write(HELP);
    return 0;
  }
  const noise = warnOfNoise();
  build();
  requireWrk(say);
  const runFolder = cleanUpAfter(createRunFolder());
  const cores = findCores();
  const figures = new Figures();
  const sets = new NoteSets({ processes, cache: CACHE, runFolder, corpus: corpusFolder(), say });
  const bench: Bench = { plan, cores, figures, processes, sets, runFolder, texts: createTexts(), say };
  const failures = await runParts(bench, parts, () => moveToLoadCore(cores));

  const machine = [...describeMachine(cores), ...(noise === undefined ? [] : [noise])];
  return report({ plan, parts, figures, failures, machine }, isWritten);
}

function build(): void {
  const { status } = spawnSync(process.execPath, [join(ROOT, "scripts", "build-if-needed.mjs")], { stdio: "inherit" });
  if (status !== 0) throw new Error("The product cannot be built, so there is nothing to measure.");
}

/** Ends every process and removes the folder at the end of this one, however it ends. */
function cleanUpAfter(folder: string): string {
  process.on("exit", () => {
    processes.killAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    process.once(signal, () => process.exit(code));
  }
  return folder;
}

/** Tests take real notes from the same place. */
function corpusFolder(): string | undefined {
  const chosen = process.env.CORPUS_DIR ?? "";
  const folders = [...(chosen === "" ? [] : [chosen]), join(ROOT, "..", "shared", "corpus", "til")];
  return folders.find((folder) => existsSync(folder));
}

function report(outcome: Outcome, isWritten: boolean): 0 | 1 {
  const text = toReport(outcome);
  process.stdout.write(text);
  if (isWritten) {
    const page = existsSync(MEASUREMENTS) ? readFileSync(MEASUREMENTS, "utf8") : "";
    writeFileSync(MEASUREMENTS, insertReport(page, text, new Date().toISOString().slice(0, 10)));
  }
  for (const { part, why } of outcome.failures) say(`${part} could not run: ${why}`);
  return outcome.failures.length === 0 ? 0 : 1;
}
