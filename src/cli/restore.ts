import { resolve } from "node:path";
import { restoreBackup } from "../backup/restore-backup.ts";
import { loadConfig } from "../config/config.ts";
import { systemClock } from "../lib/clock.ts";
import type { Command } from "./command.ts";
import { createProgress, toPercent } from "./progress.ts";
import { recordCommand } from "./record-command.ts";

/** `starpunk restore FILE` */
export const restoreCommand: Command = {
  name: "restore",
  about: "Puts the site of a backup into the data folder, after it has checked all of it. Stop the server first.",
  operands: [{ name: "FILE", about: "An archive that starpunk backup has written." }],
  options: {
    force: { type: "flag", about: "Replaces the site that is in the folder; its files are kept aside." },
  },
  async run({ env, operands, flags, stdout, stderr }) {
    const config = loadConfig(env);
    const { DATA_DIR } = config;
    const progress = createProgress(stderr);
    const { manifest, applied, keptAside } = await restoreBackup({
      dataDir: DATA_DIR,
      file: resolve(operands[0] ?? ""),
      isForced: flags.has("force"),
      clock: systemClock,
      onProgress: (done, total) => progress.show(`${toPercent(done, total)} restored`),
    }).finally(progress.end);
    for (const name of manifest.missing) stderr.write(`${name} was missing when the backup was made.\n`);
    for (const name of manifest.damaged) stderr.write(`${name} was damaged when the backup was made.\n`);
    if (applied.length > 0) stderr.write(`The backup was older, and was brought up to date: ${applied.join(", ")}.\n`);
    if (keptAside !== undefined)
      stderr.write(`The files that were replaced are in ${keptAside}: remove them when all is well.\n`);
    await recordCommand(config, {
      command: "restore",
      stderr,
      kind: "backup.restore",
      detail: `as of ${manifest.createdAt}`,
    });
    stdout.write(`${DATA_DIR}: ${manifest.notes} notes as of ${manifest.createdAt}\n`);
  },
};
