import type { Context } from "../context/context.ts";
import type { RecurringJob } from "../jobs/recurring.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds, toTimestamp } from "../lib/clock.ts";
import { findNewestEventTime, removeEventsBefore, removeOldFrequent } from "./audit-store.ts";

/** Days for which an event is kept. The schema refuses to delete younger ones, counted from the newest. */
export const AUDIT_DAYS = 400;
/** Of frequent events only those are kept that are among so many newest of all. The schema holds this number, too. */
export const NEWEST_EVENTS_KEPT = 100_000;
/** Events that one transaction removes: about 10 ms. */
export const AUDIT_PURGE_BATCH = 1_000;

const DAY_MS = 86_400_000;

/** The job that removes old events, once a day. */
export const PURGE_AUDIT: RecurringJob = {
  kind: "audit.purge",
  payload: {},
  nextRunAt: (now: Timestamp) => toTimestamp((Math.floor(toMilliseconds(now) / DAY_MS) + 1) * DAY_MS),
};

/**
 * Removes what is kept no longer. By age one batch a day goes, so that a clock that is wrong for a day costs little; by
 * number, which no clock has to do with, all there is to go.
 */
export async function purgeAudit({ db, clock }: Pick<Context, "db" | "clock">): Promise<void> {
  const limit = AUDIT_PURGE_BATCH;
  await db.write(() => {
    const now = clock();
    const newest = findNewestEventTime(db) ?? now;
    // Of a site where nothing happened for a year, the last thing that did stays.
    const before = addSeconds(newest < now ? newest : now, -AUDIT_DAYS * (DAY_MS / 1000));
    removeEventsBefore(db, { before, limit });
  });
  for (let removed = limit; removed === limit; ) {
    removed = await db.write(() => removeOldFrequent(db, { kept: NEWEST_EVENTS_KEPT, limit }));
  }
}
