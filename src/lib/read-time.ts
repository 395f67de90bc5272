import type { Timestamp } from "./clock.ts";
import { toMilliseconds, toTimestamp } from "./clock.ts";
import { invalid } from "./errors.ts";
import { fromLocal } from "./time-zone.ts";

const WRITTEN =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?)? ?(?:(Z)|([+-])([01]\d|2[0-3]):?([0-5]\d))?$/iu;

/** A moment, with the minutes east of UTC that it was written with; undefined where it was written without any. */
export type WrittenTime = { readonly moment: Timestamp; readonly offset: number | undefined };

/**
 * Reads a date with or without time as clients write it, so that moment and offset are kept (§4.1.1). Without an offset
 * it is meant in the author's zone. Throws `invalid` naming the property for what is no date.
 */
export function readTime(text: string, name: string, timeZone: string): WrittenTime {
  const parts = WRITTEN.exec(text.trim());
  if (parts === null) throw invalid(name, `“${name}” is no date with a time, such as 2026-03-01T09:30:00+01:00.`);
  const [, day, time = "00:00", fraction = "", utc, sign, hours, minutes] = parts;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, "0"));
  const isZoned = utc !== undefined || sign !== undefined;
  const clock = toMilliseconds(fromLocal(`${day}T${time}`, isZoned ? "UTC" : timeZone, name)) + milliseconds;
  if (!isZoned) return { moment: toTimestamp(clock), offset: undefined };
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  const offset = sign === "-" ? 0 - size : size;
  return { moment: toTimestamp(clock - offset * 60_000), offset };
}
