import type { Context } from "../context/context.ts";
import type { Reader } from "../db/connection.ts";
import type { Database } from "../db/database.ts";
import { enqueue } from "../jobs/job.ts";
import { insertJobByTime } from "../jobs/job-store.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { siteRevision } from "../notes/public-changes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import type { Digest, DueDigest } from "./digest-store.ts";
import {
  addDueDigests,
  addNewNotes,
  findDigestSource,
  hasNewNotes,
  listDueDigests,
  listRelatedTo,
  removeDueDigest,
  saveDigest,
} from "./digest-store.ts";
import { findFigures } from "./figures-store.ts";
import { findRelated } from "./find-related.ts";
import { countWords } from "./related-terms.ts";
import { indexNewNotes } from "./search-index.ts";

/** Notes that one run of the job looks at: at most some 250 ms of work, in pieces of a few. */
export const DIGESTED_AT_ONCE = 40;

/** Pause before the next run, in seconds, where more notes wait: so 100,000 take three quarters of an hour in the background. */
export const DIGEST_PAUSE_SECONDS = 1;

/** The same where readers' pages have changed during this run, which ends with the note it is at: who publishes goes first. */
export const DIGEST_RUSH_PAUSE_SECONDS = 5;

/** How long the numbers of the site may lag behind while notes wait, in seconds. */
export const COUNT_LAG_SECONDS = 300;

/** Most notes under which one stands that are looked at again after it. */
export const MAX_SPREAD = 50;

/**
 * Looks at notes that have come, changed or gone: how many words they have, which notes are related to them. Those that they
 * are related to come next, and then the numbers of the site. The job queues itself as long as notes wait, and ends early
 * where readers' pages change meanwhile.
 */
export async function digestNotes({ db, clock }: Pick<Context, "db" | "clock">): Promise<void> {
  await indexNewNotes(db); // By which related notes are found.
  if (hasNewNotes(db)) await db.write(() => addNewNotes(db));
  const due = listDueDigests(db, DIGESTED_AT_ONCE);
  const revision = siteRevision(db);
  const isRushed = (): boolean => siteRevision(db) !== revision;
  const digests: (Digest & { due: DueDigest })[] = [];
  for (const each of due) {
    if (digests.length > 0 && isRushed()) break; // What is found so far is kept; whoever publishes need not wait for more.
    digests.push({ ...(await digestNote(db, each.noteId)), due: each });
  }
  await db.write(() => {
    const now = clock();
    const pauseSeconds = isRushed() ? DIGEST_RUSH_PAUSE_SECONDS : DIGEST_PAUSE_SECONDS;
    for (const digest of digests) keepDigest(db, digest, now);
    const hasMore = isAnyDue(db);
    if (hasMore) {
      const runAt = addSeconds(now, pauseSeconds);
      enqueue(db, { kind: "notes.digest", payload: {}, now, runAt, uniqueKey: "digest" });
    }
    queueCounting(db, now, hasMore ? COUNT_LAG_SECONDS : 0);
  });
}

/**
 * Queues the job where notes wait for it, and the counting where the author's zone is another one since. Not in the
 * transaction of the change: a rush of notes is one piece of work, and whatever was missed is seen the next time.
 */
export async function queueDigests({ db, clock }: Pick<Context, "db" | "clock">): Promise<void> {
  const hasDue = isAnyDue(db);
  const counted = findFigures(db)?.timeZone;
  const isElsewhere = counted !== undefined && counted !== readSettings(db).timeZone;
  if (!hasDue && !isElsewhere) return;
  await db.write(() => {
    const now = clock();
    if (isElsewhere) queueCounting(db, now, 0);
    if (hasDue) insertJobByTime(db, { kind: "notes.digest", payload: "{}", uniqueKey: "digest", runAt: now, now });
  });
}

/** Whether a note is to be looked at. */
export function isAnyDue(db: Reader): boolean {
  return hasNewNotes(db) || listDueDigests(db, 1).length > 0;
}

async function digestNote(db: Database, noteId: number): Promise<Digest> {
  const source = findDigestSource(db, noteId);
  if (source === undefined || !source.isInLists) return { noteId, words: 0, related: [] };
  return { noteId, words: countWords(source.contentText), related: await findRelated(db, noteId, source) };
}

function keepDigest(db: Database, { due, ...digest }: Digest & { due: DueDigest }, now: Timestamp): void {
  // It was changed meanwhile, and is looked at again.
  if (!removeDueDigest(db, due)) return;
  const before = due.spreads ? listRelatedTo(db, due.noteId, MAX_SPREAD) : [];
  saveDigest(db, digest, now);
  if (due.spreads) addDueDigests(db, [...new Set([...before, ...digest.related])]);
}

function queueCounting(db: Database, now: Timestamp, lagSeconds: number): void {
  const runAt = addSeconds(now, lagSeconds);
  insertJobByTime(db, { kind: "notes.count", payload: "{}", uniqueKey: "count", runAt, now });
}
