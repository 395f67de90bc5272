import { setImmediate } from "node:timers/promises";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { ALL_TIME } from "../notes/listed-places-store.ts";
import type { ListedTag } from "../notes/listed-tags-store.ts";
import { listTagsByCount } from "../notes/listed-tags-store.ts";
import { readSettings } from "../site/settings-store.ts";
import type { CountedNote } from "./figures-store.ts";
import { listCountedNotes, saveFigures } from "./figures-store.ts";

/** Longest silences that are kept. */
export const MAX_GAPS = 5;

/** Most used tags that are kept. */
export const MAX_COUNTED_TAGS = 20;

/** Notes that are counted before others have their turn. */
const COUNTED_AT_ONCE = 500;

/** What a month has, in the author's zone. */
export type MonthFigures = { readonly notes: number; readonly words: number };

/** A time without a note: from the note before it to the one after it. */
export type Gap = { readonly from: Timestamp; readonly to: Timestamp };

/** Numbers about all listed notes. */
export type Figures = {
  /** By whose months it was counted. */
  readonly timeZone: string;
  readonly notes: number;
  readonly words: number;
  /** By month (`2026-03`), the newest first; months without notes are missing. */
  readonly months: Readonly<Record<string, MonthFigures>>;
  /** The longest first. */
  readonly gaps: readonly Gap[];
  /** The most used first. */
  readonly tags: readonly ListedTag[];
};

/** Counts all listed notes and stores the numbers. Others have their turn in between, however many notes there are. */
export async function countNotes({ db, clock }: Pick<Context, "db" | "clock">): Promise<void> {
  const { timeZone } = readSettings(db);
  const count = createCount(timeZone);
  let place = { publishedAt: ALL_TIME.to, id: 0 };
  let notes: CountedNote[];
  do {
    notes = listCountedNotes(db, { ...place, limit: COUNTED_AT_ONCE });
    for (const note of notes) count.add(note);
    place = notes.at(-1) ?? place;
    await setImmediate();
  } while (notes.length === COUNTED_AT_ONCE);
  await db.write(() => saveFigures(db, { ...count.end(), tags: listTagsByCount(db, MAX_COUNTED_TAGS) }, clock()));
}

type TimedGap = Gap & { readonly ms: number };

function createCount(timeZone: string) {
  const months: Record<string, { notes: number; words: number }> = {};
  let gaps: TimedGap[] = [];
  let total = { notes: 0, words: 0 };
  let next: Timestamp | undefined;
  return {
    /** Takes the next note, going back in time. */
    add({ publishedAt, words }: CountedNote): void {
      const month = toLocal(publishedAt, offsetMinutes(publishedAt, timeZone)).date.slice(0, 7);
      const { notes = 0, words: before = 0 } = months[month] ?? {};
      months[month] = { notes: notes + 1, words: before + words };
      total = { notes: total.notes + 1, words: total.words + words };
      if (next !== undefined) gaps = withGap(gaps, { from: publishedAt, to: next });
      next = publishedAt;
    },
    end: () => ({ ...total, timeZone, months, gaps: gaps.map(({ from, to }) => ({ from, to })) }),
  };
}

function withGap(gaps: TimedGap[], { from, to }: Gap): TimedGap[] {
  const ms = toMilliseconds(to) - toMilliseconds(from);
  if (gaps.length === MAX_GAPS && ms <= (gaps.at(-1)?.ms ?? 0)) return gaps;
  return [...gaps, { from, to, ms }].sort((one, other) => other.ms - one.ms).slice(0, MAX_GAPS);
}
