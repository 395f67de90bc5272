import { PURGE_AUDIT } from "../audit/purge-audit.ts";
import { nightlyBackup } from "../backup/backup-jobs.ts";
import type { Context } from "../context/context.ts";
import { syncEdges } from "../edge/purge.ts";
import { ensureRecurring } from "../jobs/recurring.ts";
import type { Runner } from "../jobs/runner.ts";
import { startRunner } from "../jobs/runner.ts";
import { checkVariants } from "../media/check-variants.ts";
import { sweepStages, uploadsFolder } from "../media/stage.ts";
import { sweepMedia } from "../media/sweep-media.ts";
import { ADD_UP_HOURS } from "../monitoring/add-up-hours.ts";
import { PURGE_TRASH } from "../notes/purge-trash.ts";
import { lateHandlers } from "./late-handlers.ts";
import { watchNotes } from "./watch-notes.ts";

/** What happens without a request, as long as it is not stopped. */
export type Worker = Pick<Runner, "stop">;

/** Starts the jobs, and removes what crashes have left in the media folder. */
export function startWorker(ctx: Context): Worker {
  const { db, clock, log, metrics } = ctx;
  const stopping = new AbortController();
  // What cannot be queued now is queued at the next start.
  const queued = queueRecurring(ctx).catch((err: unknown) =>
    log.error({ event: "server.fault", err }, "recurring jobs not queued"),
  );
  const runner = startRunner({ db, clock, log, metrics, handlers: lateHandlers(ctx, stopping.signal) });
  // Rubbish that stays until the next start is no reason to stop this one.
  const swept = sweepStages(uploadsFolder(ctx.config))
    .then(() => sweepMedia(ctx, stopping.signal))
    .then(() => checkVariants(ctx, stopping.signal))
    .catch((err: unknown) => log.error({ event: "server.fault", err }, "media not swept"));
  // A disk that is full for the moment is no reason either; the next start does it.
  const synced = syncEdges(ctx).catch((err: unknown) => log.error({ event: "server.fault", err }, "edges not told"));
  const digests = watchNotes(ctx);
  return {
    async stop() {
      stopping.abort();
      await Promise.all([digests.stop(), runner.stop(), swept, synced, queued]);
    },
  };
}

async function queueRecurring(ctx: Context): Promise<void> {
  await ensureRecurring(ctx, nightlyBackup(ctx));
  await ensureRecurring(ctx, PURGE_TRASH);
  await ensureRecurring(ctx, PURGE_AUDIT);
  if (ctx.metrics.isEnabled) await ensureRecurring(ctx, ADD_UP_HOURS);
}
