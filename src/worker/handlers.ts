import { PURGE_AUDIT, purgeAudit } from "../audit/purge-audit.ts";
import { makeScheduledBackup, nightlyBackup } from "../backup/backup-jobs.ts";
import { runBackup } from "../backup/run-backup.ts";
import type { Context } from "../context/context.ts";
import { purgeEdge } from "../edge/purge.ts";
import { forgetSignIns } from "../indieauth/sign-in/begin.ts";
import type { JobHandlers } from "../jobs/job.ts";
import { runRecurring } from "../jobs/recurring.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Outcome } from "../lib/outcome.ts";
import { DONE } from "../lib/outcome.ts";
import { copyRemoteImage } from "../media/copy-remote-image.ts";
import { createVariantMaker } from "../media/make-variants.ts";
import { ADD_UP_HOURS, addUpHours } from "../monitoring/add-up-hours.ts";
import { rerenderImages } from "../notes/change-site.ts";
import { fetchCitation } from "../notes/fetch-citation.ts";
import { publishScheduledNote } from "../notes/publish-scheduled.ts";
import { PURGE_TRASH, purgeTrash } from "../notes/purge-trash.ts";
import { requestRendering, rerenderNote, showNewVariants } from "../notes/render-note.ts";
import { digestNotes } from "../search/digest-notes.ts";
import { countNotes } from "../search/figures.ts";
import { continueTagAct } from "../tags/run-tag-act.ts";
import { rerenderSection } from "../tags/save-section.ts";

/** What does each kind of job. A kind without a handler does not compile. `signal` ends what takes long. */
export function createHandlers(ctx: Context, signal: AbortSignal = new AbortController().signal): JobHandlers {
  const onMade = (name: string, now: Timestamp) => showNewVariants(ctx.db, name, now);
  const variants = createVariantMaker({ ctx, signal, onMade });
  return {
    "audit.purge": (_payload, attempt) =>
      runRecurring(ctx, { ...PURGE_AUDIT, attempt }, () => done(purgeAudit(ctx).then(() => forgetSignIns(ctx)))),
    "cache.purge": ({ address }) => purgeEdge(ctx, address),
    "backup.make": () => runBackup(ctx, "by_hand", signal),
    "backup.scheduled": (_payload, attempt) =>
      runRecurring(ctx, { ...nightlyBackup(ctx), attempt }, () => makeScheduledBackup(ctx, signal)),
    "media.copy_remote_image": ({ url }, { isLast }) => copyAndShow(ctx, url, isLast),
    "media.make_variants": (_payload, attempt) => variants.run(attempt),
    "metrics.add_up_hours": (_payload, attempt) =>
      runRecurring(ctx, { ...ADD_UP_HOURS, attempt }, () => done(addUpHours(ctx))),
    "notes.change_tag": ({ actKey }) => done(continueTagAct(ctx, actKey, signal)),
    "notes.count": () => done(countNotes(ctx)),
    "notes.digest": () => done(digestNotes(ctx)),
    "notes.fetch_citation": ({ url }, { isLast }) => fetchCitation(ctx, { url, isLastAttempt: isLast }),
    "notes.publish_scheduled": ({ noteId }) => done(publishScheduledNote(ctx, noteId)),
    "notes.purge_trash": (_payload, attempt) =>
      runRecurring(ctx, { ...PURGE_TRASH, attempt }, () => done(purgeTrash(ctx))),
    "notes.render_images": ({ after }) => done(rerenderImages(ctx, after)),
    "notes.render": ({ noteId }) => done(rerenderNote(ctx, noteId)),
    "tags.render": ({ tag }) => done(rerenderSection(ctx, tag)),
  };
}

/** Copies an image, and has every note rendered again that shows it, or showed it from its own address until now. */
async function copyAndShow(ctx: Context, url: string, isLastAttempt: boolean): Promise<Outcome> {
  const outcome = await copyRemoteImage(ctx, { url, isLastAttempt });
  // Also when it was copied before, since a crash may have come between; and when there will be no copy.
  const isEnd = outcome.result !== "retry" || isLastAttempt;
  if (isEnd) await ctx.db.write(() => requestRendering(ctx.db, url, ctx.clock()));
  return outcome;
}

async function done(work: Promise<unknown>): Promise<Outcome> {
  await work;
  return DONE;
}
