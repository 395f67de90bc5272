import type { IncomingMessage } from "node:http";
import type { Context } from "../context/context.ts";
import { createNetworkLimit, SEARCH_RATE } from "./rate-limit.ts";

/** How often one network may search: one limit for all that answer searches of a site. */
export type SearchLimit = {
  /** Takes a turn and returns 0; or takes none and returns the whole seconds until there will be one. Once a request. */
  take(req: IncomingMessage): number;
  /** Says that a request which has taken a turn goes on to another one who would ask it for a turn. */
  passOn(req: IncomingMessage): void;
};

const limits = new WeakMap<Context["config"], SearchLimit>();

/** The limit of a site, the same each time. */
export function searchLimitOf(ctx: Pick<Context, "config">): SearchLimit {
  const known = limits.get(ctx.config);
  if (known !== undefined) return known;
  const limit = createSearchLimit(ctx);
  limits.set(ctx.config, limit);
  return limit;
}

function createSearchLimit(ctx: Pick<Context, "config">): SearchLimit {
  const secondsToWait = createNetworkLimit(ctx, SEARCH_RATE);
  const passedOn = new WeakSet<IncomingMessage>();
  return {
    take: (req) => (passedOn.has(req) ? 0 : secondsToWait(req)),
    passOn: (req) => void passedOn.add(req),
  };
}
