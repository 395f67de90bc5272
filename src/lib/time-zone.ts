import type { Timestamp } from "./clock.ts";
import { toMilliseconds, toTimestamp } from "./clock.ts";
import { englishDate, isPlainEnglish } from "./english-date.ts";
import { invalid } from "./errors.ts";
import { said } from "./words.ts";

/** A moment on the clocks of one offset from UTC. */
export type LocalTime = {
  /** `2026-11-21` */
  readonly date: string;
  /** `14:30:05` */
  readonly time: string;
  /** RFC 3339 with the offset, seconds without fraction: `2026-11-21T14:30:05-08:00`. */
  readonly iso: string;
};

/** How `formatDate` writes. */
export type DateStyle = {
  /** Minutes east of UTC. */
  readonly offsetMinutes: number;
  /** BCP 47; one that Intl does not know reads as English. */
  readonly language: string;
  /** What of the moment to show; the date when left out. */
  readonly show?: "date" | "date-time" | "month" | "month-name" | "day" | "weekday" | undefined;
};

/** How many formatters stay in memory: making one is dear, and a site has few zones and languages. */
const MAX_KEPT_FORMATS = 100;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const LOCAL_TIME = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?$/;
const SHOWN: Record<NonNullable<DateStyle["show"]>, Intl.DateTimeFormatOptions> = {
  date: { dateStyle: "long" },
  "date-time": { dateStyle: "long", timeStyle: "short" },
  month: { year: "numeric", month: "long" },
  "month-name": { month: "long" },
  day: { month: "long", day: "numeric" },
  weekday: { weekday: "long" },
};
const kept = new Map<string, Intl.DateTimeFormat>();

/** Days whose offset or words stay in memory, for all zones and languages together: Intl takes 10 µs for one. */
export const MAX_KEPT_DAYS = 20_000;
const keptOffsets = new Map<string, number | "changes">();
const keptDates = new Map<string, string>();

/** Whether `name` is an IANA time zone (`Europe/Berlin`, `UTC`); a bare offset such as `+02:00` is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    zoneFormat(name);
    return true;
  } catch {
    return false; // Intl says "no" only by throwing
  }
}

/** Names of all time zones that may be chosen, `UTC` first, then by name. */
export function timeZones(): string[] {
  return [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])];
}

/** Minutes that clocks in `zone` are ahead of UTC at that moment. Throws RangeError for an unknown zone. */
export function offsetMinutes(moment: Timestamp, zone: string): number {
  return offsetAt(toMilliseconds(moment), zone);
}

/** Converts a moment to what clocks show that are `minutes` ahead of UTC. */
export function toLocal(moment: Timestamp, minutes: number): LocalTime {
  const shifted = toTimestamp(toMilliseconds(moment) + minutes * MINUTE_MS);
  const [date = "", rest = ""] = shifted.split("T");
  const time = rest.slice(0, 8);
  return { date, time, iso: `${date}T${time}${toOffset(minutes)}` };
}

/**
 * Converts what a clock in `zone` shows (`2026-11-21T14:30`, with or without seconds; a date alone is its midnight)
 * to the moment. A time that the clock skips moves forward by the gap; of one that it shows twice the first counts.
 * Throws `invalid` for `field` when it is no such date.
 */
export function fromLocal(text: string, zone: string, field = "date"): Timestamp {
  const local = parseLocal(text, field);
  const before = offsetAt(local - DAY_MS, zone);
  const after = offsetAt(local + DAY_MS, zone);
  const moments = [before, after]
    .map((minutes) => ({ moment: local - minutes * MINUTE_MS, minutes }))
    .filter(({ moment, minutes }) => offsetAt(moment, zone) === minutes)
    .map(({ moment }) => moment);
  // In a gap neither holds; the offset from before it then gives the later time.
  return toTimestamp(moments.length > 0 ? Math.min(...moments) : local - before * MINUTE_MS);
}

/**
 * The date in words of a language, as on clocks at an offset. The calendar is the Gregorian one, as in the archive's
 * addresses, unless the language tag asks for another (`fa-u-ca-persian`).
 */
export function formatDate(moment: Timestamp, style: DateStyle): string {
  const { language, show = "date" } = style;
  const local = toMilliseconds(moment) + style.offsetMinutes * MINUTE_MS;
  if (isPlainEnglish(language)) return englishDate(local, show);
  const format = () => wordFormat(language, show).format(local);
  return show === "date" ? keepDay(keptDates, `${Math.floor(local / DAY_MS)} ${language}`, format) : format();
}

/** `+05:30`, `-08:00`, `+00:00`: an offset as RFC 3339 writes it. */
export function toOffset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function parseLocal(text: string, field: string): number {
  const parts = LOCAL_TIME.exec(text.trim())
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts ?? [];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // Date rolls 30 February over into March, so only what comes back unchanged was a date.
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour;
  if (!parts || !isReal || minute > 59 || second > 59) {
    throw invalid(field, said`This is no date and time. Write it like 2026-11-21T14:30.`);
  }
  return date.getTime();
}

function offsetAt(milliseconds: number, zone: string): number {
  if (zone === "UTC") return 0;
  const day = Math.floor(milliseconds / DAY_MS) * DAY_MS;
  // No zone has ever gone and come back within a day.
  const ofDay = keepDay(keptOffsets, `${day} ${zone}`, () => {
    const offset = readOffset(day, zone);
    return offset === readOffset(day + DAY_MS, zone) ? offset : "changes";
  });
  return ofDay === "changes" ? readOffset(milliseconds, zone) : ofDay;
}

function readOffset(milliseconds: number, zone: string): number {
  const parts = zoneFormat(zone).formatToParts(milliseconds);
  const name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  const [, sign, hours, minutes, seconds] = /([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(name) ?? [];
  if (sign === undefined) return 0; // "GMT"
  // Before standard time offsets had seconds, which RFC 3339 cannot write.
  const size = Number(hours) * 60 + Number(minutes) + Math.round(Number(seconds ?? 0) / 60);
  return sign === "-" ? -size : size;
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  return keep(`zone ${zone}`, () => new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }));
}

function wordFormat(language: string, show: NonNullable<DateStyle["show"]>): Intl.DateTimeFormat {
  return keep(`words ${show} ${language}`, () => {
    const locale = toLocale(language);
    const calendar = locale.calendar ?? "gregory";
    return new Intl.DateTimeFormat([locale.toString(), "en"], { ...SHOWN[show], calendar, timeZone: "UTC" });
  });
}

function toLocale(language: string): Intl.Locale {
  try {
    return new Intl.Locale(language);
  } catch {
    return new Intl.Locale("en"); // a malformed tag must not take a page down
  }
}

function keep(key: string, create: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const found = kept.get(key);
  if (found) return found;
  const made = create();
  if (kept.size >= MAX_KEPT_FORMATS) kept.clear();
  kept.set(key, made);
  return made;
}

function keepDay<Value>(days: Map<string, Value>, key: string, read: () => Value): Value {
  const found = days.get(key);
  if (found !== undefined) return found;
  const value = read();
  if (days.size >= MAX_KEPT_DAYS) days.clear();
  days.set(key, value);
  return value;
}
