import type { Database } from "../db/database.ts";
import type { Note, NoteStatus } from "../notes/note.ts";
import { listNotesById } from "../notes/note-store.ts";
import { markedExcerptHtml, markedHtml } from "./excerpt.ts";
import { parseSearchQuery } from "./search-query.ts";
import type { FoundNote } from "./search-store.ts";
import { findListedNotes, findWrittenNoteIds } from "./search-store.ts";

/** A note that was found, with what to show of it: escaped text with `<mark>` around the hits. */
export type Hit = { readonly note: FoundNote; readonly titleHtml: string; readonly excerptHtml: string };

/** Finds listed notes, newest first. Whatever is typed, it never fails; what has no words finds nothing. */
export function searchListedNotes(db: Database, text: string): Hit[] {
  const query = parseSearchQuery(text);
  return findListedNotes(db, query).map((note) => ({
    note,
    titleHtml: markedHtml(note.title ?? "", query.terms),
    excerptHtml: markedExcerptHtml(note.contentText, query.terms),
  }));
}

/** Finds the author's notes of a status, or any but erased ones, last changed first. */
export function searchWrittenNotes(db: Database, text: string, status: NoteStatus | "all" = "all"): Note[] {
  return listNotesById(db, findWrittenNoteIds(db, parseSearchQuery(text), status));
}
