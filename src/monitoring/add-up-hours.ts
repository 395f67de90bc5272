import type { Context } from "../context/context.ts";
import type { RecurringJob } from "../jobs/recurring.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds, toTimestamp } from "../lib/clock.ts";
import { packNames, unpackNames } from "./history-codec.ts";
import type { GaugeSums, Gauges } from "./history-gauges.ts";
import { addGauges, toGaugeSums } from "./history-gauges.ts";
import type { MinuteRow } from "./history-store.ts";
import {
  findDayToAddUp,
  findHour,
  findHourToAddUp,
  listHourGauges,
  listHourNumbers,
  listMinutesOfHour,
  removeDays,
  removeMinutes,
  saveDay,
  saveHour,
  saveHourGauges,
} from "./history-store.ts";
import { coarsen, MAX_ROW_NAMES, NameSums } from "./history-sums.ts";

/** Hours for which minutes are kept. */
export const MINUTES_KEPT_HOURS = 48;

/** Days for which hours are kept, besides the one that runs. */
export const HOURS_KEPT_DAYS = 400;

/** Minutes that one transaction adds up or removes: some milliseconds of work. */
export const MINUTES_AT_ONCE = 120;

/** How long after the end of an hour it is added up, in milliseconds: its last minutes have been written by then. */
export const HOUR_WAIT_MS = 120_000;

const HOUR_MS = 3_600_000;

type Tools = Pick<Context, "db" | "clock">;

/** The job that adds up the hour that is over, once an hour. */
export const ADD_UP_HOURS: RecurringJob = {
  kind: "metrics.add_up_hours",
  payload: {},
  nextRunAt: (now: Timestamp) => toTimestamp((hourOf(now) + 1) * HOUR_MS + HOUR_WAIT_MS),
};

/**
 * Adds up the minutes of all processes in hours that are over, however many there are, and removes what is old. An hour
 * remembers the last minute that it has, so nothing counts twice, and what a process wrote late is added when it is there.
 */
export async function addUpHours({ db, clock }: Tools): Promise<void> {
  const now = hourOf(clock());
  for (let isMore = true; isMore; ) isMore = await db.write(() => addUpSome(db, now));

  const keptFrom = (now - MINUTES_KEPT_HOURS) * 60;
  for (let removed = MINUTES_AT_ONCE; removed === MINUTES_AT_ONCE; ) {
    removed = await db.write(() => removeMinutes(db, keptFrom, MINUTES_AT_ONCE));
  }
  const today = Math.floor(now / 24);
  await db.write(() => removeDays(db, today - HOURS_KEPT_DAYS));
  for (let isMore = true; isMore; ) isMore = await db.write(() => addUpDay(db, today));
}

/** One piece of one hour. Returns whether there was any. */
function addUpSome(db: Tools["db"], before: number): boolean {
  const hour = findHourToAddUp(db, before);
  if (hour === undefined) return false;
  const known = findHour(db, hour);
  const minutes = listMinutesOfHour(db, { hour, after: known?.upTo ?? 0 }, MINUTES_AT_ONCE);

  const names = new NameSums(MAX_ROW_NAMES);
  for (const packed of [known, ...minutes]) {
    for (const counts of unpackNames(packed?.operations)) names.add(counts);
  }
  saveHour(db, { hour, upTo: minutes.at(-1)?.id ?? 0, operations: packNames(names.list().map(coarsen)) });
  for (const [process, gauges] of addUpGauges(db, hour, minutes)) {
    saveHourGauges(db, { hour, process, gauges: JSON.stringify(gauges) });
  }
  return true;
}

/** One day from its hours. Returns whether there was any. */
function addUpDay(db: Tools["db"], before: number): boolean {
  const state = findDayToAddUp(db, before);
  if (state === undefined) return false;
  const hours = { from: state.day * 24, to: state.day * 24 + 24 };
  const names = new NameSums(MAX_ROW_NAMES);
  for (const hour of listHourNumbers(db, hours)) {
    for (const counts of unpackNames(findHour(db, hour)?.operations)) names.add(counts);
  }
  const gauges: Record<string, GaugeSums> = {};
  for (const row of listHourGauges(db, hours)) {
    gauges[row.process] = addGauges(gauges[row.process] ?? {}, JSON.parse(row.gauges) as GaugeSums);
  }
  saveDay(db, { ...state, operations: packNames(names.list()), gauges: JSON.stringify(gauges) });
  return true;
}

function addUpGauges(db: Tools["db"], hour: number, minutes: readonly MinuteRow[]): Map<string, GaugeSums> {
  const sums = new Map<string, GaugeSums>();
  for (const { process, gauges } of listHourGauges(db, { from: hour, to: hour + 1 })) {
    sums.set(process, JSON.parse(gauges) as GaugeSums);
  }
  for (const { process, gauges } of minutes) {
    sums.set(process, addGauges(sums.get(process) ?? {}, toGaugeSums(JSON.parse(gauges) as Gauges)));
  }
  return sums;
}

function hourOf(moment: Timestamp): number {
  return Math.floor(toMilliseconds(moment) / HOUR_MS);
}
