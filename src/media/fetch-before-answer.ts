import type { Context } from "../context/context.ts";
import type { Outcome } from "../lib/outcome.ts";
import { readSettings } from "../site/settings-store.ts";
import { copyRemoteImage } from "./copy-remote-image.ts";
import { findRemoteImages, insertShownImage } from "./remote-images-store.ts";

/** How long files elsewhere may take altogether while an app waits for its answer, in milliseconds. */
export const ANSWER_WITHIN_MS = 5_000;
/** Most files that are fetched while an app waits; the others come by their jobs. */
export const MAX_FILES_BEFORE_ANSWER = 10;
/** Characters of an address from which a file may be shown: it stands in a header of each page. */
export const MAX_SHOWN_URL_LENGTH = 500;

type FetchContext = Pick<Context, "db" | "config" | "clock" | "fetch">;

/**
 * Copies files elsewhere that an app posts, all at once and within `withinMs`, if the author wants copies. One that is late
 * or fails for the moment is shown from its own address until its job has copied it; one that cannot be copied is left to
 * be a link, with the reason on record. Queues no jobs: whoever saves the note does.
 */
export async function fetchBeforeAnswer(
  ctx: FetchContext,
  urls: readonly string[],
  withinMs: number = ANSWER_WITHIN_MS,
): Promise<void> {
  if (urls.length === 0 || readSettings(ctx.db).remoteImages !== "copy") return;
  const known = findRemoteImages(ctx.db, urls);
  const missing = urls.filter((url) => known.get(url)?.mediaName === undefined);
  const late = [
    ...(await fetchInTime(ctx, missing.slice(0, MAX_FILES_BEFORE_ANSWER), withinMs)),
    ...missing.slice(MAX_FILES_BEFORE_ANSWER),
  ].filter(isShowable);
  if (late.length === 0) return;
  const now = ctx.clock();
  await ctx.db.write(() => {
    for (const url of late) insertShownImage(ctx.db, url, now);
  });
}

/** Those of the files that are not here in time, and may still come. */
async function fetchInTime(ctx: FetchContext, urls: readonly string[], withinMs: number): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve({ result: "retry", reason: "It took too long." }), withinMs);
  });
  const fetchOne = async (url: string): Promise<boolean> => {
    const copying = copyRemoteImage(ctx, { url, isLastAttempt: false, withinMs });
    // One that is still being cleaned goes on, for its job to find: nobody waits for what goes wrong there.
    copying.catch(() => undefined);
    return (await Promise.race([copying, end])).result === "retry";
  };
  try {
    const isLate = await Promise.all(urls.map(fetchOne));
    return urls.filter((_, index) => isLate[index]);
  } finally {
    clearTimeout(timer);
  }
}

/** Of an address without a scheme nobody knows whether its page may load it. */
function isShowable(url: string): boolean {
  return /^https?:/iu.test(url) && url.length <= MAX_SHOWN_URL_LENGTH;
}
