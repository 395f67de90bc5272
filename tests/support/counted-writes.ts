import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../../src/context/context.ts";
import { NOW } from "./context.ts";
import { query } from "./database-files.ts";

/** Writes that never rest, each of two counters in one transaction. */
export type CountedWrites = { readonly count: () => number; readonly stop: () => Promise<void> };

const PAUSE_MS = 1000 / 50;

/** Fills the database with `megabytes` that do not compress, so that copying it takes its time. */
export async function fillDatabase({ db }: Pick<Context, "db">, megabytes: number): Promise<void> {
  for (let index = 0; index < megabytes; index += 1) {
    await db.write(() =>
      db.run(
        "INSERT INTO settings (name, value, changed_at) VALUES (:name, json_quote(hex(randomblob(500000))), :now)",
        {
          name: `filler-${index}`,
          now: NOW,
        },
      ),
    );
  }
}

/** Writes 50 times a second until it is stopped: counters `left` and `right`, always the same at any one moment. */
export function startCountedWrites({ db }: Pick<Context, "db">): CountedWrites {
  const state = { count: 0, isStopped: false };
  const run = async (): Promise<void> => {
    while (!state.isStopped) {
      await db.write(() => {
        for (const name of ["left", "right"]) {
          db.run(
            `INSERT INTO settings (name, value, changed_at) VALUES (:name, :value, :now)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
            { name, value: JSON.stringify(state.count + 1), now: NOW },
          );
        }
      });
      state.count += 1;
      await sleep(PAUSE_MS);
    }
  };
  const done = run();
  return {
    count: () => state.count,
    stop() {
      state.isStopped = true;
      return done;
    },
  };
}

/** The counters in a data folder, `left` first. */
export function readCounters(dataDir: string): number[] {
  const rows = query(
    join(dataDir, "starpunk.db"),
    "SELECT value FROM settings WHERE name IN ('left', 'right') ORDER BY name",
  );
  return (rows as { value: string }[]).map(({ value }) => Number(value));
}
