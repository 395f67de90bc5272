import type { Context } from "../context/context.ts";
import { formatBytes } from "../lib/format-bytes.ts";
import { excerpt } from "../lib/text.ts";
import { said } from "../lib/words.ts";
import type { Autosave } from "../notes/autosave.ts";
import { autosavesSince } from "../notes/autosave.ts";
import { listAutosaves, listNoteAutosaves } from "../notes/autosave-store.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { findNote } from "../notes/note-store.ts";
import { shownTime } from "./admin-view.ts";
import { storedDeviceName } from "./device-name.ts";
import type { NoteForm } from "./note-form.ts";
import { emptyForm, formOf, isAsStored, readNoteForm } from "./note-form.ts";
import { noteRowViewer, ROW_SUMMARY_LENGTH } from "./note-rows.ts";
import type { OfferView } from "./views.ts";

/** Most unsaved texts that the author's list offers. */
export const MAX_LISTED_OFFERS = 50;

type OfferContext = Pick<Context, "db" | "clock">;

/** What other editors hold of the note that is opened, or of notes that were never saved. */
export function offersBeside(ctx: OfferContext, form: NoteForm, note: StoredNote | undefined): OfferView[] {
  const since = autosavesSince(ctx.clock());
  return listNoteAutosaves(ctx.db, note?.id, since)
    .filter(({ editorKey }) => editorKey !== form.editorKey)
    .flatMap((autosave) => toOffer(ctx, autosave, note));
}

/** Everything that was typed and not saved, newest first, MAX_LISTED_OFFERS at most. */
export function allOffers(ctx: OfferContext): OfferView[] {
  const since = autosavesSince(ctx.clock());
  return listAutosaves(ctx.db, { since, limit: MAX_LISTED_OFFERS }).flatMap((autosave) =>
    toOffer(ctx, autosave, autosave.noteId === undefined ? undefined : findNote(ctx.db, autosave.noteId)),
  );
}

/** The form as it was typed, in the editor that holds it. */
export function typedForm({ fields, editorKey }: Pick<Autosave, "fields" | "editorKey">, stored?: NoteForm): NoteForm {
  const sent = { text: (name: string) => fields[name] ?? "", has: (name: string) => Object.hasOwn(fields, name) };
  return { ...readNoteForm(sent, stored), editorKey };
}

/** The form of what is stored of a note; an empty one for none. */
export function storedForm(ctx: Pick<Context, "db">, note: StoredNote | undefined): NoteForm {
  return note === undefined ? emptyForm() : formOf(ctx, note);
}

/** Path of the editor: of a note, or of a new one. */
export function editorPath(noteId: number | undefined): string {
  return noteId === undefined ? "/admin/notes/new" : `/admin/notes/${noteId}`;
}

/** What says nothing beyond the note that is stored is not worth a question. */
function toOffer(ctx: OfferContext, autosave: Autosave, note: StoredNote | undefined): OfferView[] {
  const stored = storedForm(ctx, note);
  const form = typedForm(autosave, stored);
  if (isAsStored(form, stored)) return [];
  return [
    {
      editorKey: autosave.editorKey,
      label: form.title.trim() || excerpt(form.content, ROW_SUMMARY_LENGTH) || said`No text yet`,
      ofNote: note === undefined ? "" : noteRowViewer(ctx)(note).label,
      when: shownTime(ctx, autosave.savedAt),
      savedAt: autosave.savedAt,
      size: formatBytes(autosave.sizeBytes),
      device: storedDeviceName(autosave.device),
      isBehind: form.version < stored.version,
      continuePath: `/admin/autosaves/${autosave.editorKey}/continue`,
      discardPath: `/admin/autosaves/${autosave.editorKey}/discard`,
    },
  ];
}
