import type { Database } from "../db/database.ts";
import type { JobReport } from "../jobs/job-store.ts";
import type { Timestamp } from "../lib/clock.ts";

/** States of jobs. */
export const JOB_STATES = ["waiting", "running", "failed", "done"] as const;

/** A state of a job. */
export type JobState = (typeof JOB_STATES)[number];

/** A job as the queue shows it. */
export type ListedJob = JobReport & {
  readonly createdAt: Timestamp;
  /** The note that it is about, if it is about one that is there. */
  readonly note: { readonly id: number; readonly label: string } | undefined;
};

type ListedRow = {
  id: number;
  kind: string;
  payload: string;
  state: JobState;
  run_at: Timestamp;
  attempts: number;
  reason: string | null;
  created_at: Timestamp;
  finished_at: Timestamp | null;
  note_id: number | null;
  note_label: string | null;
};

/** Jobs in a state, or in all, the newest first; `before` is the id of the last one of the page before. */
export function listQueue(
  db: Database,
  page: { state: JobState | undefined; before: number | undefined; limit: number },
): ListedJob[] {
  return db
    .all<ListedRow>(
      `SELECT jobs.id, jobs.kind, payload, state, run_at, attempts, reason, jobs.created_at, finished_at,
              notes.id AS note_id, coalesce(nullif(title, ''), nullif(substr(content_text, 1, 80), ''), slug) AS note_label
         FROM jobs LEFT JOIN notes ON notes.id = payload ->> 'noteId'
        WHERE (:state IS NULL OR state = :state) AND (:before IS NULL OR jobs.id < :before)
        ORDER BY jobs.id DESC
        LIMIT :limit`,
      page,
    )
    .map(toListed);
}

/** Failed jobs of one kind that failed for the same reason. */
export type FailedJobs = {
  readonly kind: string;
  readonly reason: string;
  readonly count: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
  /** The newest of them, at most `limit`. */
  readonly ids: readonly number[];
};

/** Failed jobs by kind and reason, the newest first. */
export function listFailedJobs(db: Database, limit: { groups: number; ids: number }): FailedJobs[] {
  return db
    .all<Omit<FailedJobs, "ids"> & { ids: string }>(
      `SELECT kind, coalesce(reason, '') AS reason, count(*) AS count, min(finished_at) AS firstAt,
              max(finished_at) AS lastAt, json_group_array(id ORDER BY id DESC) AS ids
         FROM jobs
        WHERE state = 'failed'
        GROUP BY kind, reason
        ORDER BY lastAt DESC
        LIMIT :limit`,
      { limit: limit.groups },
    )
    .map((row) => ({ ...row, ids: (JSON.parse(row.ids) as number[]).slice(0, limit.ids) }));
}

function toListed(row: ListedRow): ListedJob {
  return {
    id: row.id,
    kind: row.kind,
    payload: row.payload,
    state: row.state,
    runAt: row.run_at,
    attempts: row.attempts,
    reason: row.reason ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
    note: row.note_id === null ? undefined : { id: row.note_id, label: row.note_label ?? "" },
  };
}
