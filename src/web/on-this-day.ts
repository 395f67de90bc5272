import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { formatDate, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import type { ListedNote } from "../notes/listed-notes-store.ts";
import { findNewestBetween, listListedNotes } from "../notes/listed-notes-store.ts";
import type { Span } from "../notes/listed-places-store.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import type { Settings } from "../site/settings.ts";
import { daySpan } from "./calendar.ts";
import type { TagView } from "./views.ts";

/** Most years of one day that its page shows, the newest ones. */
export const MAX_DAY_YEARS = 50;

/** Most notes of one day of one year that the page shows; a link leads to the others. */
export const MAX_DAY_NOTES = 20;

/** Days of the months of a leap year: every day that there can be. */
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of any year, both numbers with two digits. */
export type MonthDay = { readonly month: string; readonly day: string };

/** What a day of one year has. */
export type DayOfYear = {
  readonly year: string;
  readonly notes: readonly ListedNote[];
  /** There are more than are listed. */
  readonly hasMore: boolean;
};

/** Reads a month and a day of it, as addresses have them; undefined for what no year has. */
export function parseMonthDay(month: string, day: string): MonthDay | undefined {
  if (!/^\d\d$/u.test(month) || !/^\d\d$/u.test(day)) return undefined;
  const length = MONTH_LENGTHS[Number(month) - 1] ?? 0;
  return Number(day) >= 1 && Number(day) <= length ? { month, day } : undefined;
}

/** The day that it is by the author's clock. */
export function todayOf(now: Timestamp, { timeZone }: Pick<Settings, "timeZone">): MonthDay {
  const { date } = toLocal(now, offsetMinutes(now, timeZone));
  return { month: date.slice(5, 7), day: date.slice(8) };
}

/**
 * The years that have listed notes on a day, by the author's calendar, newest first. It goes from note to note, so years
 * without any cost nothing, and at most MAX_DAY_YEARS that have some are looked at.
 */
export function listDayYears(db: Database, wanted: MonthDay, settings: Settings): DayOfYear[] {
  const found: DayOfYear[] = [];
  let newest = findNewestBetween(db, ALL_TIME);
  while (newest !== undefined && found.length < MAX_DAY_YEARS) {
    const latest = latestDay(newest, wanted, settings);
    if (latest === undefined) break;
    const { notes } = listListedNotes(db, { limit: MAX_DAY_NOTES + 1 }, latest.span);
    const hasMore = notes.length > MAX_DAY_NOTES;
    if (notes.length > 0) found.push({ year: latest.year, notes: notes.slice(0, MAX_DAY_NOTES), hasMore });
    newest = findNewestBetween(db, { from: ALL_TIME.from, to: latest.span.from });
  }
  return found;
}

/** A link to a day of any year, called as the language does. */
export function dayLink({ month, day }: MonthDay, language: string): TagView {
  const moment = `2024-${month}-${day}T00:00:00.000Z` as Timestamp;
  return { label: formatDate(moment, { offsetMinutes: 0, language, show: "day" }), path: paths.dayOfYear(month, day) };
}

/** The day so many days later in a leap year, after whose end it begins again. */
export function daysLater({ month, day }: MonthDay, days: number): MonthDay {
  const date = new Date(Date.UTC(2024, Number(month) - 1, Number(day) + days)).toISOString();
  return { month: date.slice(5, 7), day: date.slice(8, 10) };
}

/** Every day that there can be, by month. */
export function listAllDays(language: string): { label: string; days: TagView[] }[] {
  return MONTH_LENGTHS.map((length, index) => {
    const month = String(index + 1).padStart(2, "0");
    const moment = `2024-${month}-01T00:00:00.000Z` as Timestamp;
    return {
      label: formatDate(moment, { offsetMinutes: 0, language, show: "month-name" }),
      days: Array.from({ length }, (_, past) => {
        const day = String(past + 1).padStart(2, "0");
        return { label: String(past + 1), path: paths.dayOfYear(month, day) };
      }),
    };
  });
}

/** The day in the latest year in which it had begun at a moment; undefined where there is none since the year 1. */
function latestDay(
  moment: Timestamp,
  { month, day }: MonthDay,
  settings: Settings,
): { year: string; span: Span } | undefined {
  const { date } = toLocal(moment, offsetMinutes(moment, settings.timeZone));
  // Eight years may lie between two leap days. A year more, since clocks may have been put back over the turn of one.
  for (
    let year = Math.min(9999, Number(date.slice(0, 4)) + 1), tries = 0;
    year > 0 && tries < 10;
    year -= 1, tries += 1
  ) {
    const text = String(year).padStart(4, "0");
    const span = daySpan(`${text}-${month}-${day}`, settings);
    if (span !== undefined && span.from <= moment) return { year: text, span };
  }
  return undefined;
}
