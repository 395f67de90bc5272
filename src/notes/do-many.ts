import { setImmediate } from "node:timers/promises";
import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { BulkAct } from "./bulk-act.ts";
import { bulkActsSince } from "./bulk-act.ts";
import { finishBulkAct, insertBulkAct } from "./bulk-act-store.ts";
import type { StoredNote } from "./note-store.ts";
import { findNote } from "./note-store.ts";
import type { NotesContext } from "./save.ts";

/** An act on many notes, as it is remembered, and the notes that it means. */
export type ManyNotes = Pick<BulkAct, "key" | "action" | "tags"> & {
  readonly noteIds: readonly number[];
  /** Runs in the transaction that remembers the act. */
  readonly begin?: () => void;
};

/**
 * Does one thing to each of many notes, so that readers and writers go on meanwhile. `change` does it and answers why it
 * left the note out, which is stored in English; the saves that it makes carry the key of the act. The same key is done once: returns false where it
 * was. Throws `storage_full` or `unavailable` where it breaks off.
 */
export async function doMany(
  ctx: NotesContext,
  act: ManyNotes,
  change: (note: StoredNote) => Promise<Words | undefined>,
): Promise<boolean> {
  const now = ctx.clock();
  const isNew = await ctx.db.write(() => {
    const isNew = insertBulkAct(ctx.db, { ...act, noteCount: act.noteIds.length }, { now, since: bulkActsSince(now) });
    if (isNew) act.begin?.();
    return isNew;
  });
  if (!isNew) return false;
  const leftOut: { noteId: number; reason: string }[] = [];
  for (const noteId of act.noteIds) {
    const reason = await tryChange(ctx, noteId, change);
    if (reason !== undefined) leftOut.push({ noteId, reason: reason.toString() });
    await setImmediate(); // Readers have their turn between two notes.
  }
  await ctx.db.write(() => finishBulkAct(ctx.db, act.key, { leftOut, now: ctx.clock() }));
  return true;
}

/** Returns why the note was left out. */
async function tryChange(
  ctx: NotesContext,
  id: number,
  change: (note: StoredNote) => Promise<Words | undefined>,
): Promise<Words | undefined> {
  try {
    const note = findNote(ctx.db, id);
    if (note === undefined || note.status === "erased") return said`It was erased meanwhile.`;
    return await change(note);
  } catch (error) {
    return reasonOf(error);
  }
}

/**
 * Why a note is left as it is, by what went wrong with it. One note stops none of the others; a disk that is full, or a
 * database that cannot be written, does: then it is thrown again.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof AppError) || STOPPING.includes(error.code)) throw error;
  return error.message;
}

/** What ends an act, rather than leaving out one note. */
export const STOPPING: readonly AppError["code"][] = ["storage_full", "unavailable"];
