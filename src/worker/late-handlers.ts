import type { Context } from "../context/context.ts";
import type { JobHandler, JobHandlers, JobKind } from "../jobs/job.ts";
import { RETRY_RULES } from "../jobs/retry-rule.ts";

/**
 * The handlers of jobs, loaded with the first job: a site on which nothing is done needs none of them. A job that finds
 * them not to be loaded fails, and is tried again as its rule says.
 */
export function lateHandlers(ctx: Context, signal: AbortSignal): JobHandlers {
  const loaded: { handlers?: JobHandlers } = {};
  const load = async (): Promise<JobHandlers> => {
    const { createHandlers } = await import("./handlers.ts");
    // Two jobs may have waited for it; what handlers remember, they remember together.
    loaded.handlers ??= createHandlers(ctx, signal);
    return loaded.handlers;
  };
  const late = <Kind extends JobKind>(kind: Kind): JobHandler<Kind> => {
    return async (payload, attempt) => (await load())[kind](payload, attempt);
  };
  const kinds = Object.keys(RETRY_RULES) as JobKind[];
  return Object.fromEntries(kinds.map((kind) => [kind, late(kind)])) as JobHandlers;
}
