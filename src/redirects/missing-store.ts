import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** Different addresses that the log of what was not found keeps. */
export const MAX_MISSING_PATHS = 1_000;

/** An address that was asked for in vain, or a group of such. */
export type MissingPath = {
  /** Decoded path; of what scanners ask for the name of its group, which does not begin with a slash. */
  readonly path: string;
  readonly hits: number;
  readonly firstSeenAt: Timestamp;
  readonly lastSeenAt: Timestamp;
  /** Host of the newest page that led there. */
  readonly referrer: string | undefined;
};

type MissingRow = {
  path: string;
  hits: number;
  first_seen_at: Timestamp;
  last_seen_at: Timestamp;
  referrer: string | null;
};

/** Where a page of the log begins: after an address that was asked for so often, so lately. */
export type MissingPlace = Pick<MissingPath, "hits" | "lastSeenAt" | "path">;

const BEGINNING: MissingPlace = { hits: Number.MAX_SAFE_INTEGER, lastSeenAt: "~" as Timestamp, path: "" };

/** Addresses, those asked for most often first, and of those the newest. */
export function listMissingPaths(
  db: Database,
  { after = BEGINNING, limit }: { after?: MissingPlace | undefined; limit: number },
): MissingPath[] {
  return db
    .all<MissingRow>(
      `SELECT path, hits, first_seen_at, last_seen_at, referrer
         FROM missing_paths
        WHERE substr(path, 1, 1) = '/' AND (hits, last_seen_at) <= (:hits, :lastSeenAt)
          AND ((hits, last_seen_at) < (:hits, :lastSeenAt) OR path > :path)
        ORDER BY hits DESC, last_seen_at DESC, path
        LIMIT :limit`,
      { ...after, limit },
    )
    .map(toMissingPath);
}

/** What scanners asked for, group by group, the most often first. */
export function listScans(db: Database): MissingPath[] {
  return db
    .all<MissingRow>(
      `SELECT path, hits, first_seen_at, last_seen_at, referrer
         FROM missing_paths
        WHERE substr(path, 1, 1) <> '/'
        ORDER BY hits DESC, path`,
    )
    .map(toMissingPath);
}

/** Adds to how often an address was asked for. Runs inside a write. */
export function addMissingHits(
  db: Database,
  missing: { path: string; hits: number; at: Timestamp; referrer: string | undefined },
): void {
  db.run(
    `INSERT INTO missing_paths (path, hits, first_seen_at, last_seen_at, referrer)
     VALUES (:path, :hits, :at, :at, :referrer)
         ON CONFLICT (path) DO UPDATE
        SET hits = hits + excluded.hits,
            last_seen_at = max(last_seen_at, excluded.last_seen_at),
            referrer = coalesce(excluded.referrer, referrer)`,
    missing,
  );
}

/** Lets go of what is too much: first what was asked for once, the longest ago. Runs inside a write. */
export function pruneMissingPaths(db: Database, max: number = MAX_MISSING_PATHS): void {
  db.run(
    `DELETE FROM missing_paths
      WHERE path IN (SELECT path FROM missing_paths
                      ORDER BY hits > 1, last_seen_at, path
                      LIMIT max(0, (SELECT count(*) FROM missing_paths) - :max))`,
    { max },
  );
}

/** Forgets one address; whether it was there. Runs inside a write. */
export function forgetMissing(db: Database, path: string): boolean {
  return db.run("DELETE FROM missing_paths WHERE path = :path", { path }).changes > 0;
}

/** Forgets everything. Runs inside a write. */
export function forgetAllMissing(db: Database): void {
  db.run("DELETE FROM missing_paths");
}

function toMissingPath(row: MissingRow): MissingPath {
  return {
    path: row.path,
    hits: row.hits,
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    referrer: row.referrer ?? undefined,
  };
}
