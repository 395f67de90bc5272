import type { Response } from "express";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { settleAutosaves } from "../notes/keep-autosave.ts";
import type { NoteStatus } from "../notes/note.ts";
import type { Origin } from "../notes/note-input.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNote } from "../notes/note-store.ts";
import { publishNote, saveDraft } from "../notes/publish.ts";
import { publishDraft, retractNote, reviseNote } from "../notes/revise.ts";
import { findRevision } from "../notes/revision-store.ts";
import type { SentVersion } from "../notes/sent-version.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import { editorPath } from "./autosave-offers.ts";
import { mergeAlone, toSentVersion } from "./merge-form.ts";
import type { NoteForm } from "./note-form.ts";
import { formOf, isAsStored, toFields, toNoteChanges, toNoteInput } from "./note-form.ts";
import type { NoticeName } from "./notices.ts";
import { withNotice } from "./notices.ts";
import { writerName } from "./revision-view.ts";

/** A form of the editor, the note that it changes (undefined: a new one), and who sent it. */
export type FormSave = {
  readonly form: NoteForm;
  readonly note: StoredNote | undefined;
  readonly origin: Origin;
  /** What the author had sent, where the form was put together of that and of what was stored. */
  readonly sent?: SentVersion;
};

/** The note as it was saved, and what that did. */
export type Done = { readonly saved: StoredNote; readonly done: NoticeName };

/**
 * Does what the form's button says. Without a button a new note is published and a stored one keeps its status. Throws as
 * the operations do.
 */
export async function saveForm(ctx: Context, { form, note, origin, sent }: FormSave): Promise<Done> {
  const { timeZone } = readSettings(ctx.db);
  if (note === undefined) {
    const operation = form.action === "save_draft" ? saveDraft : publishNote;
    const saved = await operation(ctx, toNoteInput(form, timeZone), origin);
    return { saved, done: STATUS_NOTICES[saved.status] };
  }
  const operation = form.action === "publish" ? publishDraft : form.action === "retract" ? retractNote : reviseNote;
  const saved = await operation(ctx, note.id, { ...toNoteChanges(ctx, form, note), sent, origin });
  if (form.action === "retract") return { saved, done: "retracted" };
  return {
    saved,
    done: note.status === "published" && saved.status === "published" ? "saved" : STATUS_NOTICES[saved.status],
  };
}

/**
 * The same; where the note was saved elsewhere meanwhile and the changes do not touch, both are put together and saved,
 * and what was sent stays a revision. Throws `conflict` where the author has to choose.
 */
export async function saveOrMerge(ctx: Context, save: FormSave): Promise<Done> {
  try {
    return await saveForm(ctx, save);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "conflict" || save.note === undefined) throw error;
    const merged = await mergeAndSave(ctx, save, save.note.id);
    if (merged === undefined) throw error;
    return merged;
  }
}

/** Leads to the editor of a saved note, or back to the box that it came from, and lets go what was kept of it while it was typed. */
export async function leadToSaved(
  ctx: Context,
  res: Response,
  { form, done: { saved, done }, isFromHome = false }: { form: NoteForm; done: Done; isFromHome?: boolean },
): Promise<void> {
  const fields = Object.fromEntries(toFields(form).map(({ name, value }) => [name, value]));
  await settleAutosaves(ctx, { noteId: saved.id, editorKey: form.editorKey, fields });
  // Says to the browser, which keeps what was typed too, that it need not any more.
  const mark = form.editorKey === "" ? "" : `&saved=${form.editorKey}`;
  res.redirect(303, withNotice(isFromHome ? "/admin" : editorPath(saved.id), done) + mark);
}

/** What is said of a note that was just put together by itself: with which version; undefined when it was saved since. */
export function mergedNotice(ctx: Pick<Context, "db">, note: StoredNote): Words | undefined {
  if (findRevision(ctx.db, note.id, note.version)?.action !== "merge") return undefined;
  // Before it stand what was sent, and before that what was stored.
  const stored = findRevision(ctx.db, note.id, note.version - 2);
  if (stored === undefined) return undefined;
  const version = said`the version of ${shownTime(ctx, stored.savedAt)} by ${writerName(stored)}`;
  return said`Saved, and merged with ${version}. Both are among the revisions.`;
}

/** What is said after a save that left the note with this status. */
const STATUS_NOTICES: Readonly<Record<NoteStatus, NoticeName>> = {
  draft: "draft",
  scheduled: "scheduled",
  published: "published",
  trashed: "trashed",
  erased: "erased",
};

async function mergeAndSave(ctx: Context, { form, origin }: FormSave, noteId: number): Promise<Done | undefined> {
  const note = findNote(ctx.db, noteId);
  const base = findRevision(ctx.db, noteId, form.version);
  if (note === undefined || base === undefined) return undefined;
  const stored = formOf(ctx, note);
  const forms = { base: formOf(ctx, base), mine: form, theirs: stored };
  const merged = mergeAlone(forms, { base: base.status, theirs: note.status });
  if (merged === undefined) return undefined;
  // The same form that came twice: there is nothing to add.
  if (isAsStored(merged, stored)) return { saved: note, done: "saved" };
  const { saved } = await saveForm(ctx, { form: merged, note, origin, sent: toSentVersion(form) });
  return { saved, done: "merged" };
}
