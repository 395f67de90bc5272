import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** State of what readers see: it changed with this revision, at this time. */
export type PublicChange = {
  /** Never comes again and only grows; 0 before anything was public. */
  readonly revision: number;
  /** Never goes back; undefined before anything was public. */
  readonly changedAt: Timestamp | undefined;
};

/** Keys under which the triggers of the schema write down what changed. */
export const changeKeys = {
  /** Home, archive, feeds, sitemap. */
  list: "list",
  /** The author's pages, as the sitemap names them. */
  pages: "pages",
  /** Every page: the settings changed. */
  site: "site",
  note: (note: { id: number }) => `note:${note.id}`,
  /** What leads to a note from the permalinks of those beside it. */
  link: (note: { id: number }) => `link:${note.id}`,
  /** The list of related notes under a permalink. */
  related: (note: { id: number }) => `related:${note.id}`,
  /** The numbers of the page of statistics. */
  figures: "figures",
  /** What the notes of a series show of each other. */
  series: (series: { name: string }) => `series:${series.name}`,
  /** What notes show of their translations. */
  translations: (key: string) => `translations:${key}`,
  /** Which notes are pinned on home. */
  pins: "pins",
  tag: (tag: { name: string }) => `tag:${tag.name}`,
};

type ChangeRow = { revision: number; changed_at: Timestamp };

/** Revision of the newest change of anything that is public; 0 before there was one. */
export function siteRevision(db: Database): number {
  return db.get<{ revision: number | null }>("SELECT max(revision) AS revision FROM public_changes")?.revision ?? 0;
}

/** The newest change of what depends on any of these keys. */
export function newestChange(db: Database, keys: readonly string[]): PublicChange {
  let newest: PublicChange = { revision: 0, changedAt: undefined };
  // One look-up a key costs a fifth of one statement for a list of keys. A later revision is never earlier in time.
  for (const key of keys) {
    const row = findChange(db, key);
    if (row !== undefined && row.revision > newest.revision) {
      newest = { revision: row.revision, changedAt: row.changed_at };
    }
  }
  return newest;
}

/**
 * The newest change of a page that depends on these keys, or of the lists and the site, which all pages tell. Links are
 * not asked for: whatever changes one changes the lists in the same moment.
 */
export function newestPageChange(db: Database, keys: readonly string[]): PublicChange {
  const shared = db.remember(newestSharedChange);
  const own = newestChange(
    db,
    keys.filter((key) => key !== changeKeys.list && key !== changeKeys.site && !key.startsWith(LINK)),
  );
  return own.revision > shared.revision ? own : shared;
}

/** What `changeKeys.link` begins with. */
const LINK = "link:";

function newestSharedChange(db: Database): PublicChange {
  return newestChange(db, [changeKeys.list, changeKeys.site]);
}

// What belongs to a note is found by its number: an index for such keys, another for all else.
function findChange(db: Database, key: string): ChangeRow | undefined {
  const noteId = noteOf(key);
  if (noteId === undefined) {
    return db.get<ChangeRow>("SELECT revision, changed_at FROM public_changes WHERE note_id IS NULL AND key = :key", {
      key,
    });
  }
  return db.get<ChangeRow>("SELECT revision, changed_at FROM public_changes WHERE note_id = :noteId AND key = :key", {
    noteId,
    key,
  });
}

/** The note whose key this is, as the column `note_id` of `public_changes` has it. */
function noteOf(key: string): number | undefined {
  const [, id] = /^(?:note|link|related):(\d+)$/u.exec(key) ?? [];
  return id === undefined ? undefined : Number(id);
}

/** Keys that changed past a revision, oldest change first, at most `limit`; a key that changed twice stands once. */
export function listChangesAfter(db: Database, revision: number, limit: number): { revision: number; key: string }[] {
  return db.all<{ revision: number; key: string }>(
    "SELECT revision, key FROM public_changes WHERE revision > :revision ORDER BY revision LIMIT :limit",
    { revision, limit },
  );
}

/** Writes down that every page changed, for what no trigger sees. Runs inside a transaction. */
export function insertSiteChange(db: Database, now: Timestamp): void {
  db.run("INSERT INTO public_changes (key, changed_at) VALUES (:key, :now)", { key: changeKeys.site, now });
}
