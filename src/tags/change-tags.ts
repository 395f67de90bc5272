import { enqueue } from "../jobs/job.ts";
import { addSeconds } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { bulkActsSince, MAX_BULK_NOTES } from "../notes/bulk-act.ts";
import { insertBulkAct, undoBulkAct } from "../notes/bulk-act-store.ts";
import type { Origin } from "../notes/note-input.ts";
import type { NotesContext } from "../notes/save.ts";
import { forgotten } from "../notes/undo-many.ts";
import { leadBack, leadTags } from "./lead-tag.ts";
import { continueTagAct } from "./run-tag-act.ts";
import { findSection } from "./section-store.ts";
import type { AskedTagAct } from "./tag-act.ts";
import { actionOf, parseTagOrder } from "./tag-act.ts";
import { findTagAct, insertTagAct } from "./tag-act-store.ts";
import { countNotesWith, findUsedTag } from "./tag-store.ts";

/** How long a request has for an act of few notes before a job looks after it, in seconds. */
export const TAG_ACT_GRACE_SECONDS = 60;

/**
 * Renames, merges or deletes tags. Addresses, sections and menu change at once, the notes one by one, each with a revision
 * of its own: here where they are few, by a job where they are more than MAX_BULK_NOTES. The same key is done once. Throws
 * `invalid` naming `tag`, `label` or `act_key`.
 */
export async function changeTags(ctx: NotesContext, asked: AskedTagAct, origin: Origin): Promise<void> {
  const order = parseTagOrder(asked);
  const now = ctx.clock();
  const noteCount = await ctx.db.write(() => {
    const isKnown = (name: string) =>
      findUsedTag(ctx.db, name) !== undefined || findSection(ctx.db, name) !== undefined;
    const unknown = order.sources.find((name) => !isKnown(name));
    const action = actionOf(order, isKnown);
    const count = countNotesWith(ctx.db, order.sources);
    const tags = [...order.sources, ...(order.target === undefined ? [] : [order.target])];
    const since = bulkActsSince(now);
    if (!insertBulkAct(ctx.db, { key: order.key, action, tags, noteCount: count }, { now, since })) return undefined;
    if (unknown !== undefined)
      throw invalid("tag", said`No note has the tag “${unknown}” any more. Load the list again.`);
    insertTagAct(ctx.db, order, { device: origin.device, trace: leadTags(ctx, order, now) });
    queue(ctx, { key: order.key, noteCount: count });
    return count;
  });
  if (noteCount !== undefined && noteCount <= MAX_BULK_NOTES) await continueTagAct(ctx, order.key);
}

/**
 * Puts back what an act on tags changed: addresses, sections and menu at once, notes as `undoMany` does. Undoing twice is
 * undoing once. Throws `gone` where the act is forgotten.
 */
export async function undoTagAct(ctx: NotesContext, key: string): Promise<void> {
  const now = ctx.clock();
  const act = findTagAct(ctx.db, key, bulkActsSince(now));
  if (act === undefined) throw forgotten();
  await ctx.db.write(() => {
    if (!undoBulkAct(ctx.db, key, now)) return;
    leadBack(ctx, act.trace, now);
    queue(ctx, act);
  });
  if (act.noteCount <= MAX_BULK_NOTES) await continueTagAct(ctx, key);
}

/** A job stands behind each act, so that one that a stop has cut goes on. */
function queue({ db, clock }: NotesContext, { key, noteCount }: { key: string; noteCount: number }): void {
  const now = clock();
  const runAt = noteCount > MAX_BULK_NOTES ? now : addSeconds(now, TAG_ACT_GRACE_SECONDS);
  enqueue(db, { kind: "notes.change_tag", payload: { actKey: key }, now, runAt, uniqueKey: key });
}
