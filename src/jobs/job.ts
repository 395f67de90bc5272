import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Outcome } from "../lib/outcome.ts";
import { insertJob } from "./job-store.ts";

/** Every kind of job, and what it needs to know. A payload holds ids and URLs only: the job reads the rest when it runs. */
export type JobPayloads = {
  /** Removes what the audit log keeps no longer; recurs. */
  "audit.purge": Readonly<Record<string, never>>;
  /** Tells an edge cache what changed. Triggers of the schema queue it too, with the change. */
  "cache.purge": { readonly address: string };
  /** Makes and proves a backup that the author asked for. */
  "backup.make": Readonly<Record<string, never>>;
  /** The same each night, by itself. */
  "backup.scheduled": Readonly<Record<string, never>>;
  /** Copies an image that notes show from elsewhere into the media folder. */
  "media.copy_remote_image": { readonly url: string };
  /** Makes smaller versions of all images that have none. */
  "media.make_variants": Readonly<Record<string, never>>;
  /** Adds up the hours of the history of metrics that are over, and removes old ones. */
  "metrics.add_up_hours": Record<string, never>;
  /** Renames, merges or deletes a tag on the notes that have it, or puts them back. */
  "notes.change_tag": { readonly actKey: string };
  /** Counts all listed notes for the page of statistics. */
  "notes.count": Readonly<Record<string, never>>;
  /** Looks at notes that have come, changed or gone: their words, what is related. */
  "notes.digest": Readonly<Record<string, never>>;
  /** Fetches what a page elsewhere says of itself that notes are about. */
  "notes.fetch_citation": { readonly url: string };
  /** Publishes a scheduled note at its time. */
  "notes.publish_scheduled": { readonly noteId: number };
  /** Erases what has lain in the trash long enough; recurs. */
  "notes.purge_trash": Record<never, never>;
  /** Renders a note again, because an image arrived or the renderer changed. */
  "notes.render": { readonly noteId: number };
  /** Renders the notes past a row id again that show images elsewhere, because the author wants those shown otherwise. */
  "notes.render_images": { readonly after: number };
  /** Renders the description of a tag again, because something about an image in it changed. */
  "tags.render": { readonly tag: string };
};

/** Name of a kind of job: `part.verb`. */
export type JobKind = keyof JobPayloads;

/** What a handler is told of the attempt that it is. */
export type Attempt = {
  readonly jobId: number;
  /** 1 at the first. */
  readonly number: number;
  /** Whether a `retry` now means failing for good. */
  readonly isLast: boolean;
};

/**
 * Does one attempt at a job. It may run twice, also after it was done (a crash before the outcome was written), so it
 * must do no harm then. A throw counts as `retry` and is logged as a fault of ours.
 */
export type JobHandler<Kind extends JobKind> = (payload: JobPayloads[Kind], attempt: Attempt) => Promise<Outcome>;

/** One handler for each kind; a missing one does not compile. */
export type JobHandlers = { readonly [Kind in JobKind]: JobHandler<Kind> };

/** A job to be queued: its kind, the payload of that kind, and when it runs. */
export type NewJob = {
  [Kind in JobKind]: { readonly kind: Kind; readonly payload: JobPayloads[Kind] };
}[JobKind] & {
  readonly now: Timestamp;
  /** Not before this moment; default: at once. */
  readonly runAt?: Timestamp;
  /** A waiting job of the same kind and key is replaced by this one, attempts and all. */
  readonly uniqueKey?: string;
};

/** Queues a job. Runs inside `db.write`, so that the job exists exactly if the change that needs it does. */
export function enqueue(db: Database, job: NewJob): void {
  insertJob(db, {
    kind: job.kind,
    payload: JSON.stringify(job.payload),
    uniqueKey: job.uniqueKey,
    runAt: job.runAt ?? job.now,
    now: job.now,
  });
}
