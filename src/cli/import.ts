import { resolve } from "node:path";
import { machine, recordAlone } from "../audit/record.ts";
import type { ImportResult } from "../backup/import-folder.ts";
import { importFolder } from "../backup/import-folder.ts";
import { indexNewNotes } from "../search/search-index.ts";
import type { Call, Command } from "./command.ts";
import { withContext } from "./open-context.ts";
import { createProgress } from "./progress.ts";

const RESULTS = ["created", "changed", "unchanged", "skipped"] as const;

/** `starpunk import DIR` */
export const importCommand: Command = {
  name: "import",
  about: "Publishes every Markdown file below a folder, with its front matter and images.",
  operands: [{ name: "DIR", about: "Folder of Markdown files; a file is known by its path below it." }],
  options: {
    "dry-run": { type: "flag", about: "Only tells what would happen." },
    settings: {
      type: "flag",
      about: "Also takes the settings of an export; into a site without notes, it always does.",
    },
    overwrite: { type: "flag", about: "Also replaces notes that were edited here since they were imported." },
  },
  async run(call) {
    const root = resolve(call.operands[0] ?? "");
    const [dryRun, overwrite] = [call.flags.has("dry-run"), call.flags.has("overwrite")];
    const progress = createProgress(call.stderr);
    const results = await withContext(call.env, async (ctx) => {
      const options = {
        dryRun,
        overwrite,
        withSettings: call.flags.has("settings"),
        onProgress: (at: number, of: number) => progress.show(`${at} of ${of} files`),
      };
      const done = await importFolder(ctx, root, options).finally(progress.end);
      if (!dryRun) await indexNewNotes(ctx.db);
      const count = countOf(done, "created") + countOf(done, "changed");
      if (!dryRun)
        await recordAlone({ ...ctx, doer: machine("import") }, { kind: "site.import", detail: `${count} notes` });
      if (!dryRun) ctx.log.info({ event: "import.run", count }, "folder imported");
      return done;
    });
    report(call, results, dryRun);
  },
};

/** One line for each file that the author should look at, then the numbers. */
function report({ stdout }: Call, results: readonly ImportResult[], isDry: boolean): void {
  for (const { path, reason, missing = [] } of results) {
    if (reason !== undefined) stdout.write(`skipped ${toLine(path)}: ${reason}\n`);
    for (const target of missing) stdout.write(`missing in ${toLine(path)}: ${toLine(target)}\n`);
  }
  const counts = RESULTS.map((result) => `${countOf(results, result)} ${result}`).join(", ");
  stdout.write(`${counts}${isDry ? " (dry run: nothing was written)" : ""}\n`);
}

function countOf(results: readonly ImportResult[], wanted: ImportResult["result"]): number {
  return results.filter(({ result }) => result === wanted).length;
}

/** A name of a file as one line that no terminal takes for more than text. */
function toLine(name: string): string {
  return name.replace(/\p{Cc}/gu, "\u{fffd}");
}
