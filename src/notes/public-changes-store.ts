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
  /** Every page: the settings changed. */
  site: "site",
  note: (note: { id: number }) => `note:${note.id}`,
  tag: (tag: { name: string }) => `tag:${tag.name}`,
};

type ChangeRow = { revision: number | null; changed_at: Timestamp | null };

/** The newest change of anything that is public. */
export function siteChange(db: Database): PublicChange {
  return toChange(
    db.get<ChangeRow>(
      `SELECT revision, changed_at
         FROM public_changes
        ORDER BY revision DESC
        LIMIT 1`,
    ),
  );
}

/** Revision of the newest change of anything that is public; 0 before there was one. */
export function siteRevision(db: Database): number {
  return siteChange(db).revision;
}

/** The newest change of what depends on any of these keys. */
export function newestChange(db: Database, keys: readonly string[]): PublicChange {
  return toChange(
    db.get<ChangeRow>(
      `SELECT max(revision) AS revision, max(changed_at) AS changed_at
         FROM public_changes
        WHERE key IN (SELECT value FROM json_each(:keys))`,
      { keys: JSON.stringify(keys) },
    ),
  );
}

function toChange(row: ChangeRow | undefined): PublicChange {
  return { revision: row?.revision ?? 0, changedAt: row?.changed_at ?? undefined };
}
