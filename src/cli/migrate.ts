import type { Command } from "./command.ts";
import { openContext } from "./open-context.ts";

/** `starpunk migrate`: what `serve` does before it listens, and no more. Prints the names of the migrations applied. */
export const migrateCommand: Command = {
  name: "migrate",
  about: "Brings the database up to date, and makes it when there is none.",
  async run({ env, stdout, stderr }) {
    const { applied, close } = await openContext(env);
    close();
    for (const name of applied) stdout.write(`${name}\n`);
    stderr.write(applied.length === 0 ? "The database was up to date.\n" : "The database is up to date now.\n");
  },
};
