import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/config.ts";
import { dateBefore } from "./daily-counts.ts";

/** Bytes of randomness in the key of a day. */
const SALT_BYTES = 32;

const NAME = /^\.reader-salt-(\d{4}-\d\d-\d\d)$/;

/**
 * The random key under which readers of a feed are told apart on one day, the same for all processes on a folder; those
 * of earlier days are thrown away. It stands in a file and not in the database, so that no backup ever has it beside the
 * hashes. Throws the system's error when it cannot be written.
 */
export function readerSalt({ DATA_DIR }: Pick<Config, "DATA_DIR">, day: string): Buffer {
  forgetOtherDays(DATA_DIR, day);
  const file = join(DATA_DIR, `.reader-salt-${day}`);
  return readSalt(file) ?? createSalt(file);
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

/** The next day's may be there already: another process has seen midnight first. */
function forgetOtherDays(dir: string, day: string): void {
  for (const name of readdirSync(dir)) {
    const other = NAME.exec(name)?.[1];
    if (other !== undefined && other !== day && other !== dateBefore(day, -1)) rmSync(join(dir, name), { force: true });
  }
}
