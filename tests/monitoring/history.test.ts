import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { METRIC_TYPES } from "../../src/lib/measurement.ts";
import { addUpHours } from "../../src/monitoring/add-up-hours.ts";
import { HISTORY_RANGES, readHistory } from "../../src/monitoring/history.ts";
import type { MeasuringProcess } from "../support/history.ts";
import { beginProcess, historyContext, operation } from "../support/history.ts";

const RANGES = Object.keys(HISTORY_RANGES) as (keyof typeof HISTORY_RANGES)[];

test("every range says what was counted now, before anything is written", async () => {
  const { ctx, begin } = await historyContext();
  const { metrics, history } = begin();
  for (const durationMs of [1, 2, 30]) metrics.record(operation({ durationMs, firstByteMs: 1 }));
  metrics.record(operation({ outcome: "500", isFailed: true, durationMs: 400 }));

  const reports = await Promise.all(RANGES.map((range) => readHistory(ctx, history, range)));

  expect(reports.map(({ steps }) => steps.length)).toEqual([60, 144, 168, 365]);
  for (const { totals, operations, names } of reports) {
    expect(totals.http).toMatchObject({ count: 4, errors: 1, size: 40, min: 1, max: 400, firstByte: { count: 3 } });
    expect(operations.http.at(-1)).toMatchObject({ count: 4, errors: 1 });
    expect(operations.http.filter(({ count }) => count > 0)).toHaveLength(1);
    expect(names.http).toMatchObject([{ name: "/", count: 4, outcomes: { 200: 3, 500: 1 } }]);
    expect(names.job).toEqual([]);
  }
});

test("steps begin on whole minutes, ten minutes, hours and days of UTC, and the last one runs", async () => {
  const { ctx, begin } = await historyContext();
  const { history } = begin();

  const reports = await Promise.all(RANGES.map((range) => readHistory(ctx, history, range)));

  expect(reports.map(({ from, to, steps, stepSeconds }) => [from, steps.at(-1), to, stepSeconds])).toEqual([
    ["2026-03-01T08:31:00.000Z", "2026-03-01T09:30:00.000Z", "2026-03-01T09:31:00.000Z", 60],
    ["2026-02-28T09:40:00.000Z", "2026-03-01T09:30:00.000Z", "2026-03-01T09:40:00.000Z", 600],
    ["2026-02-22T10:00:00.000Z", "2026-03-01T09:00:00.000Z", "2026-03-01T10:00:00.000Z", 3600],
    ["2025-03-02T00:00:00.000Z", "2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z", 86_400],
  ]);
});

test("each operation stands in its step, with the percentiles of that step and of the whole", async () => {
  const { ctx, begin, pass } = await historyContext();
  const { metrics, history } = begin();
  metrics.record(operation({ durationMs: 10 }));
  await pass(60);
  await history.write();
  for (let count = 0; count < 99; count += 1) metrics.record(operation({ durationMs: 100 }));
  await pass(120);

  const { operations, totals } = await readHistory(ctx, history, "hour");

  expect(operations.http.slice(-4).map(({ count }) => count)).toEqual([1, 99, 0, 0]);
  expect(operations.http.at(-4)).toEqual({ count: 1, errors: 0, p50: 10, p95: 10, p99: 10 });
  expect(totals.http.p50).toBeCloseTo(100, -1);
  expect(totals.http).toMatchObject({ count: 100, min: 10, max: 100 });
});

test("gauges stay with their process, with mean and greatest of each step", async () => {
  const { ctx, begin, pass } = await historyContext();
  const one = begin({ residentBytes: 100 });
  const other = begin({ residentBytes: 300, walBytes: 5 });
  for (let minute = 0; minute < 2; minute += 1) {
    await pass(60);
    await one.history.write();
  }
  await other.history.write();

  const { processes } = await readHistory(ctx, one.history, "day");

  expect(processes.map(({ id, isThis, pid }) => [id, isThis, pid])).toEqual([
    [other.history.process.id, false, process.pid],
    [one.history.process.id, true, process.pid],
  ]);
  expect(processes.map(({ gauges }) => gauges.at(-1))).toEqual([
    { residentBytes: { mean: 300, max: 300 }, walBytes: { mean: 5, max: 5 } },
    { residentBytes: { mean: 100, max: 100 } },
  ]);
  expect(processes[0]?.gauges[0]).toBeNull();
});

const STEP = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("record" as const), at: fc.nat(1), what: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), seconds: fc.constantFrom(1, 45, 61, 1800) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("write" as const), at: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const), at: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("set back" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("add up" as const) }) },
);

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

/** Two processes that do what they are told, and what was sent to them. */
function createScene(context: Awaited<ReturnType<typeof historyContext>>) {
  const { ctx, pass } = context;
  const begin = () => beginProcess(context, ctx);
  const processes: [MeasuringProcess, MeasuringProcess] = [begin(), begin()];
  const sent = { http: 0, job: 0, database: 0, render: 0, fetch: 0 };
  const at = (step: Step): 0 | 1 => ("at" in step && step.at === 1 ? 1 : 0);
  const doers: { [Kind in Step["do"]]: (step: Extract<Step, { do: Kind }>) => unknown } = {
    record(step) {
      const type = METRIC_TYPES[step.what % METRIC_TYPES.length] ?? "http";
      sent[type] += 1;
      processes[at(step)].metrics.record(operation({ type, name: `n${step.what}`, durationMs: step.what }));
    },
    pass: ({ seconds }) => pass(seconds),
    "set back": () => pass(-90),
    write: (step) => processes[at(step)].history.write(),
    "add up": () => addUpHours(ctx),
    async restart(step) {
      await processes[at(step)].history.stop();
      processes[at(step)] = begin();
    },
  };
  return { begin, processes, sent, act: (step: Step) => doers[step.do](step as never) };
}

test("whatever is counted, written, restarted and added up in whatever order, every range counts it once", async () => {
  const context = await historyContext();
  const { ctx, pass } = context;

  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { maxLength: 40 }), async (steps) => {
      const { begin, processes, sent, act } = createScene(context);
      const before = (await readHistory(ctx, begin().history, "year")).totals;
      for (const step of steps) await act(step);
      await pass(4000); // More than the clock can have been set back: what lies ahead of it is in no range.
      await processes[1].history.stop();

      const { totals, operations } = await readHistory(ctx, processes[0].history, "year");

      for (const type of METRIC_TYPES) {
        expect(totals[type].count - before[type].count).toBe(sent[type]);
        expect(operations[type].reduce((sum, { count }) => sum + count, 0)).toBe(totals[type].count);
      }
      await processes[0].history.stop();
    }),
    { numRuns: 40 },
  );
});

test("while it reads and writes at once, nothing is counted twice or missed", async () => {
  const { ctx, begin, pass } = await historyContext();
  const { metrics, history } = begin();
  const counts: number[] = [];

  for (let count = 1; count <= 30; count += 1) {
    metrics.record(operation());
    await pass(count % 3 === 0 ? 60 : 0);
    const writing = history.write();
    const reading = readHistory(ctx, history, "day");
    if (count % 2 === 0) await nextTurn();
    const { totals } = await reading;
    await writing;
    counts.push(totals.http.count);
  }

  expect(counts).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});
