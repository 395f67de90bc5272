import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";

/** What the two kinds of database can be read through: all of it, or one moment of it. */
type Reader = Pick<Database, "get" | "all">;

/** A process that wrote history. */
export type HistoryProcess = { readonly id: string; readonly pid: number; readonly startedAt: Timestamp };

/** One minute of one process, as it is stored; `operations` is packed, `gauges` is JSON. */
export type MinuteRow = {
  readonly id: number;
  readonly minute: number;
  readonly process: string;
  readonly operations: Uint8Array;
  readonly gauges: string;
};

/** A span of minutes since 1970, its end not included, and the row after which a page of it begins. */
export type MinutePage = {
  readonly from: number;
  readonly to: number;
  readonly after: { readonly minute: number; readonly id: number };
};

/** What was added up of one hour, of all processes. */
export type HourRow = { readonly hour: number; readonly upTo: number; readonly operations: Uint8Array };

/** Which hours of a day there are and what is in them, as one number that another state of them does not have. */
export type DayState = { readonly day: number; readonly stamp: number };

/** A day as it was added up; `gauges` is JSON. */
export type DayRow = DayState & { readonly operations: Uint8Array; readonly gauges: string };

/** Gauges of one process in one hour, as JSON. */
export type HourGaugesRow = { readonly hour: number; readonly process: string; readonly gauges: string };

/** Adds a process, or moves the minute that it wrote last. */
export function saveProcess(db: Database, { id, pid, startedAt }: HistoryProcess, lastMinute: number): void {
  db.run(
    `INSERT INTO metric_processes (process, pid, started_at, last_minute)
     VALUES (:id, :pid, :startedAt, :lastMinute)
         ON CONFLICT (process) DO UPDATE SET last_minute = max(last_minute, excluded.last_minute)`,
    { id, pid, startedAt, lastMinute },
  );
}

/** Adds a minute. */
export function insertMinute(
  db: Database,
  row: { minute: number; process: string; part: number; operations: Uint8Array; gauges: string },
): void {
  db.run(
    `INSERT INTO metric_minutes (minute, process, part, operations, gauges)
     VALUES (:minute, :process, :part, :operations, :gauges)`,
    row,
  );
}

/** The last part that a process wrote; 0 when it has written none. */
export function findLastPart(db: Reader, process: string): number {
  const row = db.get<{ part: number | null }>("SELECT max(part) AS part FROM metric_minutes WHERE process = :process", {
    process,
  });
  return row?.part ?? 0;
}

/** Minutes of a span after a place, by time. */
export function listMinutes(db: Reader, { from, to, after }: MinutePage, limit: number): MinuteRow[] {
  return db.all<MinuteRow>(
    `SELECT id, minute, process, operations, gauges
       FROM metric_minutes
      WHERE minute >= :from AND minute < :to AND (minute, id) > (:minute, :id)
      ORDER BY minute, id
      LIMIT :limit`,
    { from, to, limit, ...after },
  );
}

/** The same without those that an hour has. */
export function listLooseMinutes(db: Reader, { from, to, after }: MinutePage, limit: number): MinuteRow[] {
  return db.all<MinuteRow>(
    `SELECT id, minute, process, metric_minutes.operations, gauges
       FROM metric_minutes
       LEFT JOIN metric_hours ON hour = minute / 60
      WHERE minute >= :from AND minute < :to AND (minute, id) > (:minute, :id) AND id > coalesce(up_to, 0)
      ORDER BY minute, id
      LIMIT :limit`,
    { from, to, limit, ...after },
  );
}

/** Numbers of the hours that there are in a span. */
export function listHourNumbers(db: Reader, { from, to }: { from: number; to: number }): number[] {
  return db
    .all<{ hour: number }>("SELECT hour FROM metric_hours WHERE hour >= :from AND hour < :to ORDER BY hour", {
      from,
      to,
    })
    .map(({ hour }) => hour);
}

/** Days of a span that have hours. */
export function listDayStates(db: Reader, { from, to }: { from: number; to: number }): DayState[] {
  return db.all<DayState>(
    `SELECT hour / 24 AS day, sum(up_to) AS stamp
       FROM metric_hours
      WHERE hour >= :from * 24 AND hour < :to * 24
      GROUP BY hour / 24
      ORDER BY hour / 24`,
    { from, to },
  );
}

/** A day, if its hours are as they were when it was added up. */
export function findDay(db: Reader, { day, stamp }: DayState): DayRow | undefined {
  return db.get<DayRow>("SELECT day, stamp, operations, gauges FROM metric_days WHERE day = :day AND stamp = :stamp", {
    day,
    stamp,
  });
}

/** The first day before `before` whose hours have changed since it was added up; undefined when none has. */
export function findDayToAddUp(db: Reader, before: number): DayState | undefined {
  return db.get<DayState>(
    `SELECT hours.day, hours.stamp
       FROM (SELECT hour / 24 AS day, sum(up_to) AS stamp
               FROM metric_hours
              WHERE hour < :before * 24
              GROUP BY hour / 24) AS hours
       LEFT JOIN metric_days USING (day)
      WHERE metric_days.stamp IS NOT hours.stamp
      ORDER BY hours.day
      LIMIT 1`,
    { before },
  );
}

/** Writes a day in the place of the one before. */
export function saveDay(db: Database, row: DayRow): void {
  db.run(
    `INSERT INTO metric_days (day, stamp, operations, gauges) VALUES (:day, :stamp, :operations, :gauges)
         ON CONFLICT (day) DO UPDATE SET stamp = excluded.stamp, operations = excluded.operations,
                                         gauges = excluded.gauges`,
    row,
  );
}

/** Gauges of some hours. */
export function listHourGauges(db: Reader, { from, to }: { from: number; to: number }): HourGaugesRow[] {
  return db.all<HourGaugesRow>(
    `SELECT hour, process, gauges
       FROM metric_hour_gauges
      WHERE hour >= :from AND hour < :to
      ORDER BY hour, process`,
    { from, to },
  );
}

/** Processes that wrote anything in a minute or after it, those that started first in front. */
export function listProcesses(db: Reader, from: number): HistoryProcess[] {
  return db.all<HistoryProcess>(
    `SELECT process AS id, pid, started_at AS startedAt
       FROM metric_processes
      WHERE last_minute >= :from
      ORDER BY started_at, process`,
    { from },
  );
}

/** The first hour before `before` that lacks minutes which are there; undefined when none does. */
export function findHourToAddUp(db: Reader, before: number): number | undefined {
  return db.get<{ hour: number }>(
    `SELECT minute / 60 AS hour
       FROM metric_minutes
       LEFT JOIN metric_hours ON hour = minute / 60
      WHERE minute < :before * 60 AND id > coalesce(up_to, 0)
      ORDER BY minute
      LIMIT 1`,
    { before },
  )?.hour;
}

/** What was added up of an hour so far. */
export function findHour(db: Reader, hour: number): HourRow | undefined {
  return db.get<HourRow>("SELECT hour, up_to AS upTo, operations FROM metric_hours WHERE hour = :hour", { hour });
}

/** Minutes of an hour that were written after one, in the order of writing. */
export function listMinutesOfHour(db: Reader, { hour, after }: { hour: number; after: number }, limit: number) {
  return db.all<MinuteRow>(
    `SELECT id, minute, process, operations, gauges
       FROM metric_minutes
      WHERE minute >= :hour * 60 AND minute < :hour * 60 + 60 AND id > :after
      ORDER BY id
      LIMIT :limit`,
    { hour, after, limit },
  );
}

/** Writes the sum of an hour in the place of the one before. */
export function saveHour(db: Database, row: HourRow): void {
  db.run(
    `INSERT INTO metric_hours (hour, up_to, operations) VALUES (:hour, :upTo, :operations)
         ON CONFLICT (hour) DO UPDATE SET up_to = excluded.up_to, operations = excluded.operations`,
    row,
  );
}

/** Writes the gauges of a process in an hour in the place of those before. */
export function saveHourGauges(db: Database, row: HourGaugesRow): void {
  db.run(
    `INSERT INTO metric_hour_gauges (hour, process, gauges) VALUES (:hour, :process, :gauges)
         ON CONFLICT (hour, process) DO UPDATE SET gauges = excluded.gauges`,
    row,
  );
}

/** Removes minutes from before one that are in their hour. Returns how many. */
export function removeMinutes(db: Database, before: number, limit: number): number {
  return db.run(
    `DELETE FROM metric_minutes
      WHERE id IN (SELECT id FROM metric_minutes JOIN metric_hours ON hour = minute / 60
                    WHERE minute < :before AND id <= up_to
                    LIMIT :limit)`,
    { before, limit },
  ).changes;
}

/** Removes days from before one, with their hours and gauges, and processes that have written nothing since. */
export function removeDays(db: Database, before: number): void {
  db.run("DELETE FROM metric_days WHERE day < :before", { before });
  db.run("DELETE FROM metric_hours WHERE hour < :before * 24", { before });
  db.run("DELETE FROM metric_hour_gauges WHERE hour < :before * 24", { before });
  db.run("DELETE FROM metric_processes WHERE last_minute < :before * 1440", { before });
}
