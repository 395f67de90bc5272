import type { Database } from "../db/database.ts";
import { onceATurn } from "../lib/once-a-turn.ts";
import { changeKeys, listChangesAfter, siteRevision } from "../notes/public-changes-store.ts";
import { staleKeys } from "../notes/stale-keys.ts";

/** Most changed keys that are dropped one by one; past that everything is. */
export const MAX_CHANGED_KEYS = 1000;

/** Watches the database for changes of what readers see, by this process and by others. */
export type Freshness = {
  /**
   * Drops what went stale, and returns a number that is the same as long as nothing was. Asks the database at most once
   * in a turn of the event loop, since no commit of another process can come between two requests of one turn that a
   * reader could tell apart. Throws what the database throws.
   */
  check(): number;
};

/** What is dropped from: keys, or everything. */
export type Dropped = { drop(keys: Iterable<string>): void; clear(): void };

/** What is kept of what readers see. A page leads to the notes beside it, a card shows its own note alone. */
export type Kept = { readonly pages: Dropped; readonly cards: Dropped };

/** Creates a watch that drops from what is kept. All of that must have been made after this call. */
export function createFreshness(db: Database, { pages, cards }: Kept): Freshness {
  let version = db.dataVersion();
  let revision = siteRevision(db);

  function catchUp(): void {
    const changes = listChangesAfter(db, revision, MAX_CHANGED_KEYS + 1);
    if (changes.length === 0) return;
    if (changes.length > MAX_CHANGED_KEYS) {
      pages.clear();
      cards.clear();
      revision = siteRevision(db);
      return;
    }
    const keys = changes.map(({ key }) => key);
    pages.drop(keys.includes(changeKeys.site) ? [changeKeys.site] : staleKeys(db, keys));
    cards.drop(keys);
    revision = changes.at(-1)?.revision ?? revision;
  }

  return {
    check: onceATurn(() => {
      const now = db.dataVersion();
      if (now !== version) {
        db.moment(catchUp);
        version = now; // Not before: what could not be read must be asked for again.
      }
      return version;
    }),
  };
}
