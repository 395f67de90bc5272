import type { Reader } from "../db/connection.ts";
import { toMilliseconds, toTimestamp } from "../lib/clock.ts";
import { ALL_TIME } from "./listed-places-store.ts";
import type { ListedPlace } from "./random-note-store.ts";
import { findListedNote, findListedUntil, findOldestListed } from "./random-note-store.ts";

/** Ids that are tried before a moment is: where one note in ten is listed, one try in a thousand gets so far. */
export const MAX_RANDOM_TRIES = 64;

/**
 * Finds a listed note by chance; undefined where there is none. Ids are tried until one is that of a listed note, so that
 * each has the same chance. On a site that hides nearly all of its notes it is the one before a moment by chance instead:
 * then notes after a long silence come more often. `random` gives a number from 0 on and below 1. `lastId` is no smaller
 * than any id.
 */
export function findRandomNote(db: Reader, lastId: number, random: () => number): ListedPlace | undefined {
  for (let tries = 0; tries < MAX_RANDOM_TRIES && lastId > 0; tries += 1) {
    const note = findListedNote(db, 1 + Math.floor(random() * lastId));
    if (note !== undefined) return note;
  }
  const newest = findListedUntil(db, ALL_TIME.to);
  const oldest = newest && findOldestListed(db);
  if (newest === undefined || oldest === undefined) return undefined;
  const from = toMilliseconds(oldest);
  return findListedUntil(db, toTimestamp(from + random() * (toMilliseconds(newest.publishedAt) - from)));
}
