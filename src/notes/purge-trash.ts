import type { Context } from "../context/context.ts";
import type { RecurringJob } from "../jobs/recurring.ts";
import type { Timestamp } from "../lib/clock.ts";
import { addSeconds, toMilliseconds, toTimestamp } from "../lib/clock.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote } from "./note-store.ts";
import { eraseStored } from "./trash.ts";
import { countTrashDay, listDueTrash } from "./trash-store.ts";

/** Days for which a note stays in the trash. */
export const TRASH_DAYS = 30;

/** Notes that one look at the trash finds at once; each is erased in a transaction of its own. */
export const PURGE_BATCH = 50;

/** Days on which a note must have been seen in the trash: with parts of the first and the last, they span 30 whole ones. */
const DAYS_SEEN = TRASH_DAYS + 1;
const DAY_SECONDS = 24 * 3600;
const HOUR_MS = 3_600_000;

/** The job that looks at the trash, once an hour: a server that runs for a part of the day comes to it, too. */
export const PURGE_TRASH: RecurringJob = {
  kind: "notes.purge_trash",
  payload: {},
  nextRunAt: (now: Timestamp) => toTimestamp((Math.floor(toMilliseconds(now) / HOUR_MS) + 1) * HOUR_MS),
};

/**
 * Erases what was trashed 30 days ago or more and was seen in the trash on 31 dates: a clock that was wrong erases nothing
 * early. Where the server was off meanwhile, notes stay for longer.
 */
export async function purgeTrash(ctx: Pick<Context, "db" | "clock">): Promise<void> {
  const { db } = ctx;
  const now = ctx.clock();
  const due = { trashedUntil: addSeconds(now, -TRASH_DAYS * DAY_SECONDS), days: DAYS_SEEN, limit: PURGE_BATCH };
  await db.write(() => countTrashDay(db, now.slice(0, 10)));
  for (let ids = listDueTrash(db, due); ids.length > 0; ids = listDueTrash(db, due)) {
    for (const id of ids) await db.write(() => eraseDue(ctx, id));
  }
}

/** Whole days until a note in the trash is erased, from its time and from the days on which it was seen there; 0: soon. */
export function trashDaysLeft(note: Pick<StoredNote, "trashedAt">, seenDays: number, now: Timestamp): number {
  const dueAt = addSeconds(note.trashedAt ?? now, TRASH_DAYS * DAY_SECONDS);
  const byClock = Math.ceil((toMilliseconds(dueAt) - toMilliseconds(now)) / (DAY_SECONDS * 1000));
  return Math.max(0, byClock, Math.min(TRASH_DAYS, DAYS_SEEN - seenDays));
}

/** The author may have restored it since it was found. */
function eraseDue({ db, clock }: Pick<Context, "db" | "clock">, id: number): void {
  const note = findNote(db, id);
  if (note?.status === "trashed") eraseStored(db, note, clock());
}
