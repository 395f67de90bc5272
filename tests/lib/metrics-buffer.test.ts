import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Clock, Timestamp } from "../../src/lib/clock.ts";
import { addSeconds } from "../../src/lib/clock.ts";
import type { Measurement } from "../../src/lib/measurement.ts";
import { METRIC_TYPES } from "../../src/lib/measurement.ts";
import { MINUTES_KEPT } from "../../src/lib/metric-series.ts";
import type { MetricsOptions } from "../../src/lib/metrics-buffer.ts";
import { MAX_SERIES, METRICS_BUFFER_SIZE, MetricsBuffer, OTHER_NAME } from "../../src/lib/metrics-buffer.ts";

/** A buffer whose clock stands until it is told to go on. */
function createBuffer(options: Partial<MetricsOptions> = {}) {
  let now = "2026-03-01T09:30:00.000Z" as Timestamp;
  const clock: Clock = () => now;
  const pass = async (seconds: number) => {
    now = addSeconds(now, seconds);
    await nextTurn();
  };
  return { metrics: new MetricsBuffer({ clock, ...options }), pass };
}

function operation(changes: Partial<Measurement> = {}): Measurement {
  return { type: "http", name: "/", durationMs: 5, outcome: "200", isFailed: false, size: 10, ...changes };
}

test("it takes one rate for all types, or one by type, and keeps everything where nothing is said", () => {
  const rates = [undefined, 0.5, { database: 0.1, render: 0 }].map(
    (rate) => createBuffer(rate === undefined ? {} : { rate }).metrics.rates,
  );

  expect(rates).toEqual([
    { http: 1, database: 1, render: 1, job: 1, fetch: 1 },
    { http: 0.5, database: 0.5, render: 0.5, job: 0.5, fetch: 0.5 },
    { http: 1, database: 0.1, render: 0, job: 1, fetch: 1 },
  ]);
});

test.each([
  [-0.01, "sampling rate of http is -0.01"],
  [1.01, "sampling rate of http is 1.01"],
  [Number.NaN, "sampling rate of http is NaN"],
  [{ database: 1.5 }, "sampling rate of database is 1.5"],
  [{ databases: 1 } as object, '"databases" is no type of metrics. Did you mean database?'],
])("a rate of %j is refused by name", (rate, sentence) => {
  expect(() => createBuffer({ rate })).toThrow(sentence);
});

test("a size of 1 is the least", async () => {
  const { metrics } = createBuffer({ size: 1 });
  for (const name of ["a", "b"]) metrics.record(operation({ name }));

  expect(metrics.samples("http").map(({ name }) => name)).toEqual(["b"]);
  expect(() => createBuffer({ size: 0 })).toThrow("size is 0");
  expect(() => createBuffer({ size: 1.5 })).toThrow("size is 1.5");
});

test("the newest operations are kept whole, with time and process, and older ones make room", async () => {
  const { metrics, pass } = createBuffer({ size: 3 });
  for (const name of ["a", "b", "c", "d"]) {
    metrics.record(operation({ name, requestId: `id-${name}`, durationMs: 7 }));
    await pass(1);
  }

  const samples = metrics.samples("http");

  expect(samples.map(({ name, time }) => [name, time])).toEqual([
    ["d", "2026-03-01T09:30:03.000Z"],
    ["c", "2026-03-01T09:30:02.000Z"],
    ["b", "2026-03-01T09:30:01.000Z"],
  ]);
  expect(samples[0]).toMatchObject({ requestId: "id-d", durationMs: 7, size: 10, processId: process.pid });
  expect(metrics.fill("http")).toEqual({ size: 3, capacity: 3, kept: 4 });
  expect(createBuffer().metrics.fill("job").capacity).toBe(METRICS_BUFFER_SIZE);
});

test("sampling decides what is kept whole, not what is counted; slow and failed operations are kept at any rate", () => {
  const { metrics } = createBuffer({ rate: { http: 0.25, database: 0 }, slowMs: 100 });

  for (let index = 0; index < 400; index += 1) metrics.record(operation());
  metrics.record(operation({ type: "database", durationMs: 99.9 }));
  metrics.record(operation({ type: "database", durationMs: 100 }));
  metrics.record(operation({ type: "database", isFailed: true }));

  expect(metrics.fill("http").kept).toBe(100);
  expect(metrics.summarizeAll("http", "start").count).toBe(400);
  expect(metrics.samples("database").map(({ durationMs, isFailed }) => [durationMs, isFailed])).toEqual([
    [5, true],
    [100, false],
  ]);
  expect(metrics.summarizeAll("database", "start")).toMatchObject({ count: 3, errors: 1 });
});

test("a name is summed up with its outcomes together, over five minutes, an hour and since the start", async () => {
  const { metrics, pass } = createBuffer();
  metrics.record(operation({ durationMs: 1 }));
  await pass(56 * 60);
  metrics.record(operation({ durationMs: 2, outcome: "304", size: 0 }));
  await pass(10 * 60);
  metrics.record(operation({ durationMs: 3, outcome: "500", isFailed: true }));

  const spans = (["5m", "1h", "start"] as const).map((window) => metrics.summarize("http", window)[0]);

  expect(spans.map((span) => [span?.count, span?.errors, span?.size, span?.min, span?.max, span?.mean])).toEqual([
    [1, 1, 10, 3, 3, 3],
    [2, 1, 10, 2, 3, 2.5],
    [3, 1, 20, 1, 3, 2],
  ]);
});

test("five minutes are the minute that runs and the four before it", async () => {
  const { metrics, pass } = createBuffer();
  metrics.record(operation());

  await pass(4 * 60 + 59);
  const within = metrics.summarize("http", "5m");
  await pass(1);
  const past = metrics.summarize("http", "5m");

  expect([within.length, past.length]).toEqual([1, 0]);
});

test("minutes that are over are given once, with their names and outcomes; the one that runs stays", async () => {
  const { metrics, pass } = createBuffer();
  const first = Date.parse("2026-03-01T09:30:00Z") / 60_000;
  metrics.record(operation({ firstByteMs: 1 }));
  metrics.record(operation({ type: "job", name: "notes.render", outcome: "retry" }));
  const running = [metrics.takeMinutes(), metrics.untakenMinutes()].map((minutes) => minutes.length);

  await pass(60);
  const waiting = metrics.untakenMinutes();
  const over = metrics.takeMinutes();
  const again = [metrics.takeMinutes(), metrics.untakenMinutes()];

  expect([running, again]).toEqual([
    [0, 2],
    [[], []],
  ]);
  expect(waiting).toEqual(over);
  expect(
    over.map(({ minute, type, name, outcome, durations }) => [minute, type, name, outcome, durations.count]),
  ).toEqual([
    [first, "http", "/", "200", 1],
    [first, "job", "notes.render", "retry", 1],
  ]);
  expect(over.map(({ firstBytes }) => firstBytes.count)).toEqual([1, 0]);
});

test("at a stop the minute that runs is taken too, and what comes after it is another part of that minute", () => {
  const { metrics } = createBuffer();
  metrics.record(operation());

  const last = metrics.takeMinutes({ running: true });
  metrics.record(operation({ durationMs: 9 }));
  const after = metrics.takeMinutes({ running: true });

  expect([last, after].map((minutes) => minutes.map(({ durations }) => durations.sum))).toEqual([[5], [9]]);
  expect(after[0]?.minute).toBe(last[0]?.minute);
  expect(metrics.summarizeAll("http", "5m").count).toBe(2);
});

test("of what nobody takes, the last hour is kept", async () => {
  const { metrics, pass } = createBuffer();
  for (let minute = 0; minute <= MINUTES_KEPT; minute += 1) {
    metrics.record(operation({ durationMs: minute }));
    await pass(60);
  }

  const taken = metrics.takeMinutes();

  expect(taken.map(({ durations }) => durations.sum)).toEqual(Array.from({ length: MINUTES_KEPT }, (_, i) => i + 1));
});

test("the time until the head of an answer is summed up apart from the whole", () => {
  const { metrics } = createBuffer();
  metrics.record(operation({ durationMs: 80, firstByteMs: 4 }));
  metrics.record(operation({ type: "job", durationMs: 80 }));

  expect(metrics.summarizeAll("http", "start")).toMatchObject({ p50: 80, firstByte: { count: 1, p50: 4, p95: 4 } });
  expect(metrics.summarizeAll("job", "start").firstByte).toBeUndefined();
});

test("names past the limit are counted under one name", () => {
  const { metrics } = createBuffer();

  for (let index = 0; index <= MAX_SERIES; index += 1) metrics.record(operation({ name: `/${index}` }));
  const names = metrics.summarize("http", "start").map(({ name }) => name);

  expect(names).toHaveLength(MAX_SERIES + 1);
  expect(names).toContain(`/${MAX_SERIES - 1}`);
  expect(names).toContain(OTHER_NAME);
  expect(metrics.summarizeAll("http", "start").count).toBe(MAX_SERIES + 1);
});

test("whatever is recorded and however time passes, every count since the start is exact", async () => {
  const step = fc.record({
    type: fc.constantFrom(...METRIC_TYPES),
    name: fc.constantFrom("a", "b"),
    outcome: fc.constantFrom("ok", "no"),
    isFailed: fc.boolean(),
    size: fc.nat(1000),
    durationMs: fc.double({ min: 0, max: 1e4, noNaN: true }),
    seconds: fc.constantFrom(0, 0, 0, 30, 61, 4000),
  });

  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { metrics, pass } = createBuffer({ rate: 0.3 });
      for (const { seconds, ...measurement } of steps) {
        metrics.record(measurement);
        if (seconds > 0) await pass(seconds);
      }

      for (const type of METRIC_TYPES) {
        const mine = steps.filter((each) => each.type === type);
        const all = metrics.summarizeAll(type, "start");
        expect([all.count, all.errors, all.size]).toEqual([
          mine.length,
          mine.filter(({ isFailed }) => isFailed).length,
          mine.reduce((sum, { size }) => sum + size, 0),
        ]);
      }
    }),
    { numRuns: 50 },
  );
});

test("recording takes at most a microsecond in the median", () => {
  const { metrics } = createBuffer();
  const measurement = operation({ firstByteMs: 2, requestId: "id" });
  const batch = 1_000;
  const times: number[] = [];

  for (let round = 0; round < 200; round += 1) {
    const startedAt = performance.now();
    for (let index = 0; index < batch; index += 1) metrics.record(measurement);
    times.push(((performance.now() - startedAt) * 1000) / batch);
  }

  expect(times.sort((a, b) => a - b)[times.length / 2]).toBeLessThanOrEqual(1);
});
