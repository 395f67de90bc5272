import { resolve } from "node:path";
import { machine, recordAlone } from "../audit/record.ts";
import { exportFolder } from "../backup/export-folder.ts";
import type { Command } from "./command.ts";
import { withContext } from "./open-context.ts";
import { createProgress } from "./progress.ts";

/** `starpunk export DIR` */
export const exportCommand: Command = {
  name: "export",
  about: "Writes every note with front matter, the media, old addresses and settings into a folder.",
  operands: [{ name: "DIR", about: "Folder to write into: a new or an empty one." }],
  options: {
    update: { type: "flag", about: "Brings an earlier export in DIR up to date instead." },
  },
  async run(call) {
    const root = resolve(call.operands[0] ?? "");
    const progress = createProgress(call.stderr);
    const onProgress = (at: number, of: number) => progress.show(`${at} of ${of} notes`);
    const options = { isUpdate: call.flags.has("update"), onProgress };
    const { notes, media, missing, removed } = await withContext(call.env, async (ctx) => {
      const done = await exportFolder(ctx, root, options).finally(progress.end);
      await recordAlone(
        { ...ctx, doer: machine("export") },
        { kind: "site.export", detail: count(done.notes, "note") },
      );
      ctx.log.info({ event: "export.run", count: done.notes }, "site exported");
      return done;
    });
    for (const name of missing) call.stdout.write(`missing media file ${name}\n`);
    const counts = [count(notes, "note"), count(media, "media file"), ...(removed > 0 ? [`${removed} removed`] : [])];
    call.stdout.write(`${counts.join(", ")}\n`);
  },
};

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
