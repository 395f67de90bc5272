import type { Timestamp } from "../lib/clock.ts";
import { fromLocal } from "../lib/time-zone.ts";
import type { Span } from "../notes/listed-places-store.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import type { SearchQuery } from "./search-query.ts";

/** What statements ask of a note, as they take it: lists are JSON. */
export type HitFilters = Span & {
  readonly match: string;
  readonly excluded: string;
  readonly kinds: string;
  readonly notKinds: string;
  readonly tags: string;
  readonly notTags: string;
  /** Spans of time between `from` and `to`, in one of which a note must lie, or in none. */
  readonly spans: string;
  readonly notSpans: string;
};

const NO_TIME: Span = { from: ALL_TIME.to, to: ALL_TIME.to };

/** Converts a query for its statements. Years are those of the author's zone; what is no year has no notes. */
export function toHitFilters({ match, excluded, filters }: SearchQuery, timeZone: string): HitFilters {
  const toSpan = (year: string) => spanOfYear(year, timeZone);
  const spans = filters.years.map(toSpan);
  const froms = spans.map(({ from }) => from).sort();
  const tos = spans.map(({ to }) => to).sort();
  return {
    match,
    excluded,
    kinds: JSON.stringify(filters.kinds),
    notKinds: JSON.stringify(filters.notKinds),
    tags: JSON.stringify(filters.tags),
    notTags: JSON.stringify(filters.notTags),
    // One year is the stretch from `from` to `to` itself.
    spans: JSON.stringify(spans.length === 1 ? [] : spans),
    notSpans: JSON.stringify(filters.notYears.map(toSpan)),
    from: froms[0] ?? ALL_TIME.from,
    to: tos.at(-1) ?? ALL_TIME.to,
  };
}

function spanOfYear(text: string, timeZone: string): Span {
  const year = Number(text);
  if (!/^\d{4}$/u.test(text) || year === 0) return NO_TIME;
  return { from: startOfYear(year, timeZone), to: startOfYear(year + 1, timeZone) };
}

function startOfYear(year: number, timeZone: string): Timestamp {
  // No note is later, and a year of five digits would not sort as text.
  return year > 9999 ? ALL_TIME.to : fromLocal(`${String(year).padStart(4, "0")}-01-01T00:00:00`, timeZone);
}
