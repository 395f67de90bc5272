import type { Timestamp } from "../lib/clock.ts";
import { formatDate, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { said } from "../lib/words.ts";

/** The moment that a template is opened, and how its author writes dates. */
export type TemplateMoment = { readonly now: Timestamp; readonly timeZone: string; readonly language: string };

/** What stands in a template for something else, with what it stands for. */
export const PLACEHOLDERS = {
  date: said`the day, such as 2026-03-01`,
  time: said`the time, such as 09:30`,
  day: said`the day of the month, such as 01`,
  month: said`the month, such as 03`,
  year: said`the year, such as 2026`,
  weekday: said`the day of the week, in the site’s language`,
  long_date: said`the day in words, in the site’s language`,
} as const;

/**
 * Puts the moment, in the author's zone, for the placeholders of a text: `{{date}}`, `{{ time }}` and the others of
 * PLACEHOLDERS. Everything else in braces stays as it is: nothing of a template is ever run.
 */
export function fillTemplate(text: string, moment: TemplateMoment): string {
  if (!text.includes("{{")) return text;
  const values = valuesAt(moment);
  return text.replace(/\{\{ ?(\w{1,20}) ?\}\}/gu, (whole, name: string) =>
    Object.hasOwn(values, name) ? values[name as keyof typeof PLACEHOLDERS] : whole,
  );
}

function valuesAt({ now, timeZone, language }: TemplateMoment): Readonly<Record<keyof typeof PLACEHOLDERS, string>> {
  const minutes = offsetMinutes(now, timeZone);
  const { date, time } = toLocal(now, minutes);
  const noon = new Date(`${date}T12:00:00Z`);
  return {
    date,
    time: time.slice(0, 5),
    day: date.slice(8),
    month: date.slice(5, 7),
    year: date.slice(0, 4),
    weekday: new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(noon),
    long_date: formatDate(now, { offsetMinutes: minutes, language }),
  };
}
