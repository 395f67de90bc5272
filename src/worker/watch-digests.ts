import type { Context } from "../context/context.ts";
import { queueDigests } from "../search/digest-notes.ts";

/** How long a change of the notes goes unnoticed at most, in milliseconds. */
export const DIGEST_WATCH_MS = 5_000;

/** What looks for notes that are to be looked at, until it is stopped. */
export type DigestWatch = { readonly stop: () => Promise<void> };

/** Looks every few seconds whether anything was written, by any process, and then whether there is something to queue. */
export function watchDigests(
  ctx: Pick<Context, "db" | "clock" | "log">,
  everyMs: number = DIGEST_WATCH_MS,
): DigestWatch {
  let seen: number | undefined;
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    const version = ctx.db.dataVersion();
    if (version === seen) return;
    await queueDigests(ctx);
    seen = version;
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch((err: unknown) => {
      // A lock or a full disk passes, and the next look tries again.
      ctx.log.warn({ event: "server.fault", err }, "related notes not queued");
    });
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return looking;
    },
  };
}
