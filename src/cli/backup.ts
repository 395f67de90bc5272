import { basename, resolve } from "node:path";
import type { BackupRequest, MadeBackup } from "../backup/make-backup.ts";
import { makeBackup } from "../backup/make-backup.ts";
import type { Proof } from "../backup/stored-backups.ts";
import { loadConfig } from "../config/config.ts";
import { systemClock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { Command } from "./command.ts";
import { createProgress, toPercent } from "./progress.ts";
import { recordCommand } from "./record-command.ts";

/** `starpunk backup FILE` */
export const backupCommand: Command = {
  name: "backup",
  about: "Writes one archive of database and media, also while a server runs and takes writes.",
  operands: [{ name: "FILE", about: "The archive to write, such as /mnt/usb/starpunk.zip." }],
  options: {
    force: { type: "flag", about: "Replaces FILE if it is there, when the new one is whole." },
    prove: { type: "flag", about: "Restores it into a folder beside FILE, checks that, and removes it again." },
  },
  async run({ env, operands, flags, stdout, stderr }) {
    const config = loadConfig(env);
    const { DATA_DIR, SITE_URL } = config;
    const file = resolve(operands[0] ?? "");
    const progress = createProgress(stderr);
    const request = {
      dataDir: DATA_DIR,
      file,
      isForced: flags.has("force"),
      clock: systemClock,
      onProgress: (done: number, total: number) => progress.show(`${toPercent(done, total)} of the backup`),
    };
    const { made, proof } = await make(request, flags.has("prove") ? SITE_URL : undefined).finally(progress.end);
    for (const line of listLosses(made)) stderr.write(`${line}\n`);
    await recordCommand(config, { command: "backup", stderr, kind: "backup.make", detail: basename(file) });
    stdout.write(`${file}: ${summarize(made)}\n`);
    if (proof === undefined) return;
    if (proof.problem !== "")
      throw new AppError("invalid", `The backup was made, but failed its proof: ${proof.problem}`);
    stdout.write("It was restored into a folder of its own, checked, and is sound.\n");
  },
};

async function make(request: BackupRequest, provedFor?: string): Promise<{ made: MadeBackup; proof?: Proof }> {
  if (provedFor === undefined) return { made: await makeBackup(request) };
  const [{ makeProvedBackup }, { createRenderHome }] = await Promise.all([
    import("../backup/prove-backup.ts"),
    import("./render-home.ts"),
  ]);
  return makeProvedBackup(request, createRenderHome(provedFor));
}

function summarize({ manifest, sizeBytes }: MadeBackup): string {
  return `${manifest.notes} notes, ${manifest.files.length - 1} media files, ${formatBytes(sizeBytes)}`;
}

function listLosses({ manifest: { missing, damaged } }: MadeBackup): string[] {
  return [
    ...missing.map((name) => `${name} is missing or cannot be read, and is not in the backup.`),
    ...damaged.map((name) => `${name} is damaged; it is in the backup as it is.`),
  ];
}
