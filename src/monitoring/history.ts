import { setImmediate as nextTurn } from "node:timers/promises";
import type { Context } from "../context/context.ts";
import type { Reader } from "../db/connection.ts";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds } from "../lib/clock.ts";
import { unpackNames } from "./history-codec.ts";
import type { GaugeSums, Gauges } from "./history-gauges.ts";
import { toGaugeSums } from "./history-gauges.ts";
import type { UnwrittenHistory } from "./history-recorder.ts";
import type { HistoryReport, HistorySpan } from "./history-report.ts";
import { HistorySums } from "./history-report.ts";
import type { MinuteRow } from "./history-store.ts";
import {
  findDay,
  findHour,
  findLastPart,
  listDayStates,
  listHourGauges,
  listHourNumbers,
  listLooseMinutes,
  listMinutes,
  listProcesses,
} from "./history-store.ts";

/** Ranges of history: how many steps each has, and how many minutes are in a step. */
export const HISTORY_RANGES = {
  hour: { steps: 60, stepMinutes: 1 },
  day: { steps: 144, stepMinutes: 10 },
  week: { steps: 168, stepMinutes: 60 },
  year: { steps: 365, stepMinutes: 1440 },
} as const;

/** Name of a range. */
export type HistoryRange = keyof typeof HISTORY_RANGES;

/** Rows that are read and unpacked in one turn of the event loop: some milliseconds of work. */
const ROWS_A_TURN = 16;

const MINUTE_MS = 60_000;

/**
 * Reads what all processes measured in a range that ends now: what stands in the database, as of one moment, and what
 * this process has not written yet. Its counts are exact; other processes are up to a minute behind.
 */
export function readHistory(
  { db, clock }: Pick<Context, "db" | "clock">,
  unwritten: UnwrittenHistory,
  range: HistoryRange,
): Promise<HistoryReport> {
  return db.lease(async (reader) => {
    const span = spanOf(range, clock());
    const sums = new HistorySums(span);
    // At once, as long as the reader and the process see the same moment.
    for (const part of unwritten.listUnwritten(findLastPart(reader, unwritten.process.id))) {
      sums.addNames(part.minute, part.names);
      sums.addGauges(part.minute, unwritten.process.id, toGaugeSums(part.gauges));
    }
    if (range === "year") await addDays(reader, sums, span);
    if (range === "week") await addHours(reader, sums, { from: span.from / 60, to: span.to / 60 });
    await addMinutes(reader, sums, { ...span, list: span.stepMinutes < 60 ? listMinutes : listLooseMinutes });
    const others = listProcesses(reader, span.from).filter(({ id }) => id !== unwritten.process.id);
    return { range, ...sums.read([...others, unwritten.process], unwritten.process.id) };
  });
}

/** The steps of a range, of which the last one runs. Days are those of UTC. */
function spanOf(range: HistoryRange, now: Timestamp): HistorySpan {
  const { steps, stepMinutes } = HISTORY_RANGES[range];
  const last = Math.floor(toMilliseconds(now) / MINUTE_MS / stepMinutes);
  return { from: (last - steps + 1) * stepMinutes, to: (last + 1) * stepMinutes, stepMinutes };
}

async function addDays(reader: Reader, sums: HistorySums, { from, to }: HistorySpan): Promise<void> {
  for (const [index, state] of listDayStates(reader, { from: from / 1440, to: to / 1440 }).entries()) {
    const day = findDay(reader, state);
    if (day === undefined) {
      await addHours(reader, sums, { from: state.day * 24, to: state.day * 24 + 24 });
      continue;
    }
    sums.addNames(day.day * 1440, unpackNames(day.operations));
    for (const [process, gauges] of Object.entries(JSON.parse(day.gauges) as Record<string, GaugeSums>)) {
      sums.addGauges(day.day * 1440, process, gauges);
    }
    if (index % ROWS_A_TURN === 0) await nextTurn();
  }
}

async function addHours(reader: Reader, sums: HistorySums, hours: { from: number; to: number }): Promise<void> {
  for (const [index, hour] of listHourNumbers(reader, hours).entries()) {
    sums.addNames(hour * 60, unpackNames(findHour(reader, hour)?.operations));
    if (index % ROWS_A_TURN === 0) await nextTurn();
  }
  for (const { hour, process, gauges } of listHourGauges(reader, hours)) {
    sums.addGauges(hour * 60, process, JSON.parse(gauges) as GaugeSums);
  }
}

async function addMinutes(
  reader: Reader,
  sums: HistorySums,
  { from, to, list }: HistorySpan & { list: typeof listMinutes },
): Promise<void> {
  let after = { minute: 0, id: 0 };
  for (let rows: MinuteRow[] = []; ; ) {
    rows = list(reader, { from, to, after }, ROWS_A_TURN);
    for (const { minute, process, operations, gauges } of rows) {
      sums.addNames(minute, unpackNames(operations));
      sums.addGauges(minute, process, toGaugeSums(JSON.parse(gauges) as Gauges));
    }
    after = rows.at(-1) ?? after;
    if (rows.length < ROWS_A_TURN) break;
    await nextTurn();
  }
}
