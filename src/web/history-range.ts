import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { HistoryRange } from "../monitoring/history.ts";
import { HISTORY_RANGES } from "../monitoring/history.ts";

/** Names of the ranges, the shortest first. */
export const RANGE_NAMES = Object.keys(HISTORY_RANGES) as HistoryRange[];

/** The range that a request names; undefined where it names none. Throws `invalid` for a word that is no range. */
export function parseRange(text: string | undefined): HistoryRange | undefined {
  if (text === undefined || text === "") return undefined;
  const range = RANGE_NAMES.find((name) => name === text);
  if (range === undefined) throw invalid("range", said`There is no such range: use ${RANGE_NAMES.join(", ")}.`);
  return range;
}
