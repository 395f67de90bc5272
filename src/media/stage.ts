import { createHash, randomBytes } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Config } from "../config/config.ts";
import type { Hold } from "../db/folder-lock.ts";
import { tryLock } from "../db/folder-lock.ts";
import type { AppError } from "../lib/errors.ts";
import { toStorageError } from "./media-files.ts";

/** A file on its way: on the disk as it came, not looked at yet. */
export type StagedFile = {
  readonly path: string;
  readonly sizeBytes: number;
  /** SHA-256 of the bytes as they came, hex. */
  readonly sourceHash: string;
};

/** Where the files of one upload lie until they are stored: a folder that is gone with it, whatever becomes of it. */
export type Stage = {
  /**
   * Writes a file, piece by piece. Past `maxBytes(head)`, where `head` is how it begins, it rejects with `too_large` and what
   * `tooLarge` says; the rest is read and dropped. Rejects with `storage_full` and with what `source` fails with.
   */
  write(source: Readable, limit: StageLimit): Promise<StagedFile>;
  /** Removes the folder and everything in it. May be called again. */
  clear(): Promise<void>;
};

/** How large a file may be, by its first bytes, and what is said of one that is larger. */
export type StageLimit = {
  readonly maxBytes: (head: Buffer) => number;
  readonly tooLarge: (maxBytes: number) => AppError;
};

const LOCK_ENDING = ".lock";
const STAGE_NAME = /^[0-9a-f]{24}$/u;

/** The folder of files that are on their way, DATA_DIR/uploads. */
export function uploadsFolder(config: Pick<Config, "DATA_DIR">): string {
  return join(config.DATA_DIR, "uploads");
}

/** Creates a stage below `uploads`. Nothing is made before the first file comes. */
export function createStage(uploads: string): Stage {
  const folder = join(uploads, randomBytes(12).toString("hex"));
  let hold: Promise<Hold | undefined> | undefined;
  let count = 0;
  return {
    async write(source, limit) {
      hold ??= open(uploads, folder);
      try {
        await hold;
        count += 1;
        return await writeStaged(source, join(folder, String(count)), limit);
      } catch (error) {
        source.resume();
        throw toStorageError(error);
      }
    },
    async clear() {
      if (hold === undefined) return;
      const held = await hold.catch(() => undefined);
      await rm(folder, { recursive: true, force: true });
      held?.release();
      await rm(folder + LOCK_ENDING, { force: true });
    },
  };
}

/**
 * Removes what processes that were killed have left of uploads: a stage belongs to whoever holds its lock, which ends with
 * its process. Returns how many it removed.
 */
export async function sweepStages(uploads: string): Promise<number> {
  const names = existsSync(uploads) ? await readdir(uploads) : [];
  const stages = new Set(names.map((name) => name.replace(LOCK_ENDING, "")).filter((name) => STAGE_NAME.test(name)));
  let removed = 0;
  for (const name of stages) {
    const folder = join(uploads, name);
    const claim = tryLock(folder + LOCK_ENDING, { isAlone: true, waitMs: 0 });
    if (claim === undefined) continue;
    await rm(folder, { recursive: true, force: true });
    claim.release();
    await rm(folder + LOCK_ENDING, { force: true });
    removed += 1;
  }
  return removed;
}

/** The lock before the folder: a folder without one was left by a crash. */
async function open(uploads: string, folder: string): Promise<Hold | undefined> {
  await mkdir(uploads, { recursive: true, mode: 0o700 });
  const hold = tryLock(folder + LOCK_ENDING, { isAlone: false, waitMs: 0 });
  await mkdir(folder, { mode: 0o700 });
  return hold;
}

async function writeStaged(source: Readable, path: string, limit: StageLimit): Promise<StagedFile> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let maxBytes = Number.POSITIVE_INFINITY;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (sizeBytes === 0) maxBytes = limit.maxBytes(chunk);
      sizeBytes += chunk.length;
      // The rest is read and dropped: what follows in the same form is still wanted.
      if (sizeBytes > maxBytes) return done();
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => done(sizeBytes > maxBytes ? limit.tooLarge(maxBytes) : null),
  });
  try {
    await pipeline(source, counted, createWriteStream(path, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  return { path, sizeBytes, sourceHash: hash.digest("hex") };
}
