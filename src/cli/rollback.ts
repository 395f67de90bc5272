import type { LostNote, Rollback } from "../backup/rollback.ts";
import { rollBack } from "../backup/rollback.ts";
import { loadConfig } from "../config/config.ts";
import { systemClock } from "../lib/clock.ts";
import { createLogger } from "../lib/log.ts";
import type { Command } from "./command.ts";
import { prepareFolder } from "./prepare-folder.ts";
import { recordCommand } from "./record-command.ts";

/** `starpunk rollback` */
export const rollbackCommand: Command = {
  name: "rollback",
  about: "Puts the database back to the snapshot from before the last upgrade, and keeps what it replaces.",
  async run({ env, stdout, stderr }) {
    const config = loadConfig(env);
    const done = rollBack({ config, clock: systemClock });
    for (const note of done.lost) stdout.write(`${toRow(note)}\n`);
    stderr.write(toMessage(done));
    const detail = `${done.from} → ${done.schema}`;
    await recordCommand(config, { command: "rollback", stderr, kind: "site.roll_back", detail });

    prepareFolder("LOG_DIR", config.LOG_DIR);
    const log = await createLogger({ level: config.LOG_LEVEL, dir: config.LOG_DIR });
    log.warn({ event: "rollback.run", version: done.schema, count: done.lost.length }, "upgrade rolled back");
  },
};

/** `new` or `changed`, slug, time of the last save, title: with tabs between. */
function toRow({ loss, slug, changedAt, title = "" }: LostNote): string {
  return [loss, slug, changedAt, title].join("\t");
}

function toMessage({ schema, from, aside, lost, isOlderThanProgram }: Rollback): string {
  const lines = [
    `The database is as it was before the upgrade: its schema is ${schema} again (it was ${from}).`,
    `The replaced database is kept, with its media files, in ${aside}`,
    lost.length === 0
      ? "It holds no note that the restored one lacks."
      : `It holds ${lost.length} ${lost.length === 1 ? "note" : "notes"} that the restored one lacks or has as of before: see the list. To read them: DATA_DIR=${aside} starpunk export DIR`,
    isOlderThanProgram
      ? `Now install the version of StarPunk that you had, whose newest migration is ${schema}: this one would upgrade the database again at its next start. That is also how to go forward again.`
      : "This version of StarPunk fits it: start it. To go forward again, install the newer version.",
  ];
  return `${lines.join("\n")}\n`;
}
