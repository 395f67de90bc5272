import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds } from "../lib/clock.ts";
import { throttled } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { findPasswordHash } from "./author-store.ts";
import { findTryTime, insertTry, tidyTries } from "./failed-login-store.ts";
import { toVisitorKey } from "./network.ts";

/** Failed tries that one address has in an hour. */
export const MAX_TRIES_PER_ADDRESS = 20;
/** Failed tries that all addresses have together in an hour (OWASP ASVS 2.2.1). */
export const MAX_TRIES_IN_ALL = 100;
/** How long a failed try counts, in seconds; nobody waits longer. */
export const TRY_SECONDS = 3600;

/** Who tries: a stranger by address, who shares in the limit for all; or a browser that is logged in. */
export type Visitor = { readonly address: string } | { readonly sessionId: number };

/** Keeps addresses secret as long as there is no author whose salted hash could. */
const startSecret = createSecret();

/**
 * Counts a try before it is made, so that many at once cannot pass the limit, and returns its id; a right password
 * takes it back. Throws `throttled` with the seconds to wait once there were too many.
 */
export async function reserveTry(ctx: Pick<Context, "db" | "clock">, visitor: Visitor): Promise<number> {
  const now = ctx.clock();
  const key = toKey(ctx, visitor);
  // Most tries past the limit end here, without a write that others would wait for.
  const waitSeconds = secondsToWait(ctx, { visitor, key, now });
  if (waitSeconds > 0) throw throttled("tries", waitSeconds);

  const reserved = await ctx.db.write(() => {
    tidyTries(ctx.db, addSeconds(now, -TRY_SECONDS), now);
    const wait = secondsToWait(ctx, { visitor, key, now });
    // Returned and not thrown: the tidying is to stay.
    return wait > 0 ? { wait } : { id: insertTry(ctx.db, key, now) };
  });
  if (reserved.id === undefined) throw throttled("tries", reserved.wait);
  return reserved.id;
}

function secondsToWait(ctx: Pick<Context, "db">, request: { visitor: Visitor; key: string; now: Timestamp }): number {
  const { visitor, key, now } = request;
  const hour = { since: addSeconds(now, -TRY_SECONDS), until: now };
  const own = findTryTime(ctx.db, { visitor: key, ...hour }, MAX_TRIES_PER_ADDRESS - 1);
  const all =
    "address" in visitor ? findTryTime(ctx.db, { visitor: undefined, ...hour }, MAX_TRIES_IN_ALL - 1) : undefined;
  return Math.max(...[own, all].map((failedAt) => (failedAt === undefined ? 0 : secondsLeft(failedAt, now))));
}

function secondsLeft(failedAt: Timestamp, now: Timestamp): number {
  const left = Math.ceil((toMilliseconds(failedAt) - toMilliseconds(now)) / 1000) + TRY_SECONDS;
  return Math.min(Math.max(left, 1), TRY_SECONDS);
}

function toKey(ctx: Pick<Context, "db">, visitor: Visitor): string {
  if ("sessionId" in visitor) return `session:${visitor.sessionId}`;
  return toVisitorKey(visitor.address, findPasswordHash(ctx.db) ?? startSecret);
}
