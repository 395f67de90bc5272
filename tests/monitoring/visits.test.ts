import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Database } from "../../src/db/database.ts";
import type { Timestamp } from "../../src/lib/clock.ts";
import { createPino } from "../../src/lib/log.ts";
import { listDailyCounts } from "../../src/monitoring/blog-numbers-store.ts";
import { estimateSubscribers, SUBSCRIBER_DAYS } from "../../src/monitoring/subscribers.ts";
import {
  COUNTS_KEPT_DAYS,
  createVisits,
  MAX_AGGREGATORS,
  MAX_READERS_A_DAY,
  MAX_WAITING_READERS,
} from "../../src/monitoring/visits.ts";
import type { TestContext } from "../support/context.ts";
import { testContext } from "../support/context.ts";

const DAY = 86_400;
const PATH = "/feed.xml";

/** As many different readers as asked for, each at an address of its own. */
function* readers(count: number, from = 0) {
  for (let at = from; at < from + count; at += 1) {
    yield { path: PATH, address: `10.0.${at >> 8}.${at & 255}`, userAgent: "FreshRSS/1.24.0" };
  }
}

function countsOf({ ctx }: TestContext): unknown[] {
  return listDailyCounts(ctx.db, { from: "0000", to: "9999" }).map(({ day, name, count }) => [day, name, count]);
}

function saltsIn(dir: string): string[] {
  return readdirSync(dir).filter((name) => name.startsWith(".reader-salt"));
}

test("several processes on one folder add up, and know a reader again that another one has met", async () => {
  const context = await testContext();
  const { ctx, dir } = context;
  const other = Database.open({ file: `${dir}/starpunk.db`, readers: 1 });
  const processes = [createVisits(ctx), createVisits({ ...ctx, db: other })];

  for (const visits of processes) {
    for (const visit of readers(3)) visits.meetReader(visit);
    visits.count("feed.rss.sent");
    visits.count("search.done");
  }
  await Promise.all(processes.map((visits) => visits.flush()));
  other.close();

  expect(countsOf(context)).toEqual([
    ["2026-03-01", "feed.rss.sent", 2],
    ["2026-03-01", "search.done", 2],
    ["2026-03-01", "subscribers", 3],
  ]);
  expect(saltsIn(dir)).toEqual([".reader-salt-2026-03-01"]);
});

test("after a restart a reader of the same day is known, and on the next day its key is gone", async () => {
  const { ctx, clock, dir } = await testContext();
  const meet = async () => {
    const visits = createVisits(ctx);
    for (const visit of readers(2)) visits.meetReader(visit);
    await visits.flush();
    return ctx.db.all<{ reader: string }>("SELECT reader FROM feed_readers").map(({ reader }) => reader);
  };

  const first = await meet();
  const again = await meet();
  clock.advance(DAY);
  const nextDay = await meet();

  expect(again).toEqual(first);
  expect(new Set(nextDay).size).toBe(4);
  expect(saltsIn(dir)).toEqual([".reader-salt-2026-03-02"]);
  expect(estimateSubscribers(ctx).estimate).toBe(2);
});

test("whatever is counted first on the next day throws the key of the day before away", async () => {
  const { ctx, clock, dir } = await testContext();
  const visits = createVisits(ctx);
  for (const visit of readers(1)) visits.meetReader(visit);
  await visits.flush();
  const before = saltsIn(dir);
  clock.advance(DAY);

  visits.count("search.done");
  await visits.flush();

  expect([before.length, saltsIn(dir)]).toEqual([1, []]);
});

test("who is met twice on one day counts once, also when the second time is written after midnight", async () => {
  const { ctx, clock, dir } = await testContext();
  const visits = createVisits(ctx);
  for (const visit of readers(1)) visits.meetReader(visit);
  await visits.flush();
  for (const visit of readers(1)) visits.meetReader(visit);
  clock.advance(DAY);

  await visits.flush();

  expect(ctx.db.all("SELECT day FROM feed_readers")).toEqual([{ day: "2026-03-01" }]);
  expect(saltsIn(dir)).toEqual([]);
});

test("no address and no user agent stands in the database", async () => {
  const { ctx } = await testContext();
  const visits = createVisits(ctx);
  visits.meetReader({ path: PATH, address: "192.0.2.77", userAgent: "FreshRSS/1.24.0 (secret detail)" });
  await visits.flush();

  const rows = ctx.db.all("SELECT * FROM feed_readers");

  expect(rows).toEqual([{ day: "2026-03-01", reader: expect.stringMatching(/^[\w-]{43}$/), program: "FreshRSS" }]);
});

test("whoever has not come by for a week is no subscriber any more", async () => {
  const { ctx, clock } = await testContext();
  const visits = createVisits(ctx);
  visits.meetReader({ path: PATH, address: "192.0.2.1", userAgent: "Feedly/1.0 (42 subscribers)" });
  for (const visit of readers(2)) visits.meetReader(visit);
  await visits.flush();
  const estimates: number[] = [];

  for (const seconds of [(SUBSCRIBER_DAYS - 1) * DAY, DAY, 1]) {
    clock.advance(seconds);
    estimates.push(estimateSubscribers(ctx).estimate);
  }

  expect(estimates).toEqual([44, 42, 0]);
});

test("readers past the limits are not told apart, nor do programs past theirs stay", async () => {
  const { ctx } = await testContext();
  const visits = createVisits(ctx);
  for (const visit of readers(MAX_WAITING_READERS + 1)) visits.meetReader(visit);
  await visits.flush();
  const waiting = estimateSubscribers(ctx).undeclared;
  for (let from = 0; from <= MAX_READERS_A_DAY; from += MAX_WAITING_READERS) {
    for (const visit of readers(MAX_WAITING_READERS, from)) visits.meetReader(visit);
    await visits.flush();
  }
  for (let id = 0; id <= MAX_AGGREGATORS; id += 1) {
    visits.meetReader({ path: PATH, address: "192.0.2.1", userAgent: `Feeder feed-id:${id} - 1 subscriber` });
  }
  await visits.flush();

  const estimate = estimateSubscribers(ctx);

  expect(waiting).toBe(MAX_WAITING_READERS);
  expect(estimate).toMatchObject({ undeclared: MAX_READERS_A_DAY, declared: MAX_AGGREGATORS });
});

test("counts go after their days, and so does what a clock that ran ahead has left", async () => {
  const context = await testContext();
  const { ctx, clock } = context;
  const visits = createVisits(ctx);
  const countOn = async (moment: string) => {
    clock.set(moment as Timestamp);
    visits.count("search.done");
    visits.meetReader({ path: PATH, address: "192.0.2.1", userAgent: "Feedly/1.0 (42 subscribers)" });
    for (const visit of readers(1)) visits.meetReader(visit);
    await visits.flush();
  };

  await countOn("2031-01-01T00:00:00.000Z");
  await countOn("2026-03-01T09:30:00.000Z");
  const days = [...new Set(countsOf(context).map((row) => (row as string[])[0]))];
  clock.advance((COUNTS_KEPT_DAYS - 1) * DAY);
  await countOn(ctx.clock());
  const kept = countsOf(context).length;
  clock.advance(DAY);
  await countOn(ctx.clock());

  expect(days).toEqual(["2026-03-01"]);
  expect(ctx.db.all("SELECT 1 FROM feed_aggregators")).toHaveLength(1);
  expect(kept).toBe(4);
  expect(countsOf(context)).not.toContainEqual(expect.arrayContaining(["2026-03-01"]));
});

test("what cannot be written waits, is counted once when it can, and is complained of once", async () => {
  const lines: { level: string; event: string }[] = [];
  const log = createPino("info", { write: (line) => void lines.push(JSON.parse(line)) });
  const context = await testContext({ log });
  const { ctx } = context;
  const rename = (sql: string) => ctx.db.write(() => ctx.db.run(sql));
  const visits = createVisits(ctx);

  await rename("ALTER TABLE daily_counts RENAME TO elsewhere");
  for (let time = 0; time < 3; time += 1) {
    visits.count("feed.rss.sent");
    await visits.flush();
  }
  await rename("ALTER TABLE elsewhere RENAME TO daily_counts");
  visits.count("feed.rss.sent");
  await visits.flush();

  expect(countsOf(context)).toContainEqual(["2026-03-01", "feed.rss.sent", 4]);
  expect(lines.map(({ level, event }) => [level, event])).toEqual([["error", "server.fault"]]);
});
