import type { Context } from "../context/context.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import type { LogEvent } from "../lib/log.ts";
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
const EVENT_WORDS: Partial<Record<LogEvent, string>> = {
  "server.fault": "Something failed outside of any request",
  "config.ignored": "A variable of the environment means nothing",
  "request.failed": "A request failed",
  "job.run": "A job ran into an error",
  "author.login_failed": "A login was refused",
};

/** What reasons of refused logins mean. */
const REASON_WORDS: Readonly<Record<string, string>> = {
  unauthorized: "The password was wrong.",
  forbidden: "The form was out of date.",
  throttled: "There were too many tries.",
};

/** What fields of the log are called by people. */
const FIELD_WORDS: Readonly<Record<string, string>> = {
  request_id: "Request",
  method: "Method",
  route: "Kind of address",
  status: "Status of the answer",
  duration_ms: "Took, in ms",
  note_id: "Note",
  job_id: "Job",
  kind: "Kind of job",
  attempts: "Attempts",
  result: "Result",
  reason: "Reason",
  source_url: "From",
  target_url: "To",
  client_id: "App",
  size_bytes: "Bytes",
  count: "How many",
  url: "Address",
  version: "Version",
};

/** A problem as a row of the list. */
export function problemRow(ctx: Pick<Context, "db">, problem: Problem): ProblemRowView {
  return {
    path: `${PROBLEMS_PATH}/${problem.key}`,
    title: titleOf(problem),
    level: problem.level === "warn" ? "warning" : "error",
    reason: REASON_WORDS[problem.reason] ?? problem.reason,
    count: problem.count === 1 ? "once" : `${problem.count} times`,
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
    count: jobs.count === 1 ? "once" : `${jobs.count} times`,
    times: timesOf(ctx, jobs),
    ids: [...jobs.ids],
    more: jobs.count - jobs.ids.length,
    path: `${JOBS_PATH}?state=failed`,
  };
}

/** How much of the log the list is made of, in a sentence or two. */
export function sourceWords(ctx: Pick<Context, "config" | "db">, report: ProblemReport): string {
  const { LOG_LEVEL, LOG_DIR } = ctx.config;
  if (LOG_LEVEL === "silent") return "LOG_LEVEL is silent, so the log says nothing of warnings and errors.";
  const hidden = LOG_LEVEL === "error" ? " LOG_LEVEL is error: warnings are not in the log." : "";
  if (report.files === 0) return `There is no log file in ${LOG_DIR} to look into.${hidden}`;
  const since = report.since === undefined ? "" : ` since ${shownTime(ctx, report.since)}`;
  const cut = report.isCut
    ? ` Only the newest ${MAX_PROBLEM_LINES.toLocaleString("en")} of them, within the last ${formatBytes(MAX_LOG_BYTES)}, are shown; the files have more.`
    : "";
  return `Warnings and errors of every process in the log${since}.${cut}${hidden}`;
}

function titleOf({ event, message }: Problem): string {
  return EVENT_WORDS[event as LogEvent] ?? (message || event);
}

function timesOf(ctx: Pick<Context, "db">, { firstAt, lastAt }: Pick<Problem, "firstAt" | "lastAt">): string {
  const last = shownTime(ctx, lastAt);
  const first = shownTime(ctx, firstAt);
  return first === last ? last : `first ${first}, last ${last}`;
}
