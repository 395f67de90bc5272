import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { Database } from "../../src/db/database.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { silentLogger } from "../../src/lib/log.ts";
import { MetricsBuffer } from "../../src/lib/metrics-buffer.ts";
import { readHistory } from "../../src/monitoring/history.ts";
import { HistoryRecorder } from "../../src/monitoring/history-recorder.ts";
import type { HistoryReport } from "../../src/monitoring/history-report.ts";
import type { ServingProcess } from "../support/server-process.ts";
import { createFolder, startServing } from "../support/server-process.ts";

// Real processes on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

async function send({ url }: ServingProcess, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await (await fetch(`${url}/`)).text();
    await (await fetch(`${url}/notes/none`)).text();
  }
}

async function stop({ child, exited }: ServingProcess): Promise<void> {
  child.kill("SIGTERM");
  expect(await exited).toEqual({ code: 0, signal: null });
}

/** What stands in the folder, seen by a process that has counted nothing itself. */
async function readFolder(dataDir: string): Promise<HistoryReport> {
  const db = Database.open({ file: join(dataDir, "starpunk.db"), readers: 1 });
  const tools = { db, clock: systemClock, log: silentLogger(), metrics: new MetricsBuffer({ clock: systemClock }) };
  try {
    return await readHistory(tools, new HistoryRecorder(tools, () => ({})), "day");
  } finally {
    db.close();
  }
}

function countOf({ names }: HistoryReport): Record<string, Readonly<Record<string, number>>> {
  return Object.fromEntries(names.http.map(({ name, outcomes }) => [name, outcomes]));
}

test("over two processes at once and a restart, the history says exactly what was sent", async () => {
  const dataDir = createFolder();
  const [one, other] = await Promise.all([startServing(dataDir), startServing(dataDir)]);
  await Promise.all([send(one, 20), send(other, 30)]);
  await Promise.all([stop(one), stop(other)]);
  const before = await readFolder(dataDir);

  const again = await startServing(dataDir);
  await send(again, 7);
  await stop(again);
  const after = await readFolder(dataDir);

  expect(countOf(before)).toEqual({ "/": { 200: 50 }, "/notes/:slug": { 404: 50 } });
  expect(countOf(after)).toEqual({ "/": { 200: 57 }, "/notes/:slug": { 404: 57 } });
  expect(after.totals.http).toMatchObject({ count: 114, errors: 0 });
  expect(new Set(after.processes.filter(({ isThis }) => !isThis).map(({ pid }) => pid))).toEqual(
    new Set([one, other, again].map(({ child }) => child.pid)),
  );
  expect(after.processes[0]?.gauges.at(-1) ?? after.processes[0]?.gauges.at(-2)).toMatchObject({
    residentBytes: { mean: expect.any(Number) },
  });
});

test("with metrics off a process leaves nothing", async () => {
  const dataDir = createFolder();
  const server = await startServing(dataDir, { METRICS_ENABLED: "false" });
  await send(server, 2);
  await stop(server);

  const { totals, processes } = await readFolder(dataDir);

  expect(totals.http.count).toBe(0);
  expect(processes.filter(({ isThis }) => !isThis)).toEqual([]);
});
