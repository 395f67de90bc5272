import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Outcome } from "../lib/outcome.ts";
import { DONE, giveUp, retry } from "../lib/outcome.ts";
import { mediaFolder, variantsFolder } from "./media-files.ts";
import type { VariantsAnswer } from "./run-variants-process.ts";
import { runVariantsProcess } from "./run-variants-process.ts";
import { VARIANTS_RECIPE } from "./variant-plan.ts";
import type { Unvaried } from "./variants-store.ts";
import { findUnvaried, replaceVariants } from "./variants-store.ts";

/** Makes the variants of all images that have none, one image after the other. */
export type VariantMaker = {
  /**
   * Does so until there is none left, also for those that come meanwhile. Returns at once where it is at it already: then
   * the one that runs does it. `retry` for what may pass; with the last attempt such an image stays without.
   */
  run(attempt: { readonly isLast: boolean }): Promise<Outcome>;
};

/** What a maker works with. */
export type MakerOptions = {
  readonly ctx: Pick<Context, "db" | "config" | "clock">;
  /** Ends it, and the process that it waits for. */
  readonly signal: AbortSignal;
  /** Hears of each image that now has variants, inside the transaction that records them. */
  readonly onMade: (mediaName: string, now: Timestamp) => void;
};

/** Queues the job that makes variants. Runs inside a transaction. */
export function requestVariants(db: Database, now: Timestamp): void {
  enqueue(db, { kind: "media.make_variants", payload: {}, now, uniqueKey: "all" });
}

/** Creates the maker of this process. */
export function createVariantMaker(options: MakerOptions): VariantMaker {
  let isBusy = false;
  return {
    async run({ isLast }) {
      if (isBusy) return DONE;
      isBusy = true;
      try {
        return await makeAll(options, isLast);
      } finally {
        isBusy = false;
      }
    },
  };
}

type Problem = { readonly reason: string; readonly mayPass: boolean };

async function makeAll(options: MakerOptions, isLast: boolean): Promise<Outcome> {
  const problems: Problem[] = [];
  for (let after = 0; ; ) {
    const image = findUnvaried(options.ctx.db, { recipe: VARIANTS_RECIPE, after });
    if (image === undefined) return outcomeOf(problems, isLast);
    after = image.id;
    const problem = await makeOne(options, { image, isLast });
    if (options.signal.aborted) return retry("The program was stopped.");
    if (problem !== undefined) problems.push(problem);
  }
}

async function makeOne(
  options: MakerOptions,
  { image, isLast }: { image: Unvaried; isLast: boolean },
): Promise<Problem | undefined> {
  const { ctx, signal } = options;
  const folder = mediaFolder(ctx.config);
  const { name, mediaType } = image;
  // A file that was lost may come back with the same upload.
  if (!existsSync(join(folder, name))) return undefined;

  const request = { mediaFolder: folder, variantsFolder: variantsFolder(ctx.config), name, mediaType };
  const answer = await runVariantsProcess(request, signal).catch((error: Error) => error);
  if (!(answer instanceof Error) && answer.kind === "made") return await record(options, name, answer);
  if (signal.aborted) return undefined;
  const { reason, mayPass } = toProblem(answer);
  // Whatever it was, the next start must not stumble over it again; a full disk is no fault of the image.
  const isFull = !(answer instanceof Error) && answer.isFull;
  if (!isFull && (!mayPass || isLast)) await record(options, name, { kind: "made", variants: [] });
  return { reason: `${name}: ${reason}`, mayPass };
}

function toProblem(answer: Error | Exclude<VariantsAnswer, { kind: "made" }>): Problem {
  if (answer instanceof Error) return { reason: answer.message, mayPass: true };
  return { reason: answer.reason, mayPass: answer.isFull };
}

async function record(
  { ctx, onMade }: MakerOptions,
  name: string,
  { variants }: Extract<VariantsAnswer, { kind: "made" }>,
): Promise<undefined> {
  await ctx.db.write(() => {
    replaceVariants(ctx.db, name, { recipe: VARIANTS_RECIPE, variants });
    if (variants.length > 0) onMade(name, ctx.clock());
  });
}

function outcomeOf(problems: readonly Problem[], isLast: boolean): Outcome {
  const [first] = problems;
  if (first === undefined) return DONE;
  const reason = `${problems.length === 1 ? "An image has" : `${problems.length} images have`} no smaller versions. ${first.reason}`;
  return !isLast && problems.some(({ mayPass }) => mayPass) ? retry(reason) : giveUp(reason);
}
