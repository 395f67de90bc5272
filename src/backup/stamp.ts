import type { Timestamp } from "../lib/clock.ts";

/** A moment as names of files have it, to the second: `2026-11-22T031500Z`. */
export function toStamp(moment: Timestamp): string {
  return `${moment.slice(0, 19).replaceAll(":", "")}Z`;
}
