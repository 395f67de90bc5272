import { isIndexFailure } from "../db/damage.ts";
import type { Database } from "../db/database.ts";
import { FEW_HITS } from "./hit-page.ts";
import { listMatchingIds } from "./match-store.ts";
import { countIndexed, emptySearchIndex, indexNotesAfter } from "./search-index-store.ts";

/** Notes that are indexed in one write: it may not hold up others that want to write. */
export const REINDEX_PIECE = 200;

/** Whether the search index can be read, and how many notes it should have and has. */
export type IndexState =
  | { readonly isReadable: true; readonly notes: number; readonly indexed: number }
  | { readonly isReadable: false };

/** What was last looked for in vain in an index that could not be read. */
const failedSearches = new WeakMap<Database, string>();

/**
 * Makes the search index anew from the notes, in pieces: the site goes on meanwhile, and searches find what is indexed so
 * far. What ends in the middle can be begun again. Returns how many notes it has then.
 */
export async function rebuildSearchIndex(db: Database): Promise<number> {
  await db.write(() => emptySearchIndex(db));
  let last: number | undefined = 0;
  while (last !== undefined) {
    const after: number = last;
    last = await db.write(() => indexNotesAfter(db, after, REINDEX_PIECE));
  }
  return countIndexed(db).indexed;
}

/** Looks at the index by the search that failed last, if any did. */
export function readIndexState(db: Database): IndexState {
  try {
    listMatchingIds(db, failedSearches.get(db) ?? '"a"', { limit: FEW_HITS });
    failedSearches.delete(db);
    return { isReadable: true, ...countIndexed(db) };
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    return { isReadable: false };
  }
}

/** What `search` finds; where the index cannot be read, what `scan` finds without it, and that is remembered. */
export function searchOrScan<T>(db: Database, match: string, { search, scan }: { search: () => T; scan: () => T }): T {
  try {
    return search();
  } catch (error) {
    if (!isIndexFailure(error)) throw error;
    failedSearches.set(db, match);
    return scan();
  }
}
