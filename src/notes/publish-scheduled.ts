import { findNote } from "./note-store.ts";
import type { NotesContext } from "./save.ts";
import { enqueuePublication, saveChanged } from "./save.ts";

/**
 * Publishes a scheduled note whose time has come. Nothing happens to one that was retracted or trashed meanwhile, so the
 * job may run twice. One whose time is still to come, since it was moved or the clock was set back, waits for it again.
 */
export function publishScheduledNote(ctx: NotesContext, noteId: number): Promise<void> {
  const now = ctx.clock();
  return ctx.db.write(() => {
    const note = findNote(ctx.db, noteId);
    if (note?.status !== "scheduled" || note.publishedAt === undefined) return;
    if (note.publishedAt > now) return enqueuePublication(ctx.db, note, now);
    const published = { ...note, status: "published" as const };
    saveChanged(ctx.db, { before: note, after: published }, { madeBy: note.madeBy, action: "publish_scheduled", now });
  });
}
