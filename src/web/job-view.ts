import type { Context } from "../context/context.ts";
import type { JobKind } from "../jobs/job.ts";
import { ruleOf } from "../jobs/run-job.ts";
import { said } from "../lib/words.ts";
import type { JobState, ListedJob } from "../monitoring/job-list-store.ts";
import { JOB_STATES } from "../monitoring/job-list-store.ts";
import { countJobs } from "../monitoring/vitals-store.ts";
import { shownTime } from "./admin-view.ts";
import type { JobRowView, ListFilter } from "./operations-views.ts";

/** Where the queue is shown. */
export const JOBS_PATH = "/admin/jobs";

/** What each kind of job does. A kind without words does not compile. */
const KIND_WORDS: Readonly<Record<JobKind, string>> = {
  "audit.purge": "Remove what the audit log keeps no longer",
  "backup.make": "Make the backup that you asked for",
  "backup.scheduled": "Make the nightly backup",
  "cache.purge": "Tell the caches in front of the site what has changed",
  "media.copy_remote_image": "Copy an image from elsewhere",
  "media.make_variants": "Make smaller versions of images",
  "metrics.add_up_hours": "Add up what was measured in the last hour",
  "notes.count": "Count notes and words",
  "notes.digest": "Find related notes",
  "notes.fetch_citation": "Fetch what a page says of itself",
  "notes.publish_scheduled": "Publish a scheduled note",
  "notes.change_tag": "Rename, merge or delete a tag on its notes",
  "notes.purge_trash": "Erase what has lain in the trash for 30 days",
  "notes.render": "Render a note again",
  "notes.render_images": "Render notes again that show images from elsewhere",
};

/** The kind of a job in words; its name where only another version of the program knows it. */
export function jobWords(kind: string): string {
  return Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind as JobKind] : kind;
}

/** Creates what shows jobs as the queue does. The buttons lead back to the page that is filtered like this. */
export function jobViewer(
  ctx: Pick<Context, "db" | "clock">,
  state: JobState | undefined,
): (job: ListedJob) => JobRowView {
  const now = ctx.clock();
  const query = state === undefined ? "" : `?state=${state}`;
  return (job) => ({
    id: job.id,
    title: jobWords(job.kind),
    state: job.state,
    subject: subjectOf(job),
    notePath: job.note === undefined ? "" : `/admin/notes/${job.note.id}`,
    attempts: attemptsOf(job),
    when: whenOf(ctx, job, now),
    reason: job.state === "done" ? "" : (job.reason ?? ""),
    retryPath: isOver(job) ? "" : `${JOBS_PATH}/${job.id}/retry${query}`,
    giveUpPath: isOver(job) ? "" : `${JOBS_PATH}/${job.id}/give-up${query}`,
    giveUpLabel: job.state === "failed" ? "Remove" : "Give up",
  });
}

/** The filter of the queue, with how many jobs each state has. */
export function jobFilters(ctx: Pick<Context, "db">, current: JobState | undefined): ListFilter[] {
  const counts = countJobs(ctx.db);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const states = JOB_STATES.map((state) => ({
    label: `${state.charAt(0).toUpperCase()}${state.slice(1)}`,
    path: `${JOBS_PATH}?state=${state}`,
    count: counts[state] ?? 0,
    isCurrent: state === current,
  }));
  return [{ label: said`All`, path: JOBS_PATH, count: all, isCurrent: current === undefined }, ...states];
}

function isOver({ state }: ListedJob): boolean {
  return state === "running" || state === "done";
}

/** What it is about: a note, an address without its query, or nothing in particular. */
function subjectOf({ note, payload }: ListedJob): string {
  if (note !== undefined) return note.label;
  const { noteId, url, address = url } = JSON.parse(payload) as Record<string, unknown>;
  if (typeof address === "string" && URL.canParse(address)) {
    const { host, pathname } = new URL(address);
    return host + pathname;
  }
  return noteId === undefined ? "" : "A note that is gone";
}

function attemptsOf({ attempts, kind }: ListedJob): string {
  return attempts === 0 ? "not tried yet" : `attempt ${attempts} of ${Math.max(attempts, ruleOf(kind).attemptsMax)}`;
}

function whenOf(ctx: Pick<Context, "db">, job: ListedJob, now: string): string {
  if (job.state === "running") return "runs now";
  if (job.finishedAt !== undefined) return `${job.state} on ${shownTime(ctx, job.finishedAt)}`;
  return job.runAt <= now ? "due now" : `next on ${shownTime(ctx, job.runAt)}`;
}
