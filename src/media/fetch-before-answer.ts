import type { Context } from "../context/context.ts";
import { readSettings } from "../site/settings-store.ts";
import { copyRemoteImage } from "./copy-remote-image.ts";
import { findRemoteImages, insertShownImage } from "./remote-images-store.ts";

/** How long files elsewhere may take altogether while an app waits for its answer, in milliseconds. */
export const ANSWER_WITHIN_MS = 5_000;
/** Most files that are fetched while an app waits; the others come by their jobs. */
export const MAX_FILES_BEFORE_ANSWER = 10;
/** Characters of an address from which a file may be shown: it stands in a header of each page. */
export const MAX_SHOWN_URL_LENGTH = 500;

/**
 * Copies files elsewhere that an app posts, all at once and within `ANSWER_WITHIN_MS`, if the author wants copies. One that
 * is late or fails for the moment is shown from its own address until its job has copied it; one that cannot be copied is
 * left to be a link, with the reason on record. Queues no jobs: whoever saves the note does.
 */
export async function fetchBeforeAnswer(
  ctx: Pick<Context, "db" | "config" | "clock" | "fetch">,
  urls: readonly string[],
): Promise<void> {
  if (urls.length === 0 || readSettings(ctx.db).remoteImages !== "copy") return;
  const known = findRemoteImages(ctx.db, urls);
  const missing = urls.filter((url) => known.get(url)?.mediaName === undefined);
  const late = await Promise.all(
    missing.map(async (url, index) => {
      if (index >= MAX_FILES_BEFORE_ANSWER) return url;
      const outcome = await copyRemoteImage(ctx, { url, isLastAttempt: false, withinMs: ANSWER_WITHIN_MS });
      return outcome.result === "retry" ? url : undefined;
    }),
  );
  const shown = late.filter((url) => url !== undefined && isShowable(url));
  if (shown.length === 0) return;
  const now = ctx.clock();
  await ctx.db.write(() => {
    for (const url of shown) if (url !== undefined) insertShownImage(ctx.db, url, now);
  });
}

/** Of an address without a scheme nobody knows whether its page may load it. */
function isShowable(url: string): boolean {
  return /^https?:/iu.test(url) && url.length <= MAX_SHOWN_URL_LENGTH;
}
