import { resolve } from "node:path";
import type { ImportResult } from "../backup/import-folder.ts";
import { importFolder } from "../backup/import-folder.ts";
import type { Call, Command, Terminal } from "./command.ts";
import { withContext } from "./open-context.ts";

const RESULTS = ["created", "changed", "unchanged", "skipped"] as const;

/** `starpunk import DIR` */
export const importCommand: Command = {
  name: "import",
  about: "Publishes every Markdown file below a folder, with its front matter and images.",
  operands: [{ name: "DIR", about: "Folder of Markdown files; a file is known by its path below it." }],
  options: {
    "dry-run": { type: "flag", about: "Only tells what would happen." },
    overwrite: { type: "flag", about: "Also replaces notes that were edited here since they were imported." },
  },
  async run(call) {
    const root = resolve(call.operands[0] ?? "");
    const isDry = call.flags.has("dry-run");
    const options = {
      dryRun: isDry,
      overwrite: call.flags.has("overwrite"),
      onProgress: progressLine(call.stderr),
    };
    const results = await withContext(call.env, async (ctx) => {
      const done = await importFolder(ctx, root, options);
      const count = countOf(done, "created") + countOf(done, "changed");
      if (!isDry) ctx.log.info({ event: "import.run", count }, "folder imported");
      return done;
    });
    report(call, results, isDry);
  },
};

function progressLine(stderr: Terminal): (done: number, total: number) => void {
  if (stderr.isTTY !== true) return () => undefined;
  return (done, total) => stderr.write(`\r${done} of ${total} files${done === total ? "\n" : ""}`);
}

/** One line for each file that the author should look at, then the numbers. */
function report({ stdout }: Call, results: readonly ImportResult[], isDry: boolean): void {
  for (const { path, reason, missing = [] } of results) {
    if (reason !== undefined) stdout.write(`skipped ${path}: ${reason}\n`);
    for (const target of missing) stdout.write(`missing in ${path}: ${target}\n`);
  }
  const counts = RESULTS.map((result) => `${countOf(results, result)} ${result}`).join(", ");
  stdout.write(`${counts}${isDry ? " (dry run: nothing was written)" : ""}\n`);
}

function countOf(results: readonly ImportResult[], wanted: ImportResult["result"]): number {
  return results.filter(({ result }) => result === wanted).length;
}
