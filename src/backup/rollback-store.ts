import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";

/** What tells a note of one copy of the database from that of another. */
export type NoteMark = {
  readonly uid: string;
  readonly version: number;
  readonly slug: string;
  readonly title: string | undefined;
  readonly changedAt: Timestamp;
};

type MarkRow = { uid: string; version: number; slug: string; title: string | null; changed_at: Timestamp };

/** Every note but erased ones, in the order in which they were made; none in a schema that has no notes yet. */
export function listNoteMarks(db: Reader): NoteMark[] {
  const table = db.get("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'notes'");
  if (table === undefined) return [];
  return db
    .all<MarkRow>("SELECT uid, version, slug, title, changed_at FROM notes WHERE status <> 'erased' ORDER BY id")
    .map(({ changed_at, title, ...mark }) => ({ ...mark, title: title ?? undefined, changedAt: changed_at }));
}

/** Number of the newest migration that a database has had. */
export function findNewestMigration(db: Reader): number | undefined {
  return db.get<{ number: number | null }>("SELECT max(number) AS number FROM schema_migrations")?.number ?? undefined;
}
