import type { Context } from "../context/context.ts";
import type { JobKind } from "../jobs/job.ts";
import { ruleOf } from "../jobs/run-job.ts";
import { isUrl } from "../lib/is-url.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { JobState, ListedJob } from "../monitoring/job-list-store.ts";
import { JOB_STATES } from "../monitoring/job-list-store.ts";
import { countJobs } from "../monitoring/vitals-store.ts";
import { shownTime } from "./admin-view.ts";
import type { JobRowView, ListFilter } from "./operations-views.ts";

/** Where the queue is shown. */
export const JOBS_PATH = "/admin/jobs";

/** What each kind of job does. A kind without words does not compile. */
const KIND_WORDS: Readonly<Record<JobKind, Words>> = {
  "audit.purge": said`Remove what the audit log keeps no longer`,
  "backup.make": said`Make the backup that you asked for`,
  "backup.scheduled": said`Make the nightly backup`,
  "cache.purge": said`Tell the caches in front of the site what has changed`,
  "media.copy_remote_image": said`Copy an image from elsewhere`,
  "media.make_variants": said`Make smaller versions of images`,
  "metrics.add_up_hours": said`Add up what was measured in the last hour`,
  "notes.count": said`Count notes and words`,
  "notes.digest": said`Find related notes`,
  "notes.fetch_citation": said`Fetch what a page says of itself`,
  "notes.publish_scheduled": said`Publish a scheduled note`,
  "notes.change_tag": said`Rename, merge or delete a tag on its notes`,
  "notes.purge_trash": said`Erase what has lain in the trash for 30 days`,
  "notes.render": said`Render a note again`,
  "notes.render_images": said`Render notes again that show images from elsewhere`,
  "tags.render": said`Render the description of a tag again`,
};

const STATE_WORDS: Readonly<Record<JobState, Words>> = {
  waiting: said`Waiting`,
  running: said`Running`,
  failed: said`Failed`,
  done: said`Done`,
};

/** The kind of a job in words; its name where only another version of the program knows it. */
export function jobWords(kind: string): Words {
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
    giveUpLabel: job.state === "failed" ? said`Remove` : said`Give up`,
  });
}

/** The filter of the queue, with how many jobs each state has. */
export function jobFilters(ctx: Pick<Context, "db">, current: JobState | undefined): ListFilter[] {
  const counts = countJobs(ctx.db);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const states = JOB_STATES.map((state) => ({
    label: STATE_WORDS[state],
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
function subjectOf({ note, payload }: ListedJob): Words {
  if (note !== undefined) return note.label;
  const { noteId, url, address = url } = JSON.parse(payload) as Record<string, unknown>;
  if (typeof address === "string" && isUrl(address)) {
    const { host, pathname } = new URL(address);
    return host + pathname;
  }
  return noteId === undefined ? "" : said`A note that is gone`;
}

function attemptsOf({ attempts, kind }: ListedJob): Words {
  return attempts === 0
    ? said`not tried yet`
    : said`attempt ${attempts} of ${Math.max(attempts, ruleOf(kind).attemptsMax)}`;
}

function whenOf(ctx: Pick<Context, "db">, job: ListedJob, now: string): Words {
  if (job.state === "running") return said`runs now`;
  if (job.finishedAt !== undefined) {
    const date = shownTime(ctx, job.finishedAt);
    return job.state === "failed" ? said`failed on ${date}` : said`done on ${date}`;
  }
  return job.runAt <= now ? said`due now` : said`next on ${shownTime(ctx, job.runAt)}`;
}
