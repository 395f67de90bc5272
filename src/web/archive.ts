import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { formatDate, fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import { countNotesBetween, findNewestBetween } from "../notes/listed-notes-store.ts";
import type { Span } from "../notes/listed-places-store.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import type { Settings } from "../site/settings.ts";
import type { ArchiveMonth, ArchiveYear } from "./archive-views.ts";
import type { CountedMonth } from "./calendar.ts";

type Month = { readonly year: number; readonly month: number };

/** The years that have listed notes, newest first, each with its months, by the author's calendar. */
export function listArchiveYears(db: Database, settings: Settings): ArchiveYear[] {
  const years = new Map<number, CountedMonth[]>();
  for (const month of listMonths(db, ALL_TIME, settings)) {
    years.set(month.year, [month, ...(years.get(month.year) ?? [])]);
  }
  return [...years].map(([year, months]) => ({
    path: paths.year(padYear(year)),
    label: String(year),
    count: months.reduce((sum, month) => sum + month.count, 0),
    months: months.map((month) => monthView(month, settings)),
  }));
}

/** The twelve months of a year, each with how many listed notes it has. */
export function listYearMonths(
  db: Database,
  { year, span }: { year: number; span: Span },
  settings: Settings,
): CountedMonth[] {
  const counts = new Map([...listMonths(db, span, settings)].map(({ month, count }) => [month, count]));
  return Array.from({ length: 12 }, (_, index) => ({ year, month: index + 1, count: counts.get(index + 1) ?? 0 }));
}

/** The span of a year (`2026`) or of one of its months (`03`); undefined when there is no such year or month. */
export function parsePeriod(year: string, month: string | undefined, settings: Settings): Span | undefined {
  if (!/^\d{4}$/u.test(year) || year === "0000") return undefined;
  if (month === undefined) {
    return {
      from: startOf({ year: Number(year), month: 1 }, settings),
      to: startOf({ year: Number(year) + 1, month: 1 }, settings),
    };
  }
  if (!/^(?:0[1-9]|1[0-2])$/u.test(month)) return undefined;
  return monthSpan({ year: Number(year), month: Number(month) }, settings);
}

/** The name of a month in the site's language: March 2026. */
export function monthLabel(span: Span, settings: Settings): string {
  return nameMonth(span, settings, "month");
}

/** Newest first. It goes from note to note, so years without any cost nothing, however many. */
function* listMonths(db: Database, { from, to }: Span, settings: Settings): Generator<CountedMonth> {
  let newest = findNewestBetween(db, { from, to });
  while (newest !== undefined) {
    const month = monthOf(newest, settings);
    const span = monthSpan(month, settings);
    yield { ...month, count: countNotesBetween(db, span) };
    // Of two times the earlier one, so that each step leads back whatever a zone did to its clocks.
    newest = findNewestBetween(db, { from, to: span.from < newest ? span.from : newest });
  }
}

/** Without its year, which stands above it. */
function monthView(month: CountedMonth, settings: Settings): ArchiveMonth {
  const path = paths.month(padYear(month.year), pad(month.month));
  return { path, label: nameMonth(monthSpan(month, settings), settings, "month-name"), count: month.count };
}

function nameMonth({ from }: Span, { language, timeZone }: Settings, show: "month" | "month-name"): string {
  return formatDate(from, { offsetMinutes: offsetMinutes(from, timeZone), language, show });
}

/** The month in whose span the moment lies. A clock put back at midnight shows the month before once more: that counts as the new one. */
function monthOf(moment: Timestamp, settings: Settings): Month {
  const { date } = toLocal(moment, offsetMinutes(moment, settings.timeZone));
  const shown = { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)) };
  return moment < startOf(next(shown), settings) ? shown : next(shown);
}

function monthSpan(month: Month, settings: Settings): Span {
  return { from: startOf(month, settings), to: startOf(next(month), settings) };
}

function next(month: Month): Month {
  return month.month === 12 ? { year: month.year + 1, month: 1 } : { year: month.year, month: month.month + 1 };
}

function startOf(month: Month, settings: Settings): Timestamp {
  // No note is later, and a year of five digits would not sort as text.
  if (month.year > 9999) return ALL_TIME.to;
  return fromLocal(`${padYear(month.year)}-${pad(month.month)}-01T00:00:00`, settings.timeZone);
}

function padYear(year: number): string {
  return String(year).padStart(4, "0");
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
