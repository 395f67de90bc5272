import { createHmac } from "node:crypto";
import { toVisitorNetwork } from "../auth/network.ts";
import type { Context } from "../context/context.ts";
import { addSeconds } from "../lib/clock.ts";
import type { HashedReader } from "./blog-numbers-store.ts";
import { addDailyCount, insertReaders, pruneNumbers, saveAggregator, setDailyCount } from "./blog-numbers-store.ts";
import type { AuthorDay, DailyCount } from "./daily-counts.ts";
import { authorDay, dateBefore, dayOf } from "./daily-counts.ts";
import { MAX_USER_AGENT_LENGTH, parseFeedAgent } from "./feed-agent.ts";
import { forgetOldSalts, readerSalt } from "./reader-salt.ts";
import { estimateSubscribers, SUBSCRIBER_DAYS } from "./subscribers.ts";

/** How long counts wait in memory before they are written, in milliseconds. */
export const VISITS_WAIT_MS = 60_000;

/** Different readers that wait in memory to be written; more are not told apart. */
export const MAX_WAITING_READERS = 2_000;

/** Readers that are told apart on one day. */
export const MAX_READERS_A_DAY = 10_000;

/** Programs that read for many, times the feeds that they read, of which the number is kept. */
export const MAX_AGGREGATORS = 500;

/** Days whose counts are kept. */
export const COUNTS_KEPT_DAYS = 400;

/** Who asked for a feed. The address is in memory only, until it is hashed. */
export type FeedVisit = { readonly path: string; readonly address: string; readonly userAgent: string };

/** Hears of what readers ask for, and adds it up in the database. */
export type Visits = {
  count(name: DailyCount): void;
  meetReader(visit: FeedVisit): void;
  /** Writes what waits. Never rejects: what cannot be written waits on. */
  flush(): Promise<void>;
};

/** Whoever hears nothing. */
export const NO_VISITS: Visits = { count: () => {}, meetReader: () => {}, flush: () => Promise.resolve() };

type Day = { readonly counts: Map<DailyCount, number>; readonly readers: Map<string, FeedVisit> };
type Days = Map<string, Day>;
type Tools = Pick<Context, "config" | "db" | "clock" | "log">;

/** Creates what counts. It writes a minute after the first of what waits, and several processes add up. */
export function createVisits(ctx: Tools, waitMs: number = VISITS_WAIT_MS): Visits {
  let current: AuthorDay | undefined;
  let waiting: Days = new Map();
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;
  let writing = Promise.resolve();

  function thisDay(): Day | undefined {
    timer ??= setTimeout(flush, waitMs).unref();
    try {
      const now = ctx.clock();
      // To look the author's zone up for each request would cost more than to count it.
      if (current === undefined || now < current.from || now >= current.to) current = authorDay(ctx, now);
      return dayIn(waiting, current.day);
    } catch {
      return undefined; // The database cannot be asked for the author's zone, nor could it keep a count.
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    current = undefined; // The zone may have been changed.
    const days = waiting;
    if (days.size > 0) {
      waiting = new Map();
      writing = writing.then(() => write(ctx, days)).then(succeed, (err: unknown) => fail(days, err));
    }
    return writing;
  }

  function succeed(): void {
    isFailing = false;
  }

  function fail(days: Days, err: unknown): void {
    // What came meanwhile stays the newer.
    for (const [name, { counts, readers }] of waiting) {
      const day = dayIn(days, name);
      for (const [count, number] of counts) addCount(day, count, number);
      for (const visit of readers.values()) addReader(day, visit);
    }
    waiting = days;
    timer ??= setTimeout(flush, waitMs).unref();
    if (!isFailing) ctx.log.error({ event: "server.fault", err }, "visits not counted for now");
    isFailing = true;
  }

  return {
    count: (name) => addCount(thisDay(), name, 1),
    meetReader: (visit) => addReader(thisDay(), visit),
    flush,
  };
}

function dayIn(days: Days, name: string): Day {
  const known = days.get(name);
  if (known !== undefined) return known;
  const day = { counts: new Map(), readers: new Map() };
  days.set(name, day);
  return day;
}

function addCount(day: Day | undefined, name: DailyCount, count: number): void {
  day?.counts.set(name, (day.counts.get(name) ?? 0) + count);
}

function addReader(day: Day | undefined, { path, address, userAgent }: FeedVisit): void {
  if (day === undefined) return;
  const agent = userAgent.length > MAX_USER_AGENT_LENGTH ? userAgent.slice(0, MAX_USER_AGENT_LENGTH) : userAgent;
  const key = `${path}\n${address}\n${agent}`;
  day.readers.delete(key); // The newest stands last: its number is the one that counts.
  if (day.readers.size < MAX_WAITING_READERS) day.readers.set(key, { path, address, userAgent: agent });
}

async function write(ctx: Tools, days: Days): Promise<void> {
  const hashed = [...days].map(([day, { counts, readers }]) => {
    return { day, counts, ...sort(readers.values(), createHash(ctx, day)) };
  });
  // Only now: what was met before midnight and is written after it needs the key of its own day.
  forgetOldSalts(ctx.config, dayOf(ctx, ctx.clock()));
  await ctx.db.write(() => {
    const now = ctx.clock();
    for (const { day, counts, readers, aggregators } of hashed) {
      for (const [name, count] of counts) addDailyCount(ctx.db, { day, name, count });
      for (const aggregator of aggregators) saveAggregator(ctx.db, { ...aggregator, seenAt: now });
      if (readers.length > 0) insertReaders(ctx.db, { day, readers, max: MAX_READERS_A_DAY });
    }
    const day = dayOf(ctx, now);
    prune(ctx, day);
    setDailyCount(ctx.db, { day, name: "subscribers", count: estimateSubscribers(ctx).estimate });
  });
}

/** Tells those who read for many from those who read for one, and from those who read for nobody. */
function sort(visits: Iterable<FeedVisit>, toHash: (visit: FeedVisit) => string) {
  const readers: HashedReader[] = [];
  const aggregators: { program: string; feed: string; subscribers: number }[] = [];
  for (const visit of visits) {
    const agent = parseFeedAgent(visit.userAgent);
    if (agent === undefined) continue;
    const { program, subscribers, feedId } = agent;
    if (subscribers === undefined) readers.push({ reader: toHash(visit), program });
    else aggregators.push({ program, feed: feedId ?? visit.path, subscribers });
  }
  return { readers, aggregators };
}

/** One reader is one program on one network, whatever feeds it reads. */
function createHash({ config }: Tools, day: string): (visit: FeedVisit) => string {
  let salt: Buffer | undefined;
  return ({ address, userAgent }) => {
    salt ??= readerSalt(config, day);
    return createHmac("sha256", salt)
      .update(`${toVisitorNetwork(address)}\n${userAgent}`)
      .digest("base64url");
  };
}

function prune({ db, clock }: Tools, day: string): void {
  const now = clock();
  pruneNumbers(db, {
    countsFrom: dateBefore(day, COUNTS_KEPT_DAYS - 1),
    readersFrom: dateBefore(day, SUBSCRIBER_DAYS - 1),
    lastDay: dateBefore(day, -1),
    seenFrom: addSeconds(now, -SUBSCRIBER_DAYS * 86_400),
    seenTo: addSeconds(now, 86_400),
    aggregatorsMax: MAX_AGGREGATORS,
  });
}
