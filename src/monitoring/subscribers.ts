import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import type { Aggregator } from "./blog-numbers-store.ts";
import { findFullestDay, listAggregators, listReaderPrograms, sumSubscribers } from "./blog-numbers-store.ts";
import { dateBefore, dayOf } from "./daily-counts.ts";

/** Days in which a reader must have come by to count, today included. */
export const SUBSCRIBER_DAYS = 7;

/** Programs of each kind that are named. */
export const PROGRAMS_NAMED = 20;

/** About how many people read the feeds, and by which programs. */
export type Subscribers = {
  /** `declared` and `undeclared` together. */
  readonly estimate: number;
  /** For how many people programs say that they read: the newest number of each program and feed. */
  readonly declared: number;
  /** Different readers that say nothing, on the day that had most of them. */
  readonly undeclared: number;
  /** The largest that say a number. */
  readonly aggregators: readonly Aggregator[];
  /** The others, by program, on the day that had most. */
  readonly programs: readonly { readonly program: string; readonly readers: number }[];
};

/** Estimates the subscribers from who came by in the last `SUBSCRIBER_DAYS` days. Nobody can be sure of it. */
export function estimateSubscribers(ctx: Pick<Context, "db" | "clock">): Subscribers {
  const now = ctx.clock();
  const since = addSeconds(now, -SUBSCRIBER_DAYS * 86_400);
  const declared = sumSubscribers(ctx.db, since);
  const fullest = findFullestDay(ctx.db, dateBefore(dayOf(ctx, now), SUBSCRIBER_DAYS - 1));
  const undeclared = fullest?.readers ?? 0;
  return {
    estimate: declared + undeclared,
    declared,
    undeclared,
    aggregators: listAggregators(ctx.db, { since, limit: PROGRAMS_NAMED }),
    programs: fullest === undefined ? [] : listReaderPrograms(ctx.db, { day: fullest.day, limit: PROGRAMS_NAMED }),
  };
}
