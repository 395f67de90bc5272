import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "./connection.ts";
import { isLocked, sqliteCode } from "./connection.ts";
import { lookInto } from "./inspect-file.ts";

/** How often a look meets a lock before it gives up. */
const LOOKS = 10;
const LOOK_AGAIN_MS = 100;

/**
 * Runs `look` on a database as it lies there, and changes nothing in it, beside servers or without one. Where SQLite may
 * not even make the files that it locks with, in a read-only folder, it looks at a copy in the folder for temporary files.
 * Throws what SQLite says of a file that cannot be opened.
 */
export async function lookAnyway<T>(file: string, look: (connection: Connection) => T): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return lookInto(file, look);
    } catch (error) {
      if (isRefused(error)) return lookIntoCopy(file, look);
      if (!isLocked(error) || attempt >= LOOKS) throw error;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

function isRefused(error: unknown): boolean {
  return /^SQLITE_(?:CANTOPEN|READONLY)/.test(sqliteCode(error) ?? "");
}

function lookIntoCopy<T>(file: string, look: (connection: Connection) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "starpunk-look-"));
  try {
    const copy = join(folder, "starpunk.db");
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    return lookInto(copy, look);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
