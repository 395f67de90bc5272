import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { formatDate, fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import { formatCursor } from "../notes/cursor.ts";
import { countNotesBetween } from "../notes/listed-notes-store.ts";
import type { Span } from "../notes/listed-places-store.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import type { Settings } from "../site/settings.ts";
import type { CalendarDay, CalendarMonth } from "./archive-views.ts";

/** Notes on one page of a month. */
export const MONTH_NOTES_PER_PAGE = 200;

/** Notes of a day from which on its shade grows; the deepest is the last. */
const SHADES = [1, 2, 4, 8] as const;

const WEEK = [0, 1, 2, 3, 4, 5, 6];
/** A Sunday, to name the days of the week by. */
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY_MS = 24 * 3600 * 1000;

/** A month by its numbers, with how many listed notes it has. */
export type CountedMonth = { readonly year: number; readonly month: number; readonly count: number };

/** Draws a month as a calendar: its weeks, and for each day how many listed notes it has and where these are. */
export function calendarMonth(db: Database, counted: CountedMonth, settings: Settings): CalendarMonth {
  const days = listDays(db, counted, settings);
  const first = days[0]?.weekday ?? 0;
  const lead = (first - firstWeekday(settings.language) + 7) % 7;
  const cells: (CalendarDay | null)[] = [...Array<null>(lead).fill(null), ...days.map(({ day }) => day)];
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, week) => cells.slice(7 * week, 7 * week + 7));
  const moment = new Date(Date.UTC(2024, counted.month - 1, 1)).toISOString() as Timestamp;
  return {
    path: counted.count === 0 ? "" : monthPath(counted),
    label: formatDate(moment, { offsetMinutes: 0, language: settings.language, show: "month-name" }),
    count: counted.count,
    weeks: weeks.map((week) => [...week, ...Array<null>(7 - week.length).fill(null)]),
  };
}

/** The names of the days of the week, in the order in which the language's calendars have them. */
export function weekdayNames(language: string): { name: string; initial: string }[] {
  const first = firstWeekday(language);
  return WEEK.map((index) => {
    const moment = new Date(SUNDAY + ((index + first) % 7) * DAY_MS).toISOString() as Timestamp;
    const name = formatDate(moment, { offsetMinutes: 0, language, show: "weekday" });
    return { name, initial: [...name][0] ?? "" };
  });
}

/** The span of a day of the author's calendar; undefined where the year has no such day. */
export function daySpan(date: string, { timeZone }: Pick<Settings, "timeZone">): Span | undefined {
  const next = new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS);
  if (Number.isNaN(next.getTime()) || new Date(next.getTime() - DAY_MS).toISOString().slice(0, 10) !== date)
    return undefined;
  const to = next.toISOString().slice(0, 10);
  return {
    from: fromLocal(`${date}T00:00:00`, timeZone),
    // No note is later, and a year of five digits would not sort as text.
    to: to.startsWith("+") ? ALL_TIME.to : fromLocal(`${to}T00:00:00`, timeZone),
  };
}

/** The day of a note by the author's calendar, as its month's page names it: `d14`. */
export function dayAnchor(moment: Timestamp, { timeZone }: Pick<Settings, "timeZone">): string {
  return `d${toLocal(moment, offsetMinutes(moment, timeZone)).date.slice(8)}`;
}

function listDays(db: Database, month: CountedMonth, settings: Settings): { weekday: number; day: CalendarDay }[] {
  const length = new Date(Date.UTC(2000 + (month.year % 400), month.month, 0)).getUTCDate();
  return Array.from({ length }, (_, index) => {
    const date = `${padYear(month.year)}-${pad(month.month)}-${pad(index + 1)}`;
    const span = month.count === 0 ? undefined : daySpan(date, settings);
    const count = span === undefined ? 0 : countNotesBetween(db, span);
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    return {
      weekday,
      day: { number: index + 1, count, shade: shadeOf(count), path: dayPath(month, { index, count, span }) },
    };
  });
}

function dayPath(month: CountedMonth, day: { index: number; count: number; span: Span | undefined }): string {
  if (day.count === 0 || day.span === undefined) return "";
  const anchor = `#d${pad(day.index + 1)}`;
  // Of a month with several pages, the one that begins with this day.
  const isPaged = month.count > MONTH_NOTES_PER_PAGE && day.span.to !== ALL_TIME.to;
  const place = isPaged ? `?before=${formatCursor({ publishedAt: day.span.to, id: 0 })}` : "";
  return monthPath(month) + place + anchor;
}

function monthPath({ year, month }: CountedMonth): string {
  return paths.month(padYear(year), pad(month));
}

function shadeOf(count: number): number {
  return SHADES.filter((least) => count >= least).length;
}

type WeekInfo = { readonly firstDay: number };

/** What tells the days of a week: a method since Node 22, and under Node 20 a property. */
type WithWeekInfo = Intl.Locale & { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };

/** 0 is Sunday. Node knows for each language on which day its calendars begin. */
function firstWeekday(language: string): number {
  try {
    const locale: WithWeekInfo = new Intl.Locale(language);
    const week = locale.getWeekInfo?.() ?? locale.weekInfo;
    return (week?.firstDay ?? 1) % 7;
  } catch {
    return 1; // A malformed tag must not take a page down.
  }
}

function padYear(year: number): string {
  return String(year).padStart(4, "0");
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
