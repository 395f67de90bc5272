import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { failureOfStatus } from "../lib/fetch-failure.ts";
import type { Failure, Outcome } from "../lib/outcome.ts";
import { DONE, giveUp, retry } from "../lib/outcome.ts";
import type { FetchResponse } from "../lib/safe-fetch.ts";
import { MAX_IMAGE_BYTES } from "./clean-image.ts";
import { findRemoteImage, updateRemoteImage } from "./remote-images-store.ts";
import { saveImage } from "./save-image.ts";

type CopyContext = Pick<Context, "db" | "config" | "clock" | "fetch">;

/**
 * Copies the image at `url` into the media folder, unless that was done before, and records our file or the reason why
 * there is none. A failure that may pass is recorded only with the last attempt.
 */
export async function copyRemoteImage(
  ctx: CopyContext,
  { url, isLastAttempt }: { url: string; isLastAttempt: boolean },
): Promise<Outcome> {
  if (findRemoteImage(ctx.db, url)?.mediaName !== undefined) return DONE;
  const copied = await copy(ctx, url);
  const now = ctx.clock();

  if (typeof copied === "string") {
    await ctx.db.write(() => updateRemoteImage(ctx.db, url, { mediaName: copied, now }));
    return DONE;
  }
  if (copied.result === "give_up" || isLastAttempt) {
    await ctx.db.write(() => updateRemoteImage(ctx.db, url, { reason: copied.reason, now }));
  }
  return copied;
}

/** The name of our file, or why there is none. */
async function copy(ctx: CopyContext, url: string): Promise<string | Failure> {
  const absolute = url.startsWith("//") ? `https:${url}` : url;
  const accept = "image/webp, image/png, image/jpeg, image/gif";
  const result = await ctx.fetch(absolute, { accept, maxBytes: MAX_IMAGE_BYTES });
  if (!result.ok) return result.outcome;
  return failureOfStatus(result) ?? (await save(ctx, result));
}

async function save(ctx: CopyContext, { body, url }: FetchResponse): Promise<string | Failure> {
  try {
    const originalName = decodeName(new URL(url).pathname);
    return (await saveImage(ctx, { bytes: body, originalName })).name;
  } catch (error) {
    // What is wrong with the image is its server's doing, and a reason to keep; the rest is ours.
    if (!(error instanceof AppError)) throw error;
    return error.code === "invalid" || error.code === "too_large" ? giveUp(error.message) : retry(error.message);
  }
}

function decodeName(path: string): string {
  const last = path.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last);
  } catch {
    return last; // A lone percent sign is part of the name.
  }
}
