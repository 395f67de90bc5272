import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const IMF = /^\w{3}, (?<day>\d{2}) (?<month>\w{3}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/;
const RFC_850 = /^\w{6,9}, (?<day>\d{2})-(?<month>\w{3})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/;
const ASCTIME = /^\w{3} (?<month>\w{3}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/;

/** Writes a moment as an HTTP date, whole seconds: `Sun, 01 Mar 2026 09:30:00 GMT`. */
export function toHttpDate(moment: Timestamp): string {
  return new Date(toMilliseconds(moment)).toUTCString();
}

/**
 * Reads an HTTP date, in its present or one of its two old forms, as milliseconds since 1970. Returns undefined for
 * anything else.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function parseHttpDate(text: string): number | undefined {
  const parts = (IMF.exec(text) ?? RFC_850.exec(text) ?? ASCTIME.exec(text))?.groups;
  if (!parts) return undefined;
  const month = MONTHS.indexOf(parts.month?.toLowerCase() ?? "") + 1;
  const day = Number(parts.day);
  if (month === 0 || day < 1 || day > 31) return undefined;

  const date = `${fullYear(parts.year ?? "")}-${pad(month)}-${pad(day)}`;
  const milliseconds = Date.parse(`${date}T${parts.time}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Two digits mean the last century from 70 on: no site has a page of 2070 yet, nor one that is older than the web. */
function fullYear(year: string): string {
  if (year.length === 4) return year;
  return Number(year) >= 70 ? `19${year}` : `20${year}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
