import { findNote } from "./note-store.ts";
import type { NotesContext } from "./save.ts";
import { saveChanged } from "./save.ts";

/**
 * Publishes a scheduled note whose time has come. Nothing happens to one that was retracted, trashed or moved to
 * another time meanwhile, so the job may run twice.
 */
export function publishScheduledNote(ctx: NotesContext, noteId: number): Promise<void> {
  const now = ctx.clock();
  return ctx.db.write(() => {
    const note = findNote(ctx.db, noteId);
    if (note?.status !== "scheduled" || note.publishedAt === undefined || note.publishedAt > now) return;
    const published = { ...note, status: "published" as const };
    saveChanged(ctx.db, { before: note, after: published }, { madeBy: note.madeBy, action: "publish_scheduled", now });
  });
}
