import { resolve } from "node:path";
import type { MadeBackup } from "../backup/make-backup.ts";
import { makeBackup } from "../backup/make-backup.ts";
import { loadConfig } from "../config/config.ts";
import { systemClock } from "../lib/clock.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { Command } from "./command.ts";
import { createProgress, toPercent } from "./progress.ts";

/** `starpunk backup FILE` */
export const backupCommand: Command = {
  name: "backup",
  about: "Writes one archive of database and media, also while a server runs and takes writes.",
  operands: [{ name: "FILE", about: "The archive to write, such as /mnt/usb/starpunk.zip." }],
  options: {
    force: { type: "flag", about: "Replaces FILE if it is there, when the new one is whole." },
  },
  async run({ env, operands, flags, stdout, stderr }) {
    const { DATA_DIR } = loadConfig(env);
    const file = resolve(operands[0] ?? "");
    const progress = createProgress(stderr);
    const made = await makeBackup({
      dataDir: DATA_DIR,
      file,
      isForced: flags.has("force"),
      clock: systemClock,
      onProgress: (done, total) => progress.show(`${toPercent(done, total)} of the backup`),
    }).finally(progress.end);
    for (const line of listLosses(made)) stderr.write(`${line}\n`);
    stdout.write(`${file}: ${summarize(made)}\n`);
  },
};

function summarize({ manifest, sizeBytes }: MadeBackup): string {
  return `${manifest.notes} notes, ${manifest.files.length - 1} media files, ${formatBytes(sizeBytes)}`;
}

function listLosses({ manifest: { missing, damaged } }: MadeBackup): string[] {
  return [
    ...missing.map((name) => `${name} is missing or cannot be read, and is not in the backup.`),
    ...damaged.map((name) => `${name} is damaged; it is in the backup as it is.`),
  ];
}
