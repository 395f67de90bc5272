import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { formatDate, fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import { countNotesBetween, findListedSpan } from "../notes/listed-notes-store.ts";
import type { Settings } from "../site/settings.ts";
import type { ArchiveMonth, ArchiveYear } from "./views.ts";

/** A span of time by the author's calendar, `from` included and `to` not. */
export type Span = { readonly from: Timestamp; readonly to: Timestamp };

type Month = { readonly year: number; readonly month: number };

/** The years that have listed notes, newest first, each with its months, by the author's calendar. */
export function listArchiveYears(db: Database, settings: Settings): ArchiveYear[] {
  const span = findListedSpan(db);
  if (span === undefined) return [];
  const months = monthsBetween(monthOf(span.oldest, settings), monthOf(span.newest, settings));
  const counts = countNotesBetween(
    db,
    months.map((month) => monthSpan(month, settings)),
  );
  const views = months.map((month, index) => ({
    year: month.year,
    view: monthView(month, counts[index] ?? 0, settings),
  }));
  const years = [...new Set(months.map((month) => month.year))].reverse();
  return years
    .map((year) =>
      yearView(
        year,
        views.filter((month) => month.year === year && month.view.count > 0).map((m) => m.view),
      ),
    )
    .filter((year) => year.count > 0);
}

/** The span of a year (`2026`) or of one of its months (`03`); undefined when there is no such year or month. */
export function parsePeriod(year: string, month: string | undefined, settings: Settings): Span | undefined {
  if (!/^[12]\d{3}$/u.test(year) || (month !== undefined && !/^(?:0[1-9]|1[0-2])$/u.test(month))) return undefined;
  if (month !== undefined) return monthSpan({ year: Number(year), month: Number(month) }, settings);
  return {
    from: startOf({ year: Number(year), month: 1 }, settings),
    to: startOf({ year: Number(year) + 1, month: 1 }, settings),
  };
}

/** The name of a month in the site's language: March 2026. */
export function monthLabel(span: Span, settings: Settings): string {
  const offset = offsetMinutes(span.from, settings.timeZone);
  return formatDate(span.from, { offsetMinutes: offset, language: settings.language, show: "month" });
}

function yearView(year: number, months: ArchiveMonth[]): ArchiveYear {
  const count = months.reduce((sum, month) => sum + month.count, 0);
  return { path: paths.year(String(year)), label: String(year), count, months };
}

function monthView(month: Month, count: number, settings: Settings): ArchiveMonth {
  const path = paths.month(String(month.year), pad(month.month));
  return { path, label: monthLabel(monthSpan(month, settings), settings), count };
}

function monthOf(moment: Timestamp, settings: Settings): Month {
  const { date } = toLocal(moment, offsetMinutes(moment, settings.timeZone));
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)) };
}

function monthsBetween(first: Month, last: Month): Month[] {
  const months: Month[] = [];
  for (let month = last; isNotBefore(month, first); month = previous(month)) months.push(month);
  return months.reverse();
}

function isNotBefore(month: Month, other: Month): boolean {
  return month.year > other.year || (month.year === other.year && month.month >= other.month);
}

function previous(month: Month): Month {
  return month.month === 1 ? { year: month.year - 1, month: 12 } : { year: month.year, month: month.month - 1 };
}

function next(month: Month): Month {
  return month.month === 12 ? { year: month.year + 1, month: 1 } : { year: month.year, month: month.month + 1 };
}

function monthSpan(month: Month, settings: Settings): Span {
  return { from: startOf(month, settings), to: startOf(next(month), settings) };
}

function startOf(month: Month, settings: Settings): Timestamp {
  return fromLocal(`${month.year}-${pad(month.month)}-01T00:00:00`, settings.timeZone);
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
