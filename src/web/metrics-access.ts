import type { Request } from "express";
import { requireScope } from "../auth/scope.ts";
import type { Context } from "../context/context.ts";
import { createBearerCheck, headerToken } from "./bearer.ts";
import { findRequestSession } from "./session-cookie.ts";

/** Scope of a token that may read metrics. */
const SCOPE = "metrics";

/**
 * Creates what lets the author through, and tokens with the scope `metrics`. It throws `unauthorized` for others,
 * `forbidden` for other tokens, `throttled` after too many wrong ones.
 */
export function createMetricsAccess(ctx: Context): (req: Request) => Promise<void> {
  const bearer = createBearerCheck(ctx);
  return async (req) => {
    if (findRequestSession(ctx, req) !== undefined) return;
    requireScope(await bearer.requireGrant(req, headerToken(req)), SCOPE);
  };
}
