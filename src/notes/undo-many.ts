import { setImmediate } from "node:timers/promises";
import type { Timestamp } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import type { BulkAct, NoteBefore } from "./bulk-act.ts";
import { bulkActsSince } from "./bulk-act.ts";
import type { BulkNote } from "./bulk-act-store.ts";
import { findBulkAct, listNotesToPutBack, markPutBack, undoBulkAct, updateBulkReason } from "./bulk-act-store.ts";
import { reasonOf } from "./do-many.ts";
import type { NoteStatus } from "./note.ts";
import type { Origin } from "./note-input.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote } from "./note-store.ts";
import { unspacedTextOf } from "./render-note.ts";
import { changedMeanwhile, returnNote } from "./return-note.ts";
import type { NotesContext } from "./save.ts";
import { requireNote, saveChanged, statusAt } from "./save.ts";

/** Notes that are put back in one transaction: enough to be quick, few enough to hold nobody up. */
export const UNDO_BATCH = 20;

/**
 * Puts back what a bulk act changed: tags, status, visibility and times of each note, as a revision of its own. A note
 * that was saved since stays as it is, and the act says so. Undoing twice is undoing once. Throws `gone` where the act is
 * forgotten.
 */
export async function undoMany(ctx: NotesContext, key: string, origin: Origin): Promise<void> {
  const now = ctx.clock();
  const act = findBulkAct(ctx.db, key, bulkActsSince(now));
  if (act === undefined) throw forgotten();
  if (await ctx.db.write(() => undoBulkAct(ctx.db, key, now))) await putNotesBack(ctx, act, origin);
}

/** Puts back the notes of an act that is undone, from where that was stopped. */
export async function putNotesBack(
  ctx: NotesContext,
  { key, action }: Pick<BulkAct, "key" | "action">,
  origin: Origin,
): Promise<void> {
  const undoing = { key, origin, now: ctx.clock() };
  let after = 0;
  let batch: readonly BulkNote[];
  do {
    batch = listNotesToPutBack(ctx.db, key, { after, limit: UNDO_BATCH });
    if (action === "take_back") await returnAll(ctx, batch, undoing);
    else {
      await ctx.db.write(() => {
        for (const note of batch) putBack(ctx, note, undoing);
      });
    }
    after = batch.at(-1)?.noteId ?? after;
    await setImmediate();
  } while (batch.length === UNDO_BATCH);
}

/** An act that nobody remembers any more. */
export function forgotten(): AppError {
  return new AppError("gone", said`What was changed an hour ago or longer is undone note by note, by its revisions.`);
}

type Undoing = { readonly key: string; readonly origin: Origin; readonly now: Timestamp };

/** Notes whose texts changed as well come back one by one: each may have to be rendered. */
async function returnAll(ctx: NotesContext, notes: readonly BulkNote[], undoing: Undoing): Promise<void> {
  for (const note of notes) {
    const reason = await tryReturn(ctx, note, undoing);
    const { noteId } = note;
    await ctx.db.write(() => {
      if (reason === undefined) markPutBack(ctx.db, undoing.key, noteId);
      else updateBulkReason(ctx.db, undoing.key, { noteId, reason });
    });
    await setImmediate();
  }
}

/** Returns why the note stays as it is. */
async function tryReturn(
  ctx: NotesContext,
  { noteId, version, before }: BulkNote,
  { origin, now }: Undoing,
): Promise<string | undefined> {
  try {
    const seen = requireNote(ctx.db, noteId);
    if (seen.version !== version || before === undefined) throw changedMeanwhile();
    const { restoreStatus, visibility, publishedAt, publishedOffset, updatedAt, trashedAt } = before;
    const facts = { restoreStatus, visibility, publishedAt, publishedOffset, updatedAt, trashedAt };
    const place = { ...facts, status: statusBack(before, now) };
    await returnNote(ctx, seen, { version: version - 1, place, save: { ...origin, action: "undo", now } });
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

function putBack(ctx: Pick<NotesContext, "db">, note: BulkNote, { key, origin, now }: Undoing): void {
  const { noteId, version, before } = note;
  const stored = findNote(ctx.db, noteId);
  if (stored === undefined || before === undefined) return;
  if (stored.version !== version) {
    updateBulkReason(ctx.db, key, { noteId, reason: changedMeanwhile().message });
    return;
  }
  const after: StoredNote = { ...stored, ...NOTHING, ...before, status: statusBack(before, now) };
  saveChanged(
    ctx.db,
    { before: stored, after: { ...after, unspacedText: unspacedTextOf(after) } },
    { ...origin, action: "undo", now },
  );
  markPutBack(ctx.db, key, noteId);
}

/** What a note without any of them has: JSON leaves out what is undefined. */
const NOTHING = {
  restoreStatus: undefined,
  publishedAt: undefined,
  publishedOffset: undefined,
  updatedAt: undefined,
  trashedAt: undefined,
};

/** One that waited for a time that has passed meanwhile is out. */
function statusBack({ status, publishedAt }: NoteBefore, now: Timestamp): NoteStatus {
  return status === "scheduled" && publishedAt !== undefined ? statusAt(publishedAt, now) : status;
}
