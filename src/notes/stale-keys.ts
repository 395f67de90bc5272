import type { Database } from "../db/database.ts";
import { findNeighbourIds } from "./neighbours-store.ts";
import { changeKeys } from "./public-changes-store.ts";

/**
 * Keys of pages that these changes make stale, in our own cache and in edges: the changes themselves and, where a note came into the lists, left
 * them or is called otherwise, the permalinks of the notes beside it, which lead to it.
 */
export function staleKeys(db: Database, changed: readonly string[]): ReadonlySet<string> {
  const keys = new Set(changed);
  for (const key of changed) {
    const id = /^link:(\d+)$/u.exec(key)?.[1];
    if (id !== undefined)
      for (const beside of findNeighbourIds(db, Number(id))) keys.add(changeKeys.note({ id: beside }));
  }
  return keys;
}
