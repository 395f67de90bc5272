import { setImmediate } from "node:timers/promises";
import { AppError } from "../lib/errors.ts";
import { bulkActsSince } from "../notes/bulk-act.ts";
import { finishBulkAct, isBulkNote } from "../notes/bulk-act-store.ts";
import { STOPPING } from "../notes/do-many.ts";
import type { Origin } from "../notes/note-input.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNote } from "../notes/note-store.ts";
import type { NotesContext } from "../notes/save.ts";
import { saveChanged, saveComposition } from "../notes/save.ts";
import { putNotesBack } from "../notes/undo-many.ts";
import type { Retagged } from "./retag-note.ts";
import { retagNote } from "./retag-note.ts";
import type { TagAct } from "./tag-act.ts";
import { findTagAct } from "./tag-act-store.ts";
import type { UsePlace } from "./tag-store.ts";
import { listNotesWith } from "./tag-store.ts";

/** Notes that get their new tag in one transaction: enough to be quick, few enough to hold nobody up. */
export const TAG_BATCH = 20;

/**
 * Does what is left of an act on tags, or of its undoing. Does no harm where nothing is left. An aborted `signal` ends it
 * between two batches; it is then as unfinished as after a crash.
 */
export async function continueTagAct(ctx: NotesContext, key: string, signal?: AbortSignal): Promise<void> {
  const act = findTagAct(ctx.db, key, bulkActsSince(ctx.clock()));
  if (act === undefined) return;
  const origin = { madeBy: "admin", device: act.device };
  if (act.undoneAt !== undefined) return await putNotesBack(ctx, act, origin);
  if (act.finishedAt !== undefined) return;
  const run: Run = { act, origin: { ...origin, actKey: key }, leftOut: new Map() };
  try {
    // A note that got the tag meanwhile is there in the next round.
    while ((await changeAll(ctx, run, signal)) > 0);
  } catch (error) {
    // Undone before its turn came: nothing of it is left to do.
    if (!(error instanceof AppError) || error.code !== "conflict") throw error;
    return;
  }
  if (signal?.aborted === true) return;
  const leftOut = [...run.leftOut].map(([noteId, reason]) => ({ noteId, reason }));
  await ctx.db.write(() => finishBulkAct(ctx.db, key, { leftOut, now: ctx.clock() }));
}

type Run = { readonly act: TagAct; readonly origin: Origin; readonly leftOut: Map<number, string> };

/** Goes through all notes with the tags once. Returns how many it changed. */
async function changeAll(ctx: NotesContext, run: Run, signal: AbortSignal | undefined): Promise<number> {
  let changed = 0;
  for (const source of run.act.sources) {
    let place: UsePlace | undefined = BEGINNING;
    while (place !== undefined && signal?.aborted !== true) {
      const places: UsePlace[] = listNotesWith(ctx.db, source, { ...place, limit: TAG_BATCH });
      changed += await changeBatch(
        ctx,
        run,
        places.map(({ noteId }) => noteId),
      );
      place = places.at(-1);
      await setImmediate(); // Readers have their turn between two batches.
    }
  }
  return signal?.aborted === true ? 0 : changed;
}

const BEGINNING: UsePlace = { listedAt: null, noteId: 0 };

type Prepared = Retagged & { readonly before: StoredNote };

async function changeBatch(ctx: NotesContext, run: Run, noteIds: readonly number[]): Promise<number> {
  const prepared: Prepared[] = [];
  for (const id of noteIds) {
    const note = await prepare(ctx, run, id);
    if (note !== undefined) prepared.push(note);
  }
  if (prepared.length === 0) return 0;
  return await ctx.db.write(() => {
    const now = ctx.clock();
    let changed = 0;
    for (const { before, after, composition } of prepared) {
      // Saved by somebody else meanwhile: the next round reads it anew.
      if (findNote(ctx.db, before.id)?.version !== before.version || isBulkNote(ctx.db, run.act.key, before.id))
        continue;
      saveChanged(ctx.db, { before, after }, { ...run.origin, action: "revise", now });
      if (composition !== undefined) saveComposition(ctx.db, composition, { noteId: before.id, now });
      changed += 1;
    }
    return changed;
  });
}

/** Undefined for a note that has had its turn, or is left out. */
async function prepare(ctx: NotesContext, { act, leftOut }: Run, id: number): Promise<Prepared | undefined> {
  const before = findNote(ctx.db, id);
  if (before === undefined || before.status === "erased" || leftOut.has(id) || isBulkNote(ctx.db, act.key, id)) return;
  try {
    const retagged = await retagNote(ctx, before, act);
    if (typeof retagged !== "string") return { ...retagged, before };
    leftOut.set(id, retagged);
  } catch (error) {
    // One note stops none of the others.
    if (!(error instanceof AppError) || STOPPING.includes(error.code)) throw error;
    leftOut.set(id, error.message);
  }
  return;
}
