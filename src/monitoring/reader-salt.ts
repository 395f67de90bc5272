import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { dateBefore } from "./daily-counts.ts";

/** Bytes of randomness in the key of a day. */
const SALT_BYTES = 32;

const NAME = /^\.reader-salt-(\d{4}-\d\d-\d\d)$/;

/**
 * The random key under which readers of a feed are told apart on one day, the same for all processes on a folder. It
 * stands in a file and not in the database, so that no backup ever has it beside the hashes. Throws the system's error
 * when it cannot be written.
 */
export function readerSalt({ DATA_DIR }: Pick<Config, "DATA_DIR">, day: string): Buffer {
  const file = join(DATA_DIR, `.reader-salt-${day}`);
  return readSalt(file) ?? createSalt(file);
}

/** Throws the keys of other days away; that of the next day stays, since another process may have seen midnight first. */
export function forgetOldSalts({ DATA_DIR }: Pick<Config, "DATA_DIR">, day: string): void {
  for (const name of readdirSync(DATA_DIR)) {
    const other = NAME.exec(name)?.[1];
    const isOld = other !== undefined && other !== day && other !== dateBefore(day, -1);
    if (isOld) rmSync(join(DATA_DIR, name), { force: true });
  }
}

function readSalt(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written beside and linked: of several processes one wins, and none reads half a key. */
function createSalt(file: string): Buffer {
  const beside = `${file}.${process.pid}`;
  try {
    writeFileSync(beside, randomBytes(SALT_BYTES), { mode: 0o600 });
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  return readFileSync(file);
}
