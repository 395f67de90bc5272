import type { FieldView } from "./author-views.ts";

/** A note by its label, and what became of it. */
export type BulkNoteView = { label: string; path: string; status: string; outcome: string; isChanged: boolean };

/** What the list of notes carries, so that one form can change many of them. */
export type BulkFormView = {
  /** Random: the form sent twice is done once. */
  key: string;
  actions: { value: string; label: string }[];
  /** All notes of the list, in words: "All 12 notes of this list". */
  allLabel: string;
};

/** Asks before many notes are changed, or says why they cannot be. */
export type BulkQuestionView = {
  heading: string;
  message: string;
  action: string;
  button: string;
  key: string;
  /** The list that it came from. */
  list: { status: string; query: string };
  /** Whether the tags can be written here. */
  hasTags: boolean;
  tags: FieldView;
  noteIds: number[];
  /** The first of them by name, and how many there are besides. */
  labels: string[];
  more: string;
  error: string;
  backPath: string;
};

/** What an act did to many notes. */
export type BulkActView = {
  heading: string;
  /** Says what was done, and how many notes were left out. */
  summary: string;
  notes: BulkNoteView[];
  /** Empty: it is undone, or cannot be any more. */
  undoPath: string;
  undoUntil: string;
};
