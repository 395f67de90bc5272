import type { Reader } from "../db/connection.ts";
import { isIndexFailure } from "../db/damage.ts";
import type { Database } from "../db/database.ts";
import { FEW_HITS } from "./hit-page.ts";
import { listMatchingIds } from "./match-store.ts";
import { countIndexed, emptySearchIndex, indexNotesAfter, isIndexMarked } from "./search-index-store.ts";

/** Notes that are indexed in one write: it may not hold up others that want to write. */
export const REINDEX_PIECE = 200;

/** Whether the search index can be read, and how many notes it should have and has. */
export type IndexState =
  | { readonly isReadable: true; readonly notes: number; readonly indexed: number }
  | { readonly isReadable: false };

/** What was last looked for in vain in an index that could not be read. */
const failedSearches = new WeakMap<Reader, string>();

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
