import type { Act } from "../audit/record.ts";
import { machine, recordAlone } from "../audit/record.ts";
import { enterFolder } from "../backup/enter-folder.ts";
import type { Config } from "../config/config.ts";
import { databaseFile } from "../config/data-files.ts";
import { Database } from "../db/database.ts";
import { systemClock } from "../lib/clock.ts";
import type { Terminal } from "./command.ts";

/**
 * Tells the audit log of a command that works without an open database. The command is done by then: what keeps the log
 * from being told, such as a full disk or a database from before there was one, is said and fails nothing.
 */
export async function recordCommand(
  config: Pick<Config, "DATA_DIR">,
  { command, stderr, ...act }: Act & { readonly command: string; readonly stderr: Terminal },
): Promise<void> {
  try {
    const hold = enterFolder(config.DATA_DIR);
    try {
      await write(config, command, act);
    } finally {
      hold.release();
    }
  } catch (error) {
    stderr.write(`The audit log could not be told: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function write(config: Pick<Config, "DATA_DIR">, command: string, act: Act): Promise<void> {
  const db = Database.open({ file: databaseFile(config), readers: 1 });
  try {
    await recordAlone({ db, clock: systemClock, doer: machine(command) }, act);
  } finally {
    db.close();
  }
}
