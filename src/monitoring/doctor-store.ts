import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";

/** The version of SQLite, and whether it has full-text search. */
export function readSqliteVersion(db: Reader): { version: string; hasFts5: boolean } {
  const row = db.get<{ version: string; fts5: number }>(
    "SELECT sqlite_version() AS version, sqlite_compileoption_used('ENABLE_FTS5') AS fts5",
  );
  return { version: row?.version ?? "", hasFts5: row?.fts5 === 1 };
}

/**
 * Ids of notes up to `place` that the search index lacks, and of entries in it that no note has; both empty where they
 * agree.
 */
export function compareSearchIndex(db: Reader, place: number): { missing: number[]; surplus: number[] } {
  const missing = db.all<{ id: number }>(
    `SELECT id FROM notes
      WHERE status <> 'erased' AND id <= :place AND id NOT IN (SELECT id FROM note_search_docsize)
      ORDER BY id`,
    { place },
  );
  const surplus = db.all<{ id: number }>(
    `SELECT id FROM note_search_docsize
      WHERE id NOT IN (SELECT id FROM notes WHERE status <> 'erased')
      ORDER BY id`,
  );
  return { missing: missing.map(({ id }) => id), surplus: surplus.map(({ id }) => id) };
}

/** The newest times that anything was written with, of notes, jobs and public changes. */
export function findNewestStamp(db: Reader): Timestamp | undefined {
  return (
    db.get<{ newest: Timestamp | null }>(
      `SELECT max(at) AS newest
         FROM (SELECT max(changed_at) AS at FROM notes
                UNION ALL
               SELECT max(created_at) FROM jobs
                UNION ALL
               SELECT max(changed_at) FROM public_changes)`,
    )?.newest ?? undefined
  );
}

/** The permanent id of the note that stands first in the feed. */
export function findNewestListed(db: Reader): string | undefined {
  return db.get<{ uid: string }>(
    `SELECT uid FROM notes
      WHERE status = 'published' AND visibility = 'public' AND kind <> 'page'
      ORDER BY published_at DESC, id DESC
      LIMIT 1`,
  )?.uid;
}

/** How many jobs are claimed by a process that has ended, wait although they were due before `dueBefore`, and failed. */
export function countTroubledJobs(
  db: Reader,
  times: { now: Timestamp; dueBefore: Timestamp },
): { lost: number; late: number; failed: number } {
  const row = db.get<{ lost: number; late: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE state = 'running' AND lease_until <= :now) AS lost,
            count(*) FILTER (WHERE state = 'waiting' AND run_at <= :dueBefore) AS late,
            count(*) FILTER (WHERE state = 'failed') AS failed
       FROM jobs`,
    times,
  );
  return row ?? { lost: 0, late: 0, failed: 0 };
}

/** Every media file that the database knows. */
export function listKnownMedia(db: Reader): { name: string; sizeBytes: number }[] {
  return db.all("SELECT name, size_bytes AS sizeBytes FROM media ORDER BY name");
}

/** Every smaller version of an image that the database knows. */
export function listKnownVariants(db: Reader): string[] {
  return db.all<{ name: string }>("SELECT name FROM media_variants ORDER BY name").map(({ name }) => name);
}

/** Slug and HTML of the notes past row id `after` that show a media file; erased ones have none. */
export function listNotesWithMedia(
  db: Reader,
  page: { after: number; limit: number },
): { id: number; slug: string; html: string }[] {
  return db.all(
    `SELECT id, slug, content_html AS html
       FROM notes
      WHERE id > :after AND instr(content_html, '/media/') > 0
      ORDER BY id
      LIMIT :limit`,
    page,
  );
}

/** How many notes there are, erased ones included. */
export function countNotes(db: Reader): number {
  return db.get<{ count: number }>("SELECT count(*) AS count FROM notes")?.count ?? 0;
}
