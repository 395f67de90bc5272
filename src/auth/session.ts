import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds } from "../lib/clock.ts";

/** How long a login lasts that nobody uses, in seconds: 30 days. */
export const SESSION_IDLE_SECONDS = 30 * 86_400;
/** How long a login lasts at most, in seconds: 365 days. Browsers keep no cookie longer than 400. */
export const SESSION_LIFETIME_SECONDS = 365 * 86_400;
/** How often the last use of a login or token is written down, in seconds: each time is a synced commit. */
export const LAST_USED_SECONDS = 3600;

/** A login of one browser. */
export type Session = {
  readonly id: number;
  /** What every form of this login carries. */
  readonly csrfToken: string;
  readonly userAgent: string;
  /** Where it was made, cut to /24 or /48. */
  readonly network: string;
  readonly createdAt: Timestamp;
  readonly lastUsedAt: Timestamp;
  readonly expiresAt: Timestamp;
  /** When the author last proved in it who they are; see `proof.ts`. */
  readonly provedAt: Timestamp;
  /** Whether the author knows of it; else other logins ask. */
  readonly isKnown: boolean;
};

/** When a login that is used now will end. */
export function sessionEnd(createdAt: Timestamp, now: Timestamp): Timestamp {
  const idle = addSeconds(now, SESSION_IDLE_SECONDS);
  const last = addSeconds(createdAt, SESSION_LIFETIME_SECONDS);
  return idle < last ? idle : last;
}

/** Whether a use at `now` is to be written down; also when the clock was set back since the last one. */
export function isUseNews(lastUsedAt: Timestamp | undefined, now: Timestamp): boolean {
  if (lastUsedAt === undefined) return true;
  return Math.abs(toMilliseconds(now) - toMilliseconds(lastUsedAt)) >= LAST_USED_SECONDS * 1000;
}
