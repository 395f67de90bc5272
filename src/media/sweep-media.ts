import { rmSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { MEDIA_NAME, mediaFolder, UNFINISHED_NAME, variantsFolder } from "./media-files.ts";
import { findMediaNames } from "./media-store.ts";
import { VARIANT_NAME } from "./variant-plan.ts";
import { findVariantNames } from "./variants-store.ts";

/** Age from which a file without a row is left over from a crash, and not on its way, in seconds. */
export const ORPHAN_AGE_SECONDS = 3600;

const BATCH = 200;

/** A folder, the names in it that are ours, and which of them have a row. */
type Swept = {
  readonly folder: string;
  readonly name: RegExp;
  readonly findKnown: (names: readonly string[]) => { has(name: string): boolean };
};

type SweepContext = Pick<Context, "db" | "config" | "clock">;

/**
 * Removes what crashes have left in the media folder and in that of variants: files without a row, and those that were
 * never finished. Files that others put there stay. Returns how many it removed. An aborted `signal` ends it between two
 * batches.
 */
export async function sweepMedia(ctx: SweepContext, signal?: AbortSignal): Promise<number> {
  const { db, config } = ctx;
  const media = {
    folder: mediaFolder(config),
    name: MEDIA_NAME,
    findKnown: (n: readonly string[]) => findMediaNames(db, n),
  };
  const variants = {
    folder: variantsFolder(config),
    name: VARIANT_NAME,
    findKnown: (n: readonly string[]) => findVariantNames(db, n),
  };
  return (await sweepFolder(ctx, media, signal)) + (await sweepFolder(ctx, variants, signal));
}

async function sweepFolder(ctx: SweepContext, swept: Swept, signal: AbortSignal | undefined): Promise<number> {
  const { folder } = swept;
  const names = (await listFolder(folder)).filter((name) => swept.name.test(name) || UNFINISHED_NAME.test(name));
  let removed = 0;

  for (let start = 0; start < names.length && signal?.aborted !== true; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const known = swept.findKnown(batch);
    const oldest = toMilliseconds(ctx.clock()) - ORPHAN_AGE_SECONDS * 1000;
    const orphans = await filterOlder(
      folder,
      batch.filter((name) => !known.has(name)),
      oldest,
    );
    if (orphans.length > 0) removed += await removeOrphans(ctx, swept, orphans);
  }
  return removed;
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // Before the first upload there is none.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function filterOlder(folder: string, names: readonly string[], thanMs: number): Promise<string[]> {
  const older: string[] = [];
  for (const name of names) {
    const file = await stat(join(folder, name)).catch(() => undefined); // Another process may have swept it.
    if (file !== undefined && file.mtimeMs < thanMs) older.push(name);
  }
  return older;
}

function removeOrphans(ctx: Pick<Context, "db">, swept: Swept, names: readonly string[]): Promise<number> {
  // Inside a write, because a row for one of them may be on its way: see saveImage.
  return ctx.db.write(() => {
    const known = swept.findKnown(names);
    const orphans = names.filter((name) => !known.has(name));
    for (const name of orphans) rmSync(join(swept.folder, name), { force: true });
    return orphans.length;
  });
}
