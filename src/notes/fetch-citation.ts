import type { Context } from "../context/context.ts";
import { decodePage, isPage } from "../lib/decode-page.ts";
import { AppError } from "../lib/errors.ts";
import { failureOfStatus } from "../lib/fetch-failure.ts";
import type { Failure, Outcome } from "../lib/outcome.ts";
import { DONE, giveUp } from "../lib/outcome.ts";
import type { PageFacts } from "../lib/read-page.ts";
import { readPage } from "../lib/read-page-safely.ts";
import { said } from "../lib/words.ts";
import { saveThumbnail } from "../media/save-thumbnail.ts";
import { readSettings } from "../site/settings-store.ts";
import { findCitation, updateCitation, updateCitationFailure, updateCitationPictures } from "./citation-store.ts";

/** Largest picture of a page that is fetched, in bytes. */
export const MAX_PICTURE_BYTES = 4_000_000;

type FetchContext = Pick<Context, "db" | "config" | "clock" | "fetch">;

/**
 * Fetches the page at `url` and records what it says of itself, then small copies of its pictures, if the author wants
 * images of others copied. A failure that may pass is recorded only with the last attempt; what was known stays. Nothing
 * happens for a page that no note is about any more.
 */
export async function fetchCitation(
  ctx: FetchContext,
  { url, isLastAttempt }: { readonly url: string; readonly isLastAttempt: boolean },
): Promise<Outcome> {
  if (findCitation(ctx.db, url) === undefined) return DONE;
  const facts = await fetchFacts(ctx, url);
  if ("result" in facts) {
    const isEnd = facts.result === "give_up" || isLastAttempt;
    if (isEnd) await ctx.db.write(() => updateCitationFailure(ctx.db, url, { reason: facts.reason, now: ctx.clock() }));
    return facts;
  }
  await ctx.db.write(() => updateCitation(ctx.db, { url, ...facts }, ctx.clock()));
  const pictures = await fetchPictures(ctx, facts);
  await ctx.db.write(() => updateCitationPictures(ctx.db, url, { ...pictures, now: ctx.clock() }));
  return DONE;
}

async function fetchFacts(ctx: FetchContext, url: string): Promise<PageFacts | Failure> {
  const result = await ctx.fetch(url, { accept: "text/html, application/xhtml+xml" });
  if (!result.ok) return result.outcome;
  const failure = failureOfStatus(result);
  if (failure !== undefined) return failure;
  const contentType = result.headers.get("content-type");
  if (!isPage(contentType)) return giveUp(said`The address leads to a file, not to a web page.`);
  const facts = await readPage(decodePage(result.body, contentType), result.url);
  return facts ?? giveUp(said`The page takes too long to read.`);
}

async function fetchPictures(ctx: FetchContext, { authorPhotoUrl, imageUrl }: PageFacts) {
  if (readSettings(ctx.db).remoteImages !== "copy") return { authorPhoto: undefined, image: undefined };
  return { authorPhoto: await copyPicture(ctx, authorPhotoUrl), image: await copyPicture(ctx, imageUrl) };
}

/** The name of our copy; undefined where there is none to be had: a page without its picture is worth showing. */
async function copyPicture(ctx: FetchContext, url: string | undefined): Promise<string | undefined> {
  if (url === undefined) return undefined;
  const accept = "image/webp, image/png, image/jpeg, image/gif";
  const result = await ctx.fetch(url, { accept, maxBytes: MAX_PICTURE_BYTES });
  if (!result.ok || failureOfStatus(result) !== undefined) return undefined;
  try {
    return (await saveThumbnail(ctx, { bytes: result.body, originalName: new URL(url).hostname })).name;
  } catch (error) {
    // What is wrong with the picture is its server's doing, and a full disk no reason to ask the page again.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
