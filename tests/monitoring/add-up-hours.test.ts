import { expect, test } from "vitest";
import type { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import {
  ADD_UP_HOURS,
  addUpHours,
  HOUR_WAIT_MS,
  HOURS_KEPT_DAYS,
  MINUTES_AT_ONCE,
  MINUTES_KEPT_HOURS,
} from "../../src/monitoring/add-up-hours.ts";
import { readHistory } from "../../src/monitoring/history.ts";
import { NOW } from "../support/context.ts";
import { historyContext, operation } from "../support/history.ts";

const HALF_AN_HOUR = 1_800;
const HOUR = 3_600;

function countRows(db: Database): Record<string, number> | undefined {
  return db.get(
    `SELECT (SELECT count(*) FROM metric_days) AS days,
            (SELECT count(*) FROM metric_minutes) AS minutes, (SELECT count(*) FROM metric_hours) AS hours,
            (SELECT count(*) FROM metric_hour_gauges) AS gauges, (SELECT count(*) FROM metric_processes) AS processes`,
  );
}

test("it comes two minutes after each full hour", () => {
  const due = ADD_UP_HOURS.nextRunAt(NOW);

  expect([due, ADD_UP_HOURS.nextRunAt(due)]).toEqual(["2026-03-01T10:02:00.000Z", "2026-03-01T11:02:00.000Z"]);
  expect(HOUR_WAIT_MS).toBe(120_000);
});

test("an hour that is over has the minutes of all processes, counters added up and gauges apart; again changes nothing", async () => {
  const { ctx, begin, pass } = await historyContext();
  const processes = [begin({ residentBytes: 10 }), begin({ residentBytes: 30 })];
  for (let minute = 0; minute < 2; minute += 1) {
    for (const { metrics } of processes) metrics.record(operation({ durationMs: 2, firstByteMs: 1 }));
    await pass(60);
    for (const { history } of processes) await history.write();
  }
  await pass(HALF_AN_HOUR);

  await addUpHours(ctx);
  const once = ctx.db.all("SELECT * FROM metric_hours");
  await addUpHours(ctx);
  const { names, processes: reported } = await readHistory(ctx, begin().history, "week");

  expect(countRows(ctx.db)).toEqual({ minutes: 4, hours: 1, gauges: 2, processes: 2, days: 0 });
  expect(ctx.db.all("SELECT * FROM metric_hours")).toEqual(once);
  expect(names.http).toMatchObject([{ count: 4, outcomes: { 200: 4 }, size: 40, firstByte: { count: 4 } }]);
  expect(reported.slice(0, 2).map(({ gauges }) => gauges.at(-2)?.residentBytes?.mean)).toEqual(
    expect.arrayContaining([10, 30]),
  );
});

test("the hour that runs is left alone, and counts all the same", async () => {
  const { ctx, begin } = await historyContext();
  const { metrics, history } = begin();
  metrics.record(operation());
  await history.stop();

  await addUpHours(ctx);

  expect(countRows(ctx.db)).toMatchObject({ minutes: 1, hours: 0 });
  expect((await readHistory(ctx, begin().history, "week")).totals.http.count).toBe(1);
});

test("after days of standing still every hour is made up for, and what was written late is added to its hour", async () => {
  const { ctx, begin, pass } = await historyContext();
  const late = begin();
  late.metrics.record(operation({ name: "/late" }));
  for (let hour = 0; hour < 5; hour += 1) {
    const { metrics, history } = begin();
    metrics.record(operation());
    await history.stop();
    await pass(HOUR);
  }
  await pass(24 * HOUR);
  await addUpHours(ctx);
  const before = countRows(ctx.db);

  await late.history.stop();
  await addUpHours(ctx);
  const { names, operations } = await readHistory(ctx, begin().history, "week");

  expect(before).toMatchObject({ minutes: 5, hours: 5 });
  expect(countRows(ctx.db)).toMatchObject({ minutes: 6, hours: 5 });
  expect(names.http.map(({ name, count }) => [name, count]).sort()).toEqual([
    ["/", 5],
    ["/late", 1],
  ]);
  expect(operations.http.slice(-30, -25).map(({ count }) => count)).toEqual([2, 1, 1, 1, 1]);
});

test("more minutes than one piece takes are added up piece by piece", async () => {
  const { ctx, begin, pass } = await historyContext();
  for (let count = 0; count <= MINUTES_AT_ONCE; count += 1) {
    const { metrics, history } = begin();
    metrics.record(operation());
    await history.stop();
  }
  await pass(HOUR);

  await addUpHours(ctx);

  expect(countRows(ctx.db)).toMatchObject({ hours: 1 });
  expect((await readHistory(ctx, begin().history, "year")).totals.http.count).toBe(MINUTES_AT_ONCE + 1);
});

test("minutes are kept for 48 hours, hours and days for 400 days besides the one that runs, with all that is theirs", async () => {
  const { ctx, clock, begin, pass } = await historyContext();
  clock.set("2026-03-01T10:00:00.000Z" as Timestamp);
  await pass(0);
  const { metrics, history } = begin({ residentBytes: 1 });
  metrics.record(operation());
  await history.stop();
  const seen = [];

  await pass(MINUTES_KEPT_HOURS * HOUR + HOUR - 1);
  for (const next of [1, undefined]) {
    await addUpHours(ctx);
    seen.push(countRows(ctx.db));
    if (next !== undefined) await pass(next);
  }
  clock.set(addSeconds("2026-03-02T00:00:00.000Z" as Timestamp, HOURS_KEPT_DAYS * 24 * HOUR - 1));
  for (const next of [1, undefined]) {
    await addUpHours(ctx);
    seen.push(countRows(ctx.db));
    if (next !== undefined) await pass(next);
  }

  expect(seen).toEqual([
    { minutes: 1, hours: 1, gauges: 1, processes: 1, days: 1 },
    { minutes: 0, hours: 1, gauges: 1, processes: 1, days: 1 },
    { minutes: 0, hours: 1, gauges: 1, processes: 1, days: 1 },
    { minutes: 0, hours: 0, gauges: 0, processes: 0, days: 0 },
  ]);
});

test("a day that is over is added up, and again when an hour of it has changed; a year is the same either way", async () => {
  const { ctx, begin, pass } = await historyContext();
  const [late, { metrics, history }] = [begin(), begin({ residentBytes: 4 })];
  late.metrics.record(operation({ name: "/late" }));
  metrics.record(operation({ durationMs: 50 }));
  await history.stop();
  await pass(24 * HOUR);
  await addUpHours(ctx);
  const day = () => ctx.db.get<{ stamp: number }>("SELECT stamp FROM metric_days")?.stamp;
  const before = day();
  await late.history.stop();
  await addUpHours(ctx);
  const after = day();

  const added = await readHistory(ctx, begin().history, "year");
  await ctx.db.write(() => ctx.db.run("DELETE FROM metric_days"));
  const fromHours = await readHistory(ctx, begin().history, "year");

  expect(after).toBeGreaterThan(before ?? Number.POSITIVE_INFINITY);
  expect(added.totals.http).toMatchObject({ count: 2, max: 50 });
  expect(added.operations.http.slice(-2).map(({ count }) => count)).toEqual([2, 0]);
  expect({ ...fromHours, processes: [] }).toEqual({ ...added, processes: [] });
  expect(fromHours.processes.map(({ gauges }) => gauges.at(-2))).toEqual(
    added.processes.map(({ gauges }) => gauges.at(-2)),
  );
});
