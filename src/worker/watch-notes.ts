import type { Context } from "../context/context.ts";
import { siteRevision } from "../notes/public-changes-store.ts";
import { queueDigests } from "../search/digest-notes.ts";
import { indexNewNotes } from "../search/search-index.ts";

/** How long a change of the notes goes unnoticed at most, in milliseconds. */
export const NOTES_WATCH_MS = 5_000;

/** How many looks in a row may find that readers' pages have changed since, before the notes are looked at all the same: a minute. */
export const MAX_RUSH_LOOKS = 12;

/** What looks for notes that have come or changed, until it is stopped. */
export type NotesWatch = { readonly stop: () => Promise<void> };

/** Brings the search index up every few seconds, unless a search has; then see `createDigestLook`. */
export function watchNotes(ctx: Pick<Context, "db" | "clock" | "log">, everyMs: number = NOTES_WATCH_MS): NotesWatch {
  const look = createDigestLook(ctx);
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking
      .then(() => indexNewNotes(ctx.db))
      .then(look)
      .catch((err: unknown) => {
        // A lock or a full disk passes, and the next look tries again.
        ctx.log.warn({ event: "server.fault", err }, "new notes not indexed, or related ones not queued");
      });
  }, everyMs);
  return {
    stop() {
      clearInterval(timer);
      return looking;
    },
  };
}

/**
 * Creates the look: whether anything was written, by any process, and then whether there is something to queue. While
 * readers' pages keep changing from one look to the next it waits for a quieter moment: whoever writes and reads goes first.
 */
export function createDigestLook(ctx: Pick<Context, "db" | "clock">): () => Promise<void> {
  let seen: number | undefined;
  let revision: number | undefined;
  let rushLooks = 0;

  return async () => {
    const version = ctx.db.dataVersion();
    if (version === seen) return;
    const before = revision;
    revision = siteRevision(ctx.db);
    rushLooks = before === undefined || revision === before ? 0 : rushLooks + 1;
    if (rushLooks % MAX_RUSH_LOOKS !== 0) return;
    await queueDigests(ctx);
    seen = version;
  };
}
