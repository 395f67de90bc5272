import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import { requestVariants } from "./make-variants.ts";
import { variantsFolder } from "./media-files.ts";
import { VARIANTS_RECIPE } from "./variant-plan.ts";
import { findUnvaried, forgetVariants, listVariants } from "./variants-store.ts";

const BATCH = 200;

/**
 * Sees to it that variants are made of images that have none, or whose files are gone, as after a restore. An aborted
 * `signal` ends it between two batches.
 */
export async function checkVariants(
  { db, config, clock }: Pick<Context, "db" | "config" | "clock">,
  signal?: AbortSignal,
): Promise<void> {
  const folder = variantsFolder(config);
  for (let after = ""; signal?.aborted !== true; ) {
    const batch = listVariants(db, { after, limit: BATCH });
    const last = batch.at(-1);
    if (last === undefined) break;
    after = last.name;
    const lost = batch.filter(({ name }) => !existsSync(join(folder, name))).map(({ mediaName }) => mediaName);
    if (lost.length > 0) await db.write(() => forgetVariants(db, lost));
    await new Promise(setImmediate); // Readers first.
  }
  if (findUnvaried(db, { recipe: VARIANTS_RECIPE, after: 0 }) === undefined) return;
  await db.write(() => requestVariants(db, clock()));
}
