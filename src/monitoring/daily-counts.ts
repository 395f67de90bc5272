import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toTimestamp } from "../lib/clock.ts";
import { fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { readSettings } from "../site/settings-store.ts";

/** The kinds of feeds, by their names for people. */
export const FEED_NAMES = ["rss", "atom", "json"] as const;

/** Name of a kind of feed. */
export type FeedName = (typeof FEED_NAMES)[number];

/** How a request for a feed ended: whole, or with word that nothing has changed. */
export type FeedAnswer = "sent" | "not_modified";

/**
 * Everything that is counted by day: a closed list. `tag_feed` is for the feeds of tags; `subscribers` is no sum but the
 * estimate as it was last made on that day.
 */
export type DailyCount =
  | `${"feed" | "tag_feed"}.${FeedName}.${FeedAnswer}`
  | `${"search" | "login"}.${"done" | "refused"}`
  | "subscribers";

/** A day of the author's. */
export type AuthorDay = {
  /** `2026-03-01` */
  readonly day: string;
  readonly timeZone: string;
  /** Its first moment, and that of the next day. */
  readonly from: Timestamp;
  readonly to: Timestamp;
};

/** The date that the author's clock shows at a moment: `2026-03-01`. */
export function dayOf({ db }: Pick<Context, "db">, moment: Timestamp): string {
  const { timeZone } = readSettings(db);
  return toLocal(moment, offsetMinutes(moment, timeZone)).date;
}

/** The author's day that a moment is in. */
export function authorDay(ctx: Pick<Context, "db">, moment: Timestamp): AuthorDay {
  const { timeZone } = readSettings(ctx.db);
  const day = dayOf(ctx, moment);
  return { day, timeZone, from: fromLocal(day, timeZone), to: fromLocal(nextDate(day), timeZone) };
}

/** The date so many days before one; after it when negative. */
export function dateBefore(day: string, days: number): string {
  return addSeconds(toTimestamp(new Date(day)), -days * 86_400).slice(0, 10);
}

function nextDate(day: string): string {
  return dateBefore(day, -1);
}
