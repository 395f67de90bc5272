import type { Context } from "../context/context.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { LogEvent } from "../lib/log.ts";
import type { Words } from "../lib/words.ts";
import { counted, said } from "../lib/words.ts";
import type { FailedJobs } from "../monitoring/job-list-store.ts";
import { MAX_LOG_BYTES } from "../monitoring/log-tail.ts";
import type { Problem, ProblemReport } from "../monitoring/problems.ts";
import { MAX_PROBLEM_LINES } from "../monitoring/problems.ts";
import { shownTime } from "./admin-view.ts";
import { JOBS_PATH, jobWords } from "./job-view.ts";
import type { FailedJobsView, ProblemDetailView, ProblemRowView } from "./operations-views.ts";

/** Where problems are shown. */
export const PROBLEMS_PATH = "/admin/problems";

/** Request ids that a row of the list names. */
const IDS_SHOWN = 3;

/** What the events are that go wrong; others are called as the log calls them. */
const EVENT_WORDS: Partial<Record<LogEvent, Words>> = {
  "server.fault": said`Something failed outside of any request`,
  "config.ignored": said`A variable of the environment means nothing`,
  "request.failed": said`A request failed`,
  "job.run": said`A job ran into an error`,
  "author.login_failed": said`A login was refused`,
};

/** What reasons of refused logins mean. */
const REASON_WORDS: Readonly<Record<string, Words>> = {
  unauthorized: said`The password was wrong.`,
  forbidden: said`The form was out of date.`,
  throttled: said`There were too many tries.`,
};

/** What fields of the log are called by people. */
const FIELD_WORDS: Readonly<Record<string, Words>> = {
  request_id: said`Request`,
  method: said`Method`,
  route: said`Kind of address`,
  status: said`Status of the answer`,
  duration_ms: said`Took, in ms`,
  note_id: said`Note`,
  job_id: said`Job`,
  kind: said`Kind of job`,
  attempts: said`Attempts`,
  result: said`Result`,
  reason: said`Reason`,
  source_url: said`From`,
  target_url: said`To`,
  client_id: said`App`,
  size_bytes: said`Bytes`,
  count: said`How many`,
  url: said`Address`,
  version: said`Version`,
};

/** A problem as a row of the list. */
export function problemRow(ctx: Pick<Context, "db">, problem: Problem): ProblemRowView {
  return {
    path: `${PROBLEMS_PATH}/${problem.key}`,
    title: titleOf(problem),
    level: problem.level === "warn" ? "warning" : "error",
    reason: REASON_WORDS[problem.reason] ?? problem.reason,
    count: timesCounted(problem.count),
    times: timesOf(ctx, problem),
    requestIds: problem.requestIds.slice(0, IDS_SHOWN),
    more: Math.max(0, problem.requestIds.length - IDS_SHOWN),
  };
}

/** A problem with everything that its newest line says. */
export function problemDetail(ctx: Pick<Context, "db">, problem: Problem): ProblemDetailView {
  const { newest } = problem;
  return {
    ...problemRow(ctx, problem),
    requestIds: [...problem.requestIds],
    more: 0,
    message: newest.message,
    facts: newest.fields.map(({ name, value }) => ({ name: FIELD_WORDS[name] ?? name, value })),
    errors: [...newest.errors],
  };
}

/** Failed jobs of one kind and reason as a row of the list. */
export function failedJobsRow(ctx: Pick<Context, "db">, jobs: FailedJobs): FailedJobsView {
  return {
    title: jobWords(jobs.kind),
    reason: jobs.reason,
    count: timesCounted(jobs.count),
    times: timesOf(ctx, jobs),
    ids: [...jobs.ids],
    more: jobs.count - jobs.ids.length,
    path: `${JOBS_PATH}?state=failed`,
  };
}

/** How much of the log the list is made of, in a sentence or two. */
export function sourceWords(ctx: Pick<Context, "config" | "db">, report: ProblemReport): Words {
  const { LOG_LEVEL, LOG_DIR } = ctx.config;
  if (LOG_LEVEL === "silent") return said`LOG_LEVEL is silent, so the log says nothing of warnings and errors.`;
  const found = report.files === 0 ? said`There is no log file in ${LOG_DIR} to look into.` : foundWords(ctx, report);
  return LOG_LEVEL === "error" ? said`${found} LOG_LEVEL is error: warnings are not in the log.` : found;
}

function foundWords(ctx: Pick<Context, "db">, { since, isCut }: ProblemReport): Words {
  const all =
    since === undefined
      ? said`Warnings and errors of every process in the log.`
      : said`Warnings and errors of every process in the log since ${shownTime(ctx, since)}.`;
  if (!isCut) return all;
  return said`${all} Only the newest ${MAX_PROBLEM_LINES} of them, within the last ${formatBytes(MAX_LOG_BYTES)}, are shown; the files have more.`;
}

function timesCounted(count: number): Words {
  return counted("once", "{count} times", { count });
}

function titleOf({ event, message }: Problem): Words {
  return EVENT_WORDS[event as LogEvent] ?? (message || event);
}

function timesOf(ctx: Pick<Context, "db">, { firstAt, lastAt }: Pick<Problem, "firstAt" | "lastAt">): Words {
  const last = shownTime(ctx, lastAt);
  const first = shownTime(ctx, firstAt);
  return first === last ? last : said`first ${first}, last ${last}`;
}
