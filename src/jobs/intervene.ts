import type { Database } from "../db/database.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import { failWaitingJob, findJobState, removeFailedJob, restartJob } from "./intervene-store.ts";

/** What a job that was given up says of itself. */
export const GIVEN_UP_REASON = "It was given up by hand.";

/**
 * What came of it: the job is due, has failed, or is gone; a newer one waits in its place; or it has moved on meanwhile,
 * and nothing was changed.
 */
export type Intervention = "due" | "failed" | "removed" | "replaced" | "moved_on";

/** What intervening takes. */
export type InterveneTools = { readonly db: Database; readonly clock: Clock; readonly log: Logger };

/** A job, and which request asks for it. */
export type InterveneRequest = { readonly id: number; readonly requestId: string };

/** Makes a job that waits or has failed due now, with all its attempts before it. A job that runs is left alone. */
export async function retryJob(tools: InterveneTools, request: InterveneRequest): Promise<Intervention> {
  const { db, clock } = tools;
  const done = await db.write(() => {
    const job = findJobState(db, request.id);
    // An older claim of the same number may still write its outcome; it is one of the same work.
    if (job === undefined || (job.state !== "waiting" && job.state !== "failed"))
      return { result: "moved_on" } as const;
    return { result: restartJob(db, request.id, clock()) ? "due" : "replaced", kind: job.kind } as const;
  });
  return tell(tools, request, done);
}

/** Gives a job up: one that waits has failed then, one that has failed is gone. A job that runs is left alone. */
export async function giveUpJob(tools: InterveneTools, request: InterveneRequest): Promise<Intervention> {
  const { db, clock } = tools;
  const done = await db.write(() => {
    const kind = findJobState(db, request.id)?.kind;
    if (removeFailedJob(db, request.id)) return { result: "removed", kind } as const;
    const isFailed = failWaitingJob(db, request.id, { reason: GIVEN_UP_REASON, now: clock() });
    return { result: isFailed ? "failed" : "moved_on", kind } as const;
  });
  return tell(tools, request, done);
}

function tell(
  { log }: InterveneTools,
  { id, requestId }: InterveneRequest,
  { result, kind }: { result: Intervention; kind?: string | undefined },
): Intervention {
  log.info({ event: "job.intervene", request_id: requestId, job_id: id, kind, result }, "job handled by hand");
  return result;
}
