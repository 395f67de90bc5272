import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { isUrl } from "../lib/is-url.ts";
import { plainPath } from "../lib/plain-path.ts";
import { cleanText } from "../lib/text.ts";
import { addMissingHits, pruneMissingPaths } from "./missing-store.ts";
import { MAX_SOURCE_LENGTH } from "./redirect.ts";
import { addRedirectHits } from "./redirect-store.ts";
import { scanGroup } from "./scans.ts";

/** How long counts wait in memory before they are written, in milliseconds. */
export const TALLY_WAIT_MS = 60_000;
/** Different addresses that wait in memory; others are not told apart and not counted until these are written. */
export const MAX_WAITING_PATHS = 500;
/** Longest name of a host, in characters. */
const MAX_HOST_LENGTH = 253;

/** Hears of what was asked for in vain and of redirects that were followed, and writes it down in one go later. */
export type Tally = {
  hit(redirectId: number): void;
  /** `referrer` is the header as it came. */
  miss(path: string, referrer: string | undefined): void;
  /** Writes what waits. Never rejects: what cannot be written waits on. */
  flush(): Promise<void>;
};

type Missed = { hits: number; at: Timestamp; referrer: string | undefined };
type Hits = { hits: number; at: Timestamp };
type Waiting = { readonly redirects: Map<number, Hits>; readonly paths: Map<string, Missed> };

/** Creates what counts. Several processes add up. */
export function createTally(ctx: Pick<Context, "db" | "clock" | "log">, waitMs: number = TALLY_WAIT_MS): Tally {
  let waiting = nothing();
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let isFailing = false;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const counts = waiting;
    if (counts.redirects.size + counts.paths.size === 0) return writing;
    waiting = nothing();
    writing = writing
      .then(() => ctx.db.write(() => write(ctx, counts)))
      .then(succeed, (err: unknown) => fail(counts, err));
    return writing;
  }

  function succeed(): void {
    isFailing = false;
  }

  function fail(counts: Waiting, err: unknown): void {
    for (const [id, hits] of counts.redirects) addHits(waiting, id, hits);
    for (const [path, missed] of counts.paths) addMissed(waiting, path, missed);
    plan();
    if (!isFailing) ctx.log.error({ event: "server.fault", err }, "what was not found is not counted for now");
    isFailing = true;
  }

  function plan(): void {
    timer ??= setTimeout(flush, waitMs).unref();
  }

  return {
    hit(id) {
      addHits(waiting, id, { hits: 1, at: ctx.clock() });
      plan();
    },
    miss(path, referrer) {
      const kept = plainPath(cleanText(path));
      if (kept === undefined || [...kept].length > MAX_SOURCE_LENGTH) return;
      addMissed(waiting, scanGroup(kept) ?? kept, { hits: 1, at: ctx.clock(), referrer: hostOf(referrer) });
      plan();
    },
    flush,
  };
}

function nothing(): Waiting {
  return { redirects: new Map(), paths: new Map() };
}

function addHits({ redirects }: Waiting, id: number, { hits, at }: Hits): void {
  const before = redirects.get(id);
  redirects.set(id, { hits: hits + (before?.hits ?? 0), at: before !== undefined && before.at > at ? before.at : at });
}

function addMissed({ paths }: Waiting, path: string, { hits, at, referrer }: Missed): void {
  const before = paths.get(path);
  if (before === undefined && paths.size >= MAX_WAITING_PATHS) return;
  const isOlder = before !== undefined && before.at > at;
  paths.set(path, {
    hits: hits + (before?.hits ?? 0),
    at: isOlder ? before.at : at,
    referrer: isOlder ? (before.referrer ?? referrer) : (referrer ?? before?.referrer),
  });
}

function write({ db }: Pick<Context, "db">, { redirects, paths }: Waiting): void {
  for (const [id, { hits, at }] of redirects) addRedirectHits(db, { id, hits, at });
  for (const [path, { hits, at, referrer }] of paths) addMissingHits(db, { path, hits, at, referrer });
  if (paths.size > 0) pruneMissingPaths(db);
}

/** The host alone: the rest of an address may say more than its reader meant to. */
function hostOf(referrer: string | undefined): string | undefined {
  if (referrer === undefined || !/^https?:\/\//iu.test(referrer) || !isUrl(referrer)) return undefined;
  const { host } = new URL(referrer);
  return host.length > MAX_HOST_LENGTH ? undefined : host;
}
