import { resolve } from "node:path";
import type { ImportResult } from "../backup/import-folder.ts";
import { importFolder } from "../backup/import-folder.ts";
import type { Call, Command, Terminal } from "./command.ts";
import { withContext } from "./open-context.ts";

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
    const results = await withContext(call.env, (ctx) =>
      importFolder(ctx, resolve(call.operands[0] ?? ""), {
        dryRun: call.flags.has("dry-run"),
        overwrite: call.flags.has("overwrite"),
        onProgress: progressLine(call.stderr),
      }),
    );
    report(call, results);
  },
};

function progressLine(stderr: Terminal): (done: number, total: number) => void {
  if (stderr.isTTY !== true) return () => undefined;
  return (done, total) => stderr.write(`\r${done} of ${total} files${done === total ? "\n" : ""}`);
}

function report(call: Call, results: readonly ImportResult[]): void {
  const skipped = results.filter(({ result }) => result === "skipped");
  for (const { path, reason } of skipped) call.stdout.write(`skipped ${path}: ${reason ?? ""}\n`);
  const count = (wanted: ImportResult["result"]) => results.filter(({ result }) => result === wanted).length;
  const would = call.flags.has("dry-run") ? " (dry run: nothing was written)" : "";
  call.stdout.write(
    `${count("created")} created, ${count("changed")} changed, ${count("unchanged")} unchanged, ${skipped.length} skipped${would}\n`,
  );
}
