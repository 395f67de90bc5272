// A process of its own, of lower priority, that cleans large files, one after the other: readers are not in its way, nor it in theirs, and its
// memory goes with it.
import { constants, setPriority } from "node:os";
import type { ErrorCode } from "../lib/errors.ts";
import { AppError } from "../lib/errors.ts";
import type { CleanedFile, CleanRequest } from "./clean-file.ts";
import { cleanFile } from "./clean-file.ts";

/** What the process says: that it listens, what a file is now, or why it was refused. */
export type CleanMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "cleaned"; readonly file: CleanedFile }
  | { readonly kind: "refused"; readonly code: ErrorCode; readonly sentence: string; readonly field?: string }
  | { readonly kind: "failed"; readonly reason: string };

async function answer(request: CleanRequest): Promise<CleanMessage> {
  try {
    return { kind: "cleaned", file: await cleanFile(request) };
  } catch (error) {
    if (!(error instanceof AppError)) return { kind: "failed", reason: String(error) };
    const { code, message, field } = error;
    return { kind: "refused", code, sentence: message, ...(field === undefined ? {} : { field }) };
  }
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
process.on("disconnect", () => process.exit()); // Nobody waits any more.
process.on("message", async (request: CleanRequest) => process.send?.(await answer(request)));
process.send?.({ kind: "ready" } satisfies CleanMessage);
