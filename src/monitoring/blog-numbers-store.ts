import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** What one name came to on one day. */
export type DayCount = { readonly day: string; readonly name: string; readonly count: number };

/** A program that reads a feed for many, as it was seen last. */
export type Aggregator = {
  readonly program: string;
  readonly feed: string;
  readonly subscribers: number;
  readonly seenAt: Timestamp;
};

/** A reader under the hash of its day. */
export type HashedReader = { readonly reader: string; readonly program: string };

/** Adds to a count of a day. Only inside a write. */
export function addDailyCount(db: Database, { day, name, count }: DayCount): void {
  db.run(
    `INSERT INTO daily_counts (day, name, count)
     VALUES (:day, :name, :count)
         ON CONFLICT (day, name) DO UPDATE SET count = count + excluded.count`,
    { day, name, count },
  );
}

/** Sets a count of a day. Only inside a write. */
export function setDailyCount(db: Database, { day, name, count }: DayCount): void {
  db.run(
    `INSERT INTO daily_counts (day, name, count)
     VALUES (:day, :name, :count)
         ON CONFLICT (day, name) DO UPDATE SET count = excluded.count`,
    { day, name, count },
  );
}

/** Counts of the days from `from` to `to`, both included, by day and name. */
export function listDailyCounts(db: Database, days: { from: string; to: string }): DayCount[] {
  return db.all<DayCount>(
    `SELECT day, name, count
       FROM daily_counts
      WHERE day BETWEEN :from AND :to
      ORDER BY day, name`,
    days,
  );
}

/** Puts down what a program says now. Only inside a write. */
export function saveAggregator(db: Database, { program, feed, subscribers, seenAt }: Aggregator): void {
  db.run(
    `INSERT INTO feed_aggregators (program, feed, subscribers, seen_at)
     VALUES (:program, :feed, :subscribers, :seenAt)
         ON CONFLICT (program, feed) DO UPDATE SET subscribers = excluded.subscribers, seen_at = excluded.seen_at`,
    { program, feed, subscribers, seenAt },
  );
}

/** Those seen since a moment, the largest first. */
export function listAggregators(db: Database, options: { since: Timestamp; limit: number }): Aggregator[] {
  return db.all<Aggregator>(
    `SELECT program, feed, subscribers, seen_at AS seenAt
       FROM feed_aggregators
      WHERE seen_at >= :since
      ORDER BY subscribers DESC, program, feed
      LIMIT :limit`,
    options,
  );
}

/** How many they read for together. */
export function sumSubscribers(db: Database, since: Timestamp): number {
  return (
    db.get<{ total: number }>(
      "SELECT coalesce(sum(subscribers), 0) AS total FROM feed_aggregators WHERE seen_at >= :since",
      { since },
    )?.total ?? 0
  );
}

/** Inserts readers of a day that are new, as far as there is room for them. Only inside a write. */
export function insertReaders(
  db: Database,
  { day, readers, max }: { day: string; readers: readonly HashedReader[]; max: number },
): void {
  db.run(
    `INSERT INTO feed_readers (day, reader, program)
     SELECT DISTINCT :day, value ->> 'reader', value ->> 'program'
       FROM json_each(:readers)
      WHERE NOT EXISTS (SELECT 1 FROM feed_readers WHERE day = :day AND reader = value ->> 'reader')
      LIMIT max(0, :max - (SELECT count(*) FROM feed_readers WHERE day = :day))`,
    { day, readers: JSON.stringify(readers), max },
  );
}

/** The day with most readers of those from `from` on, and how many it had; the newest of several. */
export function findFullestDay(db: Database, from: string): { day: string; readers: number } | undefined {
  return db.get<{ day: string; readers: number }>(
    `SELECT day, count(*) AS readers
       FROM feed_readers
      WHERE day >= :from
      GROUP BY day
      ORDER BY readers DESC, day DESC
      LIMIT 1`,
    { from },
  );
}

/** Programs of a day and how many readers each had, the largest first. */
export function listReaderPrograms(
  db: Database,
  options: { day: string; limit: number },
): { program: string; readers: number }[] {
  return db.all<{ program: string; readers: number }>(
    `SELECT program, count(*) AS readers
       FROM feed_readers
      WHERE day = :day
      GROUP BY program
      ORDER BY readers DESC, program
      LIMIT :limit`,
    options,
  );
}

/** How many notes each action was done to between two moments; one note twice counts once, and work on a draft is no revision. */
export function countNoteActions(db: Database, span: { from: Timestamp; to: Timestamp }): ReadonlyMap<string, number> {
  // Whatever was saved today was changed today: the index of changes finds the few notes whose revisions are looked at,
  // if SQLite is kept to that order.
  const rows = db.all<{ done: string; count: number }>(
    `SELECT iif(action IN ('restore_revision', 'merge'), 'revise', action) AS done, count(DISTINCT note_id) AS count
       FROM notes CROSS JOIN note_revisions ON note_id = notes.id
      WHERE changed_at >= :from AND saved_at >= :from AND saved_at < :to
        AND (action NOT IN ('revise', 'restore_revision', 'merge') OR note_revisions.status = 'published')
      GROUP BY done`,
    span,
  );
  return new Map(rows.map(({ done, count }) => [done, count]));
}

/** Files in the media folder, and their sizes together in bytes. */
export function measureMedia(db: Database): { files: number; bytes: number } {
  const row = db.get<{ files: number; bytes: number }>(
    "SELECT count(*) AS files, coalesce(sum(size_bytes), 0) AS bytes FROM media",
  );
  return row ?? { files: 0, bytes: 0 };
}

/** Wrong passwords between two moments that are still written down: those of the last hour. */
export function countRefusedLogins(db: Database, since: Timestamp): number {
  return (
    db.get<{ count: number }>("SELECT count(*) AS count FROM failed_logins WHERE failed_at >= :since", { since })
      ?.count ?? 0
  );
}

/** What goes: counts before a day, readers before another, programs not seen since, and what a clock set ahead left. */
export type Pruning = {
  readonly countsFrom: string;
  readonly readersFrom: string;
  readonly lastDay: string;
  readonly seenFrom: Timestamp;
  readonly seenTo: Timestamp;
  readonly aggregatorsMax: number;
};

/** Removes what is out of date or too much. Only inside a write. */
export function pruneNumbers(db: Database, pruning: Pruning): void {
  const { countsFrom, readersFrom, lastDay, seenFrom, seenTo, aggregatorsMax: max } = pruning;
  db.run("DELETE FROM daily_counts WHERE day < :countsFrom OR day > :lastDay", { countsFrom, lastDay });
  db.run("DELETE FROM feed_readers WHERE day < :readersFrom OR day > :lastDay", { readersFrom, lastDay });
  db.run("DELETE FROM feed_aggregators WHERE seen_at < :seenFrom OR seen_at > :seenTo", { seenFrom, seenTo });
  db.run(
    `DELETE FROM feed_aggregators
      WHERE (program, feed) IN (SELECT program, feed FROM feed_aggregators
                                 ORDER BY seen_at DESC, program, feed
                                 LIMIT -1 OFFSET :max)`,
    { max },
  );
}
