import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import type { Redirect, RedirectRule, RedirectStatus } from "./redirect.ts";

type RedirectRow = {
  id: number;
  source: string;
  target: string | null;
  status: RedirectStatus;
  hits: number;
  last_hit_at: Timestamp | null;
};

/** Redirects past a source, in the order of their sources. */
export function listRedirects(db: Reader, page: { after: string; limit: number }): Redirect[] {
  return db
    .all<RedirectRow>(
      `SELECT id, source, target, status, hits, last_hit_at
         FROM redirects
        WHERE source > :after
        ORDER BY source
        LIMIT :limit`,
      page,
    )
    .map(toRedirect);
}

/** The redirect with this row id. */
export function findRedirect(db: Database, id: number): Redirect | undefined {
  const row = db.get<RedirectRow>(
    "SELECT id, source, target, status, hits, last_hit_at FROM redirects WHERE id = :id",
    { id },
  );
  return row && toRedirect(row);
}

/** The redirect with just this source. */
export function findRedirectFrom(db: Database, source: string): Redirect | undefined {
  const row = db.get<RedirectRow>(
    "SELECT id, source, target, status, hits, last_hit_at FROM redirects WHERE source = :source",
    { source },
  );
  return row && toRedirect(row);
}

/** Different lengths of the sources that end with a star, the longest first. */
export function listPrefixLengths(db: Database): number[] {
  return db
    .all<{ length: number }>(
      "SELECT DISTINCT length(source) AS length FROM redirects WHERE source LIKE '%/*' ORDER BY length DESC",
    )
    .map((row) => row.length);
}

/** Stores a new redirect. Runs inside a write. */
export function insertRedirect(db: Database, { source, target, status }: RedirectRule, now: Timestamp): void {
  db.run("INSERT INTO redirects (source, target, status, created_at) VALUES (:source, :target, :status, :now)", {
    source,
    target,
    status,
    now,
  });
}

/** Writes a redirect over its row; its hits stay. Runs inside a write. */
export function updateRedirect(db: Database, { id, source, target, status }: RedirectRule & { id: number }): void {
  db.run("UPDATE redirects SET source = :source, target = :target, status = :status WHERE id = :id", {
    id,
    source,
    target,
    status,
  });
}

/** Removes a redirect; whether there was one. Runs inside a write. */
export function removeRedirect(db: Database, id: number): boolean {
  return db.run("DELETE FROM redirects WHERE id = :id", { id }).changes > 0;
}

/** Removes the redirect with just this source, if there is one. Runs inside a write. */
export function removeRedirectFrom(db: Database, source: string): void {
  db.run("DELETE FROM redirects WHERE source = :source", { source });
}

/** Adds to how often a redirect was used. Runs inside a write. */
export function addRedirectHits(db: Database, { id, hits, at }: { id: number; hits: number; at: Timestamp }): void {
  db.run(
    `UPDATE redirects
        SET hits = hits + :hits, last_hit_at = max(coalesce(last_hit_at, ''), :at)
      WHERE id = :id`,
    { id, hits, at },
  );
}

function toRedirect(row: RedirectRow): Redirect {
  return {
    id: row.id,
    source: row.source,
    target: row.target ?? undefined,
    status: row.status,
    hits: row.hits,
    lastHitAt: row.last_hit_at ?? undefined,
  };
}
