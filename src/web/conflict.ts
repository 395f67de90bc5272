import type { Response } from "express";
import type { Context } from "../context/context.ts";
import { AppError, notFound } from "../lib/errors.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNote } from "../notes/note-store.ts";
import { renderPreview } from "../notes/render-note.ts";
import { findRevision } from "../notes/revision-store.ts";
import { adminPage, shownTime } from "./admin-view.ts";
import { sendAuthorPage } from "./answer.ts";
import type { NoteForm } from "./note-form.ts";
import { toFields } from "./note-form.ts";
import { writerName } from "./revision-view.ts";
import type { ConflictView, Render } from "./views.ts";

/**
 * Answers 409 with both versions side by side: the one stored now, and the one sent on top of an older one. Sending it
 * again carries the stored version's number, so that it is replaced knowingly.
 */
export async function sendConflict(
  { ctx, render }: { ctx: Context; render: Render },
  res: Response,
  sent: { form: NoteForm; noteId: number },
): Promise<void> {
  const html = render("admin/conflict.njk", {
    ...adminPage(ctx, res, { section: "notes", title: "Two versions" }),
    conflict: await conflictView(ctx, sent.form, sent.noteId),
  });
  sendAuthorPage(res, { html, status: 409 });
}

async function conflictView(ctx: Context, form: NoteForm, noteId: number): Promise<ConflictView> {
  const note = findNote(ctx.db, noteId);
  if (note === undefined) throw notFound("note");
  return {
    id: note.id,
    stored: {
      version: note.version,
      savedOn: shownTime(ctx, note.changedAt),
      madeBy: writerName(findRevision(ctx.db, noteId, note.version) ?? { ...note, action: "revise" }),
      title: note.title ?? "",
      content: note.content,
      contentHtml: note.contentHtml,
    },
    sent: { title: form.title, content: form.content, contentHtml: await previewOrNothing(ctx, form.content, note) },
    fields: [...toFields({ ...form, version: note.version }), { name: "action", value: form.action }],
    action: `/admin/notes/${noteId}`,
    editPath: `/admin/notes/${noteId}`,
  };
}

async function previewOrNothing(ctx: Context, content: string, note: StoredNote): Promise<string> {
  try {
    return await renderPreview(ctx, content, note);
  } catch (error) {
    if (error instanceof AppError) return ""; // The text is shown beside it all the same.
    throw error;
  }
}
