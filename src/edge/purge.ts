import { statSync } from "node:fs";
import type { Config } from "../config/config.ts";
import { databaseFile } from "../config/data-files.ts";
import type { Context } from "../context/context.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import { removeDoneJobs } from "../jobs/job-store.ts";
import type { Outcome } from "../lib/outcome.ts";
import { DONE, retry } from "../lib/outcome.ts";
import type { FetchResult } from "../lib/safe-fetch.ts";
import { VERSION } from "../lib/version.ts";
import { changeKeys, listChangesAfter, siteRevision } from "../notes/public-changes-store.ts";
import { staleKeys } from "../notes/stale-keys.ts";
import { purgeKeys } from "./edge-keys.ts";
import type { Edge } from "./edge-store.ts";
import { advanceEdge, findEdge, listEdges, putEdge, removeEdge } from "./edge-store.ts";

/** Most changed keys that are purged one by one; past that everything is. */
export const MAX_PURGED_CHANGES = 500;

/** Revision of an edge that was told of nothing. */
const NOTHING_PURGED = -1;

type PurgeContext = Pick<Context, "config" | "db" | "clock" | "fetch">;

/**
 * Brings the edges in line with the configuration, at the start of a server: those that it no longer names are forgotten;
 * new ones, and all where something else makes the pages now (another version, a restored database), are purged whole; and
 * what a purge that was given up had to tell is told.
 */
export function syncEdges({ config, db, clock }: Pick<PurgeContext, "config" | "db" | "clock">): Promise<void> {
  const { CACHE_PURGE_URLS: addresses } = config;
  const madeBy = makerOf(config);
  return db.write(() => {
    const forgotten = listEdges(db).filter(({ address }) => !addresses.includes(address));
    for (const { address } of forgotten) removeEdge(db, address);
    const behind = addresses.map((address) => syncEdge(db, address, madeBy)).filter((edge) => isBehind(db, edge));
    const now = clock();
    for (const { address } of behind) {
      enqueue(db, { kind: "cache.purge", payload: { address }, uniqueKey: address, now });
    }
  });
}

/**
 * Tells an edge which keys changed since it was last told: `PURGE` at its address, the keys in `Surrogate-Key` with
 * spaces and in `Cache-Tag` with commas between. Whatever it answers besides 2xx is tried again. What changes meanwhile
 * has a job of its own.
 */
export async function purgeEdge(ctx: PurgeContext, address: string): Promise<Outcome> {
  const { db } = ctx;
  const edge = findEdge(db, address);
  if (edge === undefined) return DONE;
  // First: a change that comes in between is purged twice, and not never.
  const revision = siteRevision(db);
  if (isBehind(db, edge)) {
    const outcome = toOutcome(await ctx.fetch(address, { method: "PURGE", headers: purgeHeaders(db, edge) }));
    if (outcome.result !== "done") return outcome;
  }
  await db.write(() => {
    advanceEdge(db, { ...edge, revision });
    removeDoneJobs(db, { kind: "cache.purge", uniqueKey: address });
  });
  return DONE;
}

/** What the pages come from, besides what `public_changes` says. A database that was restored is another file. */
function makerOf(config: Config): string {
  const { ino, birthtimeMs } = statSync(databaseFile(config));
  return JSON.stringify([VERSION, config.SITE_URL, config.FEED_ITEMS, ino, birthtimeMs]);
}

function syncEdge(db: Database, address: string, madeBy: string): Edge {
  const known = findEdge(db, address);
  if (known?.madeBy === madeBy) return known;
  const edge = { address, madeBy, revision: NOTHING_PURGED };
  putEdge(db, edge);
  return edge;
}

function isBehind(db: Database, edge: Edge): boolean {
  return edge.revision < siteRevision(db);
}

function purgeHeaders(db: Database, edge: Edge): Record<string, string> {
  const keys = purgeKeys(changedKeys(db, edge));
  return { "Surrogate-Key": keys.join(" "), "Cache-Tag": keys.join(",") };
}

function changedKeys(db: Database, { revision }: Edge): Iterable<string> {
  if (revision === NOTHING_PURGED) return [changeKeys.site];
  const changes = listChangesAfter(db, revision, MAX_PURGED_CHANGES + 1);
  const keys = changes.map(({ key }) => key);
  return changes.length > MAX_PURGED_CHANGES ? [changeKeys.site] : staleKeys(db, keys);
}

/** A wrong status may be mended by whoever runs the edge, so nothing is given up before its time. */
function toOutcome(result: FetchResult): Outcome {
  if (!result.ok) return retry(result.outcome.reason);
  if (result.status >= 200 && result.status < 300) return DONE;
  return retry(`The edge cache answers a purge with status ${result.status}.`);
}
