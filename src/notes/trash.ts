import type { Database } from "../db/database.ts";
import type { Timestamp } from "../lib/clock.ts";
import { removeNoteAutosaves } from "./autosave-store.ts";
import { removeBulkNotes } from "./bulk-act-store.ts";
import { forgetUncited, keepCitations } from "./keep-citations.ts";
import type { NoteStatus } from "./note.ts";
import { replaceNoteImages } from "./note-image-store.ts";
import type { Origin } from "./note-input.ts";
import { replaceNoteMedia } from "./note-media-store.ts";
import type { StoredNote } from "./note-store.ts";
import { updateNote } from "./note-store.ts";
import { keepMenu } from "./page-menu.ts";
import { removeRevisions } from "./revision-store.ts";
import type { NotesContext } from "./save.ts";
import { requireNote, saveChanged, statusAt } from "./save.ts";
import { keepSeries } from "./series-store.ts";
import { removeSubmissions } from "./submission-store.ts";
import { keepTranslationKey } from "./translations-store.ts";

/** Moves a note to the trash: readers get 410, the author can restore it. One that lies there already stays. Throws `not_found`, `gone`. */
export function trashNote(ctx: NotesContext, id: number, origin: Origin): Promise<StoredNote> {
  const now = ctx.clock();
  return ctx.db.write(() => {
    const before = requireNote(ctx.db, id);
    if (before.status === "trashed") return before;
    const trashed: StoredNote = {
      ...before,
      status: "trashed",
      restoreStatus: toRestore(before.status),
      trashedAt: now,
    };
    return saveChanged(ctx.db, { before, after: trashed }, { ...origin, action: "trash", now });
  });
}

/**
 * Brings a note back from the trash to where it was. One that waited for a time that has passed meanwhile is published.
 * One that is not in the trash stays as it is. Throws `not_found`, `gone`.
 */
export function restoreNote(ctx: NotesContext, id: number, origin: Origin): Promise<StoredNote> {
  const now = ctx.clock();
  return ctx.db.write(() => {
    const before = requireNote(ctx.db, id);
    if (before.status !== "trashed") return before;
    const status = statusRestored(before, now);
    const restored: StoredNote = { ...before, status, restoreStatus: undefined, trashedAt: undefined };
    return saveChanged(ctx.db, { before, after: restored }, { ...origin, action: "restore", now });
  });
}

/**
 * Erases a note for ever: text, title, tags, properties and all revisions go, slug and times stay, so that its
 * addresses answer 410 and nobody gets them again. Throws `not_found`, `gone`.
 */
export function eraseNote(ctx: NotesContext, id: number): Promise<void> {
  const now = ctx.clock();
  return ctx.db.write(() => {
    eraseStored(ctx.db, requireNote(ctx.db, id), now);
  });
}

/** The same for a note at hand. Runs inside a transaction. */
export function eraseStored(db: Database, note: StoredNote, now: Timestamp): void {
  removeRevisions(db, note.id);
  removeSubmissions(db, note.id);
  removeNoteAutosaves(db, note.id);
  removeBulkNotes(db, note.id);
  const uncited = keepCitations(db, { id: note.id, properties: {} }, now);
  replaceNoteImages(db, note.id, []);
  replaceNoteMedia(db, note.id, "");
  forgetUncited(db, uncited, now);
  const after = emptied(note, now);
  keepSeries(db, note.id, undefined);
  keepTranslationKey(db, note.id, undefined);
  updateNote(db, after);
  keepMenu(db, { before: note, after }, now);
}

function emptied(note: StoredNote, now: StoredNote["changedAt"]): StoredNote {
  return {
    ...note,
    kind: note.kind === "page" ? "page" : "note", // Its address must go on answering.
    status: "erased",
    restoreStatus: undefined,
    title: undefined,
    content: "",
    contentFormat: "text",
    contentHtml: "",
    contentText: "",
    unspacedText: undefined,
    tags: [],
    language: undefined,
    properties: {},
    // The path stays, so that importing the folder again does not bring the note back.
    importMark: note.importMark && { ...note.importMark, hash: undefined },
    version: note.version + 1,
    changedAt: now,
  };
}

/** Only what waited is held against the clock: one that was out stays out, even where the clock was put back. */
function statusRestored({ restoreStatus, publishedAt }: StoredNote, now: Timestamp): NoteStatus {
  if (restoreStatus === "scheduled" && publishedAt !== undefined) return statusAt(publishedAt, now);
  return restoreStatus ?? "draft";
}

/** What a note that goes into the trash is to be when it comes out again. */
export function toRestore(status: NoteStatus): "draft" | "scheduled" | "published" {
  return status === "scheduled" || status === "published" ? status : "draft";
}
