import type { Doing } from "../audit/record.ts";
import { recordAlone } from "../audit/record.ts";
import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds } from "../lib/clock.ts";
import type { AppError } from "../lib/errors.ts";
import { throttled } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { findPasswordHash } from "./author-store.ts";
import type { FailedTry } from "./failed-login-store.ts";
import { insertTry, listTries, removeTry, updateTryTime } from "./failed-login-store.ts";
import { toVisitorKey } from "./network.ts";
import { secondsLeft } from "./time-left.ts";

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

/** A try that still counts, and for how many seconds. */
type CountingTry = FailedTry & { readonly leftSeconds: number };

/** The limit that was passed, by the key of the visitor whose it is or as that of all, and when there is room again. */
type PassedLimit = { readonly limit: string; readonly waitSeconds: number };

/** No visitor's key. */
const ALL = "all";

/** Times of a try that differ by no more are the same, in seconds: no clock was set. */
const SAME_SECONDS = 1;

/**
 * Counts a try before it is made, so that many at once cannot pass the limit, and returns its id; a right password
 * takes it back. Throws `throttled` with the seconds to wait once there were too many. A clock that is set meanwhile
 * makes nobody wait longer, and gives nobody more tries. Of tries past the limit the audit log learns once in an hour.
 */
export async function reserveTry(ctx: Doing<"db" | "clock">, visitor: Visitor): Promise<number> {
  const key = toKey(ctx, visitor);
  // Most tries past the limit end here, without a write that others would wait for.
  const passed = findPassed(readTries(ctx), visitor, key);
  if (passed !== undefined) throw await refusal(ctx, passed);

  const reserved = await ctx.db.write(() => {
    const tries = readTries(ctx);
    tidy(ctx, tries);
    // Returned and not thrown: the tidying is to stay.
    return findPassed(tries, visitor, key) ?? insert(ctx, key);
  });
  if (typeof reserved !== "number") throw await refusal(ctx, reserved);
  return reserved;
}

/** When the audit log was told last, by whose limit it was, in the memory of this process: it goes when the database goes. */
const told = new WeakMap<Database, Map<string, Timestamp>>();

/** Told once an hour: who is refused can try on without end, and would push out of the log what is worth reading. */
async function refusal(ctx: Doing<"db" | "clock">, { limit, waitSeconds }: PassedLimit): Promise<AppError> {
  if (isFirstThisHour(ctx, limit)) {
    const from = limit === ALL ? " from everywhere" : "";
    await recordAlone(ctx, {
      kind: "login.refuse",
      detail: `too many tries${from}; more of them are not listed for an hour`,
    });
  }
  return throttled("tries", waitSeconds);
}

function isFirstThisHour(ctx: Pick<Context, "db" | "clock">, limit: string): boolean {
  const now = ctx.clock();
  const hasPassed = (before: Timestamp) => Math.abs(toMilliseconds(now) - toMilliseconds(before)) >= TRY_SECONDS * 1000; // Also over a clock that was set back.
  const known = [...(told.get(ctx.db) ?? [])].filter(([, before]) => !hasPassed(before));
  if (known.some(([name]) => name === limit)) return false;
  told.set(ctx.db, new Map([...known, [limit, now]]));
  return true;
}

function insert(ctx: Pick<Context, "db" | "clock">, visitor: string): number {
  const failedAt = ctx.clock();
  const id = insertTry(ctx.db, visitor, failedAt);
  leftSeconds(ctx, { id, visitor, failedAt }); // From now on its hour passes.
  return id;
}

function readTries(ctx: Pick<Context, "db" | "clock">): CountingTry[] {
  return listTries(ctx.db).map((each) => ({ ...each, leftSeconds: leftSeconds(ctx, each) }));
}

function leftSeconds(ctx: Pick<Context, "db" | "clock">, { id, failedAt }: FailedTry): number {
  const endsAt = addSeconds(failedAt, TRY_SECONDS);
  return secondsLeft(ctx, `failed try ${id}`, { endsAt, longestSeconds: TRY_SECONDS });
}

/** Drops tries that count no more, and gives those a fitting time that a clock was set over: for the next process. */
function tidy(ctx: Pick<Context, "db" | "clock">, tries: readonly CountingTry[]): void {
  const now = ctx.clock();
  for (const { id, visitor, failedAt, leftSeconds: left } of tries) {
    const fitting = addSeconds(now, left - TRY_SECONDS);
    const isOff = Math.abs(toMilliseconds(fitting) - toMilliseconds(failedAt)) > SAME_SECONDS * 1000;
    if (left === 0) removeTry(ctx.db, id);
    else if (isOff) {
      updateTryTime(ctx.db, id, fitting);
      leftSeconds(ctx, { id, visitor, failedAt: fitting });
    }
  }
}

/** The visitor's own limit, where that is passed, or else that of all, which a browser that is logged in has no part in. */
function findPassed(tries: readonly CountingTry[], visitor: Visitor, key: string): PassedLimit | undefined {
  const own = untilFewer(
    tries.filter((each) => each.visitor === key),
    MAX_TRIES_PER_ADDRESS,
  );
  const all = "address" in visitor ? untilFewer(tries, MAX_TRIES_IN_ALL) : 0;
  if (own === 0 && all === 0) return undefined;
  return { limit: own > 0 ? key : ALL, waitSeconds: Math.max(own, all) };
}

/** Whole seconds until fewer than `max` of these count. */
function untilFewer(tries: readonly CountingTry[], max: number): number {
  const newestFirst = tries.map((each) => each.leftSeconds).toSorted((one, other) => other - one);
  return Math.ceil(newestFirst[max - 1] ?? 0);
}

function toKey(ctx: Pick<Context, "db">, visitor: Visitor): string {
  if ("sessionId" in visitor) return `session:${visitor.sessionId}`;
  return toVisitorKey(visitor.address, findPasswordHash(ctx.db) ?? startSecret);
}
