import { join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { Connection } from "../../src/db/connection.ts";
import { Database } from "../../src/db/database.ts";
import { createPino } from "../../src/lib/log.ts";
import { readHistory } from "../../src/monitoring/history.ts";
import { MAX_WAITING_MINUTES, WRITE_SPREAD_MS } from "../../src/monitoring/history-recorder.ts";
import { MAX_ROW_NAMES } from "../../src/monitoring/history-sums.ts";
import { siteRevision } from "../../src/notes/public-changes-store.ts";
import { beginProcess, historyContext, operation } from "../support/history.ts";

afterEach(() => void vi.useRealTimers());

type Row = { minute: number; process: string; part: number; gauges: string };

function listRows(db: Database): Row[] {
  return db.all<Row>("SELECT minute, process, part, gauges FROM metric_minutes ORDER BY id");
}

/** A process whose database another connection can lock; it waits for the lock hardly at all. */
async function lockableProcess() {
  const context = await historyContext();
  const file = join(context.dir, "starpunk.db");
  const db = Database.open({ file, readers: 1, limits: { lockWaitMs: 1 } });
  const other = new Connection({ file, readonly: false, busyTimeoutMs: 0 });
  const lines: string[] = [];
  onTestFinished(() => {
    other.close();
    db.close();
  });
  const log = createPino("warn", { write: (line) => void lines.push(line) });
  const ctx = { ...context.ctx, db, log };
  return { ...context, ...beginProcess(context, ctx, { residentBytes: 1 }), ctx, other, lines };
}

test("a minute is written when it is over, once, and the last part of one at the stop", async () => {
  const { ctx, begin, pass } = await historyContext();
  const { metrics, history } = begin({ residentBytes: 7 });
  metrics.record(operation());
  const minute = Date.parse(ctx.clock()) / 60_000;
  await pass(60);

  await history.write();
  metrics.record(operation());
  await history.stop();

  const { id } = history.process;
  const gauges = '{"residentBytes":7}';
  expect(listRows(ctx.db)).toEqual([
    { minute, process: id, part: 1, gauges },
    { minute: minute + 1, process: id, part: 2, gauges },
  ]);
  expect((await readHistory(ctx, begin().history, "hour")).totals.http.count).toBe(2);
});

test("a minute without traffic has its gauges", async () => {
  const { ctx, begin, pass } = await historyContext();
  const { history } = begin({ residentBytes: 7 });
  await pass(60);

  await history.write();

  expect(listRows(ctx.db).map(({ gauges }) => gauges)).toEqual(['{"residentBytes":7}']);
});

test("it writes by itself, within two seconds of the end of each minute, until it is stopped", async () => {
  const { ctx, begin, pass } = await historyContext();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { metrics, history } = begin();
  const later = async (seconds: number) => {
    await pass(seconds);
    await vi.advanceTimersByTimeAsync(seconds * 1000);
    await ctx.db.write(() => undefined); // Writes take turns: this one comes after those of the history.
  };
  await pass(20);
  history.start();
  metrics.record(operation());

  await later(39);
  const early = listRows(ctx.db).length;
  await later(1 + WRITE_SPREAD_MS / 1000);
  const once = listRows(ctx.db).length;
  await later(60);
  const twice = listRows(ctx.db).length;
  await history.stop();
  await later(120);

  expect([early, once, twice, listRows(ctx.db).length]).toEqual([0, 1, 2, 3]);
});

test("writing is one transaction that no page goes stale by", async () => {
  const { ctx, begin, pass } = await historyContext();
  const { history, metrics } = begin();
  metrics.record(operation());
  await pass(60);
  const [version, revision] = [ctx.db.dataVersion(), siteRevision(ctx.db)];

  await history.write();

  expect([ctx.db.dataVersion() - version, siteRevision(ctx.db) - revision]).toEqual([1, 0]);
});

test("with metrics off nothing is written", async () => {
  const { ctx, begin, pass } = await historyContext({ config: { METRICS_ENABLED: false } });
  const { metrics, history } = begin({ residentBytes: 7 });
  metrics.record(operation());
  await pass(60);

  history.start();
  await history.write();
  await history.stop();

  expect(listRows(ctx.db)).toEqual([]);
  expect((await readHistory(ctx, history, "hour")).totals.http.count).toBe(0);
});

test("what cannot be written waits for the next minute, and one line says so", async () => {
  const { ctx, metrics, history, other, lines, pass } = await lockableProcess();
  other.exec("BEGIN IMMEDIATE");
  for (let minute = 0; minute < 3; minute += 1) {
    metrics.record(operation());
    await pass(60);
    await history.write();
  }
  const meanwhile = (await readHistory(ctx, history, "hour")).totals.http.count;

  other.exec("ROLLBACK");
  await history.write();
  const after = (await readHistory(ctx, history, "hour")).totals.http.count;

  expect([meanwhile, after]).toEqual([3, 3]);
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(["metrics.write"]);
  expect(listRows(ctx.db).map(({ part }) => part)).toEqual([1, 2, 3, 4]);
  expect(listRows(ctx.db).every(({ gauges }) => gauges === '{"residentBytes":1}')).toBe(true);
});

test("an hour of minutes waits, and no more", async () => {
  const { ctx, begin, pass } = await historyContext();
  const { metrics, history } = begin();
  ctx.db.close();
  for (let minute = 0; minute <= MAX_WAITING_MINUTES; minute += 1) {
    metrics.record(operation({ size: minute }));
    await pass(60);
    await history.write();
  }

  const waiting = history.listUnwritten(0);

  expect(waiting).toHaveLength(MAX_WAITING_MINUTES);
  expect(waiting[0]?.names).toMatchObject([{ size: 1 }]);
});

test("names past the limit of a row are counted under one name", async () => {
  const { ctx, begin } = await historyContext();
  const { metrics, history } = begin();
  for (let name = 0; name <= MAX_ROW_NAMES; name += 1) metrics.record(operation({ name: `/${name}` }));

  await history.stop();
  const { names, totals } = await readHistory(ctx, begin().history, "hour");

  expect(totals.http.count).toBe(MAX_ROW_NAMES + 1);
  expect(names.http.map(({ name }) => name)).toContain("other");
  expect(names.http).toHaveLength(MAX_ROW_NAMES + 1);
});
