import { expect, test } from "vitest";
import {
  MEMORY_GROWTH_WARNING,
  MEMORY_LOOKS_NEEDED,
  memoryGrowth,
  startProcessMonitor,
} from "../../src/monitoring/process-monitor.ts";
import { until } from "../support/until.ts";

const MINUTE_MS = 60_000;

function looks(count: number, bytesAMinute: number) {
  return Array.from({ length: count }, (_, index) => ({ atMs: index * MINUTE_MS, bytes: 1e8 + index * bytesAMinute }));
}

test("a process knows its memory, time, files and uptime", () => {
  const monitor = startProcessMonitor();

  const reading = monitor.read();
  monitor.stop();

  expect(reading.residentBytes).toBeGreaterThan(reading.heapUsedBytes);
  expect(reading.heapTotalBytes).toBeGreaterThanOrEqual(reading.heapUsedBytes);
  expect(reading.cpuSeconds).toBeGreaterThan(0);
  expect(reading.fileDescriptors).toBeGreaterThan(2);
  expect(reading.uptimeSeconds).toBeGreaterThan(0);
  expect(reading.memoryGrowth).toBeUndefined();
});

test("whoever holds up the event loop shows in its delay", async () => {
  const monitor = startProcessMonitor();

  await until(() => {
    const endsAt = performance.now() + 60;
    while (performance.now() < endsAt);
    expect(monitor.read().eventLoopDelay.max).toBeGreaterThan(30);
  });

  expect(monitor.read().eventLoopDelay.p99).toBeGreaterThan(0);
  monitor.stop();
});

test("garbage collections are counted with their time", async () => {
  const monitor = startProcessMonitor();
  const before = monitor.read().garbageCollection;

  await until(() => {
    Array.from({ length: 1000 }, () => new Array(1000).fill({}));
    expect(monitor.read().garbageCollection.count).toBeGreaterThan(before.count);
  });

  expect(monitor.read().garbageCollection.totalMs).toBeGreaterThan(0);
  monitor.stop();
});

test("growth of memory is a slope over half an hour at least, and past a limit a warning", () => {
  const limit = MEMORY_GROWTH_WARNING / 60;

  expect(memoryGrowth(looks(MEMORY_LOOKS_NEEDED - 1, 1000))).toBeUndefined();
  expect(memoryGrowth(looks(MEMORY_LOOKS_NEEDED, 1000))?.bytesPerHour).toBeCloseTo(60_000);
  expect(memoryGrowth(looks(MEMORY_LOOKS_NEEDED, limit - 1))?.isWarning).toBe(false);
  expect(memoryGrowth(looks(MEMORY_LOOKS_NEEDED, limit + 1))?.isWarning).toBe(true);
  expect(memoryGrowth(looks(60, -1000))).toMatchObject({ isWarning: false });
});
