import type { Context } from "../context/context.ts";
import { invalid } from "../lib/errors.ts";
import { createSecret } from "../lib/secrets.ts";
import { said } from "../lib/words.ts";
import type { Autosave, TypedFields } from "./autosave.ts";
import { autosavesSince, isEditorKey, MAX_NEW_AUTOSAVES, MAX_NOTE_AUTOSAVES, typedBytes } from "./autosave.ts";
import {
  listNoteAutosaves,
  moveAutosave,
  pruneAutosaves,
  removeAutosave,
  removeAutosaveOf,
  saveAutosave,
} from "./autosave-store.ts";
import { requireNote } from "./save.ts";

type AutosaveContext = Pick<Context, "db" | "clock">;

/** What an opened editor sends while its author types. */
export type TypedText = Pick<Autosave, "editorKey" | "noteId" | "device"> & { readonly fields: TypedFields };

/**
 * Keeps what was typed, and forgets what is past its time or number. Publishes nothing, and touches no note.
 * Throws `invalid` for a key that is none, `not_found` and `gone` where there is no such note to go on with.
 */
export async function keepAutosave(ctx: AutosaveContext, typed: TypedText): Promise<Autosave> {
  if (!isEditorKey(typed.editorKey)) throw invalid("editor_key", said`This editor has no key. Load it again.`);
  const autosave = { ...typed, savedAt: ctx.clock(), sizeBytes: typedBytes(typed.fields) };
  const { noteId, editorKey } = typed;
  const limit = noteId === undefined ? MAX_NEW_AUTOSAVES : MAX_NOTE_AUTOSAVES;
  return ctx.db.write(() => {
    if (noteId !== undefined) requireNote(ctx.db, noteId);
    saveAutosave(ctx.db, autosave);
    pruneAutosaves(ctx.db, { since: autosavesSince(autosave.savedAt), noteId, editorKey, limit });
    return autosave;
  });
}

/**
 * Takes an autosave over into an editor that is opened now, and returns its key; undefined when there is none any more.
 * An editor elsewhere that still holds the text goes on with a row of its own.
 */
export function takeOverAutosave(ctx: AutosaveContext, editorKey: string): Promise<string | undefined> {
  const newKey = createSecret();
  return ctx.db.write(() => (moveAutosave(ctx.db, { editorKey, newKey }) ? newKey : undefined));
}

/** Forgets an autosave as it was at a moment. Returns false for one that was written since, or is not there any more. */
export function discardAutosave(ctx: AutosaveContext, held: Pick<Autosave, "editorKey" | "savedAt">): Promise<boolean> {
  return ctx.db.write(() => removeAutosaveOf(ctx.db, held));
}

/** A note that was just saved, and by which form. */
export type SavedForm = { readonly noteId: number; readonly editorKey: string; readonly fields: TypedFields };

/**
 * Settles what was typed of a note that is saved now: what its text holds is forgotten; what says more (typed on another
 * device, for instance) belongs to the note from here on, also if it was typed before there was one.
 */
export function settleAutosaves(ctx: AutosaveContext, saved: SavedForm): Promise<void> {
  const since = autosavesSince(ctx.clock());
  return ctx.db.write(() => {
    removeAutosave(ctx.db, saved.editorKey);
    const ofForm = listNoteAutosaves(ctx.db, undefined, since).filter((typed) => isOfForm(typed, saved));
    for (const typed of [...ofForm, ...listNoteAutosaves(ctx.db, saved.noteId, since)]) {
      if (isContained(typed.fields, saved.fields)) removeAutosave(ctx.db, typed.editorKey);
      else saveAutosave(ctx.db, { ...typed, noteId: saved.noteId });
    }
  });
}

function isOfForm({ fields }: Autosave, saved: SavedForm): boolean {
  return fields.form_key !== "" && fields.form_key === saved.fields.form_key;
}

/** Fields besides the text in which words are typed. */
const WORDS = ["title", "tags", "kind_url", "event_place"];

/** Whether every word of a text stands in another, and its other fields are the same or empty. */
function isContained(typed: TypedFields, saved: TypedFields): boolean {
  const words = Object.entries(typed).filter(([name]) => WORDS.includes(name));
  const isWhole = (saved.content ?? "").includes((typed.content ?? "").trim());
  return isWhole && words.every(([name, value]) => value === "" || value === saved[name]);
}

/** Forgets an autosave because its note holds the same or more now. */
export function dropAutosave(ctx: AutosaveContext, editorKey: string): Promise<void> {
  return ctx.db.write(() => removeAutosave(ctx.db, editorKey));
}
