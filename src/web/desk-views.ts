import type { Words } from "../lib/words.ts";
import type { FieldView } from "./author-views.ts";

/** A note by its label, and what became of it. */
export type BulkNoteView = { label: Words; path: string; status: string; outcome: Words; isChanged: boolean };

/** What the list of notes carries, so that one form can change many of them. */
export type BulkFormView = {
  /** Random: the form sent twice is done once. */
  key: string;
  actions: { value: string; label: Words }[];
  /** All notes of the list, in words: "All 12 notes of this list". */
  allLabel: Words;
};

/** Asks before many notes are changed, or says why they cannot be. */
export type BulkQuestionView = {
  heading: Words;
  message: Words;
  action: string;
  button: Words;
  key: string;
  /** The list that it came from. */
  list: { status: string; query: string };
  /** Whether the tags can be written here. */
  hasTags: boolean;
  tags: FieldView;
  noteIds: number[];
  /** The first of them by name, and how many there are besides. */
  labels: Words[];
  more: Words;
  error: Words;
  backPath: string;
};

/** What an act did to many notes. */
export type BulkActView = {
  heading: Words;
  /** Says what was done, and how many notes were left out. */
  summary: Words;
  notes: BulkNoteView[];
  /** How many notes it changed besides; empty: none. */
  more: Words;
  backPath: string;
  backLabel: Words;
  /** Empty: it is undone, or cannot be any more. */
  undoPath: string;
  undoUntil: string;
};

/** A page of things that the author keeps at hand: snippets, templates or searches. */
export type DeskSheetView = {
  path: string;
  heading: Words;
  intro: Words;
  /** What may stand in braces, with what it stands for; empty: nothing. */
  placeholders: { name: string; meaning: Words }[];
  items: { name: string; summary: string; usePath: string; editPath: string; deletePath: string }[];
  form: {
    heading: Words;
    action: string;
    button: Words;
    name: FieldView;
    nameMax: number;
    fields: { name: string; label: Words; hint: Words; isLong: boolean; options: DeskOption[]; field: FieldView }[];
    error: Words;
    /** Where the form leads back to without saving; empty: it is a new one. */
    leavePath: string;
  };
};

/** One of few values, by its words. */
export type DeskOption = { value: string; label: Words };

/** What the editor offers of what the author keeps at hand. */
export type DeskOffersView = {
  snippets: { id: number; name: string; content: string }[];
  /** For a new note that is still empty. */
  templates: { name: string; path: string }[];
};

/** The searches that the author has kept, and the one that is shown, to be kept. */
export type SavedSearchesView = {
  searches: { name: string; path: string; isCurrent: boolean }[];
  /** Whether what is shown can be kept. */
  canSave: boolean;
  sort: string;
};

/** A form for a short note on the home of the author's pages: it posts to /admin/notes as the editor does. */
export type QuickPostView = {
  formKey: string;
  editorKey: string;
  tagSuggestions: string[];
  scriptPath: string;
  modulePaths: string[];
};
