// A process of its own that makes the variants of one image and ends: readers are not in its way, nor it in theirs, and its
// memory goes with it.
import { constants, setPriority } from "node:os";
import { AppError } from "../lib/errors.ts";
import type { VariantsRequest } from "./encode-variants.ts";
import { encodeVariants } from "./encode-variants.ts";
import type { Variant } from "./variant-plan.ts";

/** What the process says: that it listens, what it has made, or why it could not. */
export type VariantsMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "made"; readonly variants: readonly Variant[] }
  | { readonly kind: "failed"; readonly reason: string; readonly isFull: boolean };

async function answer(request: VariantsRequest): Promise<VariantsMessage> {
  try {
    return { kind: "made", variants: await encodeVariants(request) };
  } catch (error) {
    const isFull = error instanceof AppError && error.code === "storage_full";
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error), isFull };
  }
}

function say(message: VariantsMessage, then?: () => void): void {
  process.send?.(message, undefined, undefined, then);
}

setPriority(constants.priority.PRIORITY_LOW);
process.on("disconnect", () => process.exit()); // Nobody waits any more.
process.on("message", async (request: VariantsRequest) => {
  say(await answer(request), () => process.disconnect());
});
say({ kind: "ready" });
