import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";

/** Units of time past, the largest first, in seconds. */
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;

/** How long ago something was, in whole days, hours or minutes: "3 hours ago", "this minute". What is to come counts as now. */
export function ago(moment: Timestamp, now: Timestamp, language: string): string {
  const seconds = Math.max(0, (toMilliseconds(now) - toMilliseconds(moment)) / 1000);
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.floor(seconds / size), unit);
}
