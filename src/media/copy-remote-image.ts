import { Readable } from "node:stream";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { failureOfStatus } from "../lib/fetch-failure.ts";
import type { Failure, Outcome } from "../lib/outcome.ts";
import { DONE, giveUp, retry } from "../lib/outcome.ts";
import type { FetchResponse } from "../lib/safe-fetch.ts";
import { readSettings } from "../site/settings-store.ts";
import { findRemoteImage, updateRemoteImage } from "./remote-images-store.ts";
import { saveFile, uploadLimit } from "./save-file.ts";
import { createStage, uploadsFolder } from "./stage.ts";

/** Largest file that is copied from elsewhere, in bytes, whatever uploads may have: while it comes it is held in memory. */
export const MAX_COPY_BYTES = 32_000_000;

const ACCEPT = "image/avif, image/webp, image/png, image/jpeg, image/gif, video/mp4, video/webm, audio/mpeg, audio/ogg";

type CopyContext = Pick<Context, "db" | "config" | "clock" | "fetch">;

/** One attempt to copy a file. */
export type Copying = {
  readonly url: string;
  /** Whether a failure that may pass is one for good. */
  readonly isLastAttempt: boolean;
  /** How long fetching it may take, in milliseconds, where that is less than usual. */
  readonly withinMs?: number;
};

/**
 * Copies the image, film or recording at `url` into the media folder as an upload of its own, unless that was done before,
 * and records our file or the reason why there is none. A failure that may pass is recorded only with the last attempt.
 */
export async function copyRemoteImage(ctx: CopyContext, copying: Copying): Promise<Outcome> {
  const { url, isLastAttempt } = copying;
  if (findRemoteImage(ctx.db, url)?.mediaName !== undefined) return DONE;
  const copied = await copy(ctx, copying);
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
async function copy(ctx: CopyContext, { url, withinMs }: Copying): Promise<string | Failure> {
  const absolute = url.startsWith("//") ? `https:${url}` : url;
  const { maxImageMegabytes, maxMediaMegabytes } = readSettings(ctx.db);
  const maxBytes = Math.min(Math.max(maxImageMegabytes, maxMediaMegabytes) * 1_000_000, MAX_COPY_BYTES);
  const limits = withinMs === undefined ? { maxBytes } : { maxBytes, withinMs };
  const result = await ctx.fetch(absolute, { accept: ACCEPT, ...limits });
  if (!result.ok) return result.outcome;
  return failureOfStatus(result) ?? (await save(ctx, result));
}

/** Goes the way of uploads, so that type, metadata and limits are decided there. */
async function save(ctx: CopyContext, { body, url }: FetchResponse): Promise<string | Failure> {
  const stage = createStage(uploadsFolder(ctx.config));
  try {
    const staged = await stage.write(Readable.from([body]), uploadLimit(readSettings(ctx.db)));
    return (await saveFile(ctx, { ...staged, originalName: decodeName(new URL(url).pathname) })).name;
  } catch (error) {
    // What is wrong with the file is its server's doing, and a reason to keep; the rest is ours.
    if (!(error instanceof AppError)) throw error;
    return error.code === "invalid" || error.code === "too_large" ? giveUp(error.message) : retry(error.message);
  } finally {
    await stage.clear();
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
