import type { Words } from "../lib/words.ts";
import type { CheckedHealth, CheckStatus } from "../monitoring/health-check.ts";
import type { JobState } from "../monitoring/job-list-store.ts";
import type { BackupSchedule } from "../site/settings.ts";

/** A choice above a list, with how many entries it leads to. */
export type ListFilter = { label: Words; path: string; count: number; isCurrent: boolean };

/** A job in the queue. */
export type JobRowView = {
  id: number;
  /** What it does. */
  title: Words;
  state: JobState;
  /** What it is about; empty: nothing in particular. */
  subject: Words;
  /** Editor of the note that it is about; empty: it is about none. */
  notePath: string;
  attempts: Words;
  /** When it ended, or comes next. */
  when: Words;
  /** Why the last attempt did not end well; empty when it did. */
  reason: string;
  /** Where its buttons post to; empty: it has none. */
  retryPath: string;
  giveUpPath: string;
  giveUpLabel: Words;
};

/** The queue, filtered. */
export type JobsView = { filters: ListFilter[]; jobs: JobRowView[]; nextPath: string };

/** What the log says again and again, as one. */
export type ProblemRowView = {
  /** Its page. */
  path: string;
  title: Words;
  level: "warning" | "error";
  /** Empty: the log does not say. */
  reason: Words;
  count: Words;
  times: Words;
  /** The newest requests that met it. */
  requestIds: string[];
  /** How many more there are. */
  more: number;
};

/** The same with what its newest line says, in plain words. */
export type ProblemDetailView = ProblemRowView & {
  message: Words;
  facts: { name: Words; value: Words }[];
  /** The error, then its causes. */
  errors: { name: string; message: Words; stack: string }[];
};

/** Failed jobs of one kind and reason. */
export type FailedJobsView = {
  title: Words;
  reason: string;
  count: Words;
  times: Words;
  ids: number[];
  more: number;
  path: string;
};

/** All of it. */
export type ProblemsView = { source: Words; problems: ProblemRowView[]; failedJobs: FailedJobsView[] };

/** Every check of the program's health, and facts about it. */
export type HealthView = {
  checkedAt: string;
  worst: CheckStatus;
  checks: CheckedHealth[];
  facts: { name: Words; value: Words }[];
};

/** The backups that lie with the site, and what makes them. */
export type BackupsView = {
  backups: {
    name: string;
    kind: Words;
    made: string;
    size: Words;
    /** What its proof gave; its badge is `ok`, `failed` or `warning`. */
    proof: Words;
    badge: CheckStatus;
    problem: Words;
    downloadPath: string;
    deletePath: string;
  }[];
  schedule: BackupSchedule;
  next: string;
  /** Whether one is being made at this moment. */
  isRunning: boolean;
  /** Why the last try gave none; else empty. */
  failure: string;
  room: Words;
  folder: string;
  restoreCommand: string;
};
