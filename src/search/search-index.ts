import { setImmediate as nextTurn } from "node:timers/promises";
import type { Reader } from "../db/connection.ts";
import { isIndexFailure } from "../db/damage.ts";
import type { Database } from "../db/database.ts";
import { FEW_HITS } from "./hit-page.ts";
import { listMatchingIds } from "./match-store.ts";
import {
  countIndexed,
  countWaitingNotes,
  emptySearchIndex,
  indexWaitingNotes,
  isIndexMarked,
} from "./search-index-store.ts";

/** Notes that are indexed in one write: some milliseconds, for which it holds up everybody else. */
export const INDEX_PIECE = 100;

/** Most notes that a search waits for. While more wait, as after an import, it finds what the index has so far. */
export const MAX_AWAITED_NOTES = 1_000;

/** Whether the search index can be read, and how many notes it should have and has. */
export type IndexState =
  | { readonly isReadable: true; readonly notes: number; readonly indexed: number }
  | { readonly isReadable: false };

/** What was last looked for in vain in an index that could not be read. */
const failedSearches = new WeakMap<Reader, string>();

/**
 * Makes the search index anew from the notes, in pieces: the site goes on meanwhile, and searches find what is indexed so
 * far. What ends in the middle goes on with the next look for new notes. Returns how many notes it has then.
 */
export async function rebuildSearchIndex(db: Database): Promise<number> {
  await db.write(() => emptySearchIndex(db));
  await indexNewNotes(db);
  return countIndexed(db).indexed;
}

/** Puts the notes that wait into the index, in pieces; others have their turn in between. Rejects as `Database.write`. */
export async function indexNewNotes(db: Database): Promise<void> {
  while (countWaitingNotes(db, 1) > 0) {
    await db.write(() => indexWaitingNotes(db, INDEX_PIECE));
    await nextTurn();
  }
}

/** Whether a search has to wait for notes that are not in the index yet; see `MAX_AWAITED_NOTES`. */
export function isIndexBehind(db: Reader): boolean {
  return countWaitingNotes(db, 1) > 0 && !isIndexFarBehind(db);
}

/** Whether more notes wait than a search waits for: then it finds a part of what matches. */
export function isIndexFarBehind(db: Reader): boolean {
  return countWaitingNotes(db, MAX_AWAITED_NOTES + 1) > MAX_AWAITED_NOTES;
}

/** Brings the index up for a search. Where nothing can be written it is searched as it is. */
export async function awaitIndex(db: Database): Promise<void> {
  if (!isIndexBehind(db)) return;
  try {
    await indexNewNotes(db);
  } catch {
    // A lock or a full disk passes, and the next search tries again.
  }
}

/** Looks at the index by the search that failed last, if any did. */
export function readIndexState(db: Database): IndexState {
  if (isIndexMarked(db)) return { isReadable: false };
  try {
    listMatchingIds(db, failedSearches.get(db) ?? '"a"', { limit: FEW_HITS });
    failedSearches.delete(db);
    return { isReadable: true, ...countIndexed(db) };
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    return { isReadable: false };
  }
}

/** What `search` finds; where the index cannot be read or may lack notes, what `scan` finds, and that is remembered. */
export function searchOrScan<T>(db: Reader, match: string, { search, scan }: { search: () => T; scan: () => T }): T {
  if (isIndexMarked(db)) return scan();
  try {
    return search();
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    rememberFailure(db, match);
    return scan();
  }
}

/** Remembers a search that failed, so that the health of the index is judged by it. */
export function rememberFailure(db: Reader, match: string): void {
  failedSearches.set(db, match);
}
