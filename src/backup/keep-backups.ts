import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds } from "../lib/clock.ts";

/** Days, weeks and months of which the newest backup is kept. */
export const KEPT = { daily: 7, weekly: 4, monthly: 12 } as const;

/** Why a backup is kept: for its day, its week, or its month. */
export type Term = keyof typeof KEPT;

const DAY_SECONDS = 86_400;

const PERIODS: { readonly [Name in Term]: (moment: Timestamp) => string } = {
  daily: (moment) => moment.slice(0, 10),
  weekly: mondayOf,
  monthly: (moment) => moment.slice(0, 7),
};

/**
 * Which backups are kept, and for what: the newest of each of the newest 7 days that have one, of 4 weeks (from Monday)
 * and of 12 months, by UTC. One that is kept for several terms is told with the longest. The others may go.
 */
export function chooseKept(madeAt: readonly Timestamp[]): ReadonlyMap<Timestamp, Term> {
  const newestFirst = [...new Set(madeAt)].sort().reverse();
  const kept = new Map<Timestamp, Term>();
  for (const term of ["daily", "weekly", "monthly"] as const) {
    for (const moment of newestOfEach(newestFirst, PERIODS[term]).slice(0, KEPT[term])) kept.set(moment, term);
  }
  return kept;
}

function newestOfEach(newestFirst: readonly Timestamp[], periodOf: (moment: Timestamp) => string): Timestamp[] {
  const newest = new Map<string, Timestamp>();
  for (const moment of newestFirst) if (!newest.has(periodOf(moment))) newest.set(periodOf(moment), moment);
  return [...newest.values()];
}

/** The Monday of a moment's week. 1 January 1970 was a Thursday. */
function mondayOf(moment: Timestamp): string {
  const days = Math.floor(toMilliseconds(moment) / (DAY_SECONDS * 1000));
  const sinceMonday = (((days + 3) % 7) + 7) % 7;
  return addSeconds(moment, -sinceMonday * DAY_SECONDS).slice(0, 10);
}
