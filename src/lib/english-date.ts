import type { DateStyle } from "./time-zone.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
].concat(["November", "December"]);
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/** The language tags whose dates `englishDate` writes. */
export function isPlainEnglish(language: string): boolean {
  return language === "en" || language === "en-US";
}

/**
 * A date in American English, as `Intl` writes it, with the fields that a clock in UTC shows at `milliseconds`. Most
 * sites need no other, and the first use of `Intl` costs 10 MiB of memory and a tenth of a start.
 */
export function englishDate(milliseconds: number, show: NonNullable<DateStyle["show"]>): string {
  const date = new Date(milliseconds);
  const month = MONTHS[date.getUTCMonth()] ?? "";
  const year = date.getUTCFullYear();
  const monthDay = `${month} ${date.getUTCDate()}`;
  const day = `${monthDay}, ${year}`;
  if (show === "month-name") return month;
  if (show === "day") return monthDay;
  if (show === "weekday") return WEEKDAYS[date.getUTCDay()] ?? "";
  if (show === "month") return `${month} ${year}`;
  return show === "date" ? day : `${day} at ${timeOfDay(date)}`;
}

function timeOfDay(date: Date): string {
  const hour = date.getUTCHours();
  const minutes = String(date.getUTCMinutes()).padStart(2, "0");
  return `${hour % 12 || 12}:${minutes} ${hour < 12 ? "AM" : "PM"}`;
}
