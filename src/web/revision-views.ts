import type { Words } from "../lib/words.ts";
import type { NoteRowView } from "./author-views.ts";

/** The saves of a note, newest first. */
export type RevisionsView = {
  note: NoteRowView;
  rows: {
    path: string;
    version: number;
    /** What the save did, such as "Published". */
    did: Words;
    savedOn: string;
    savedAt: string;
    size: Words;
    writer: Words;
    /** Whether it is what is stored now. */
    isNow: boolean;
  }[];
  /** Older saves; empty: none. */
  nextPath: string;
};

/** A line of one side of a comparison, its changed words apart. */
export type ComparedLineView = { number: number; pieces: { text: string; isChanged: boolean }[] };

/** Two saves of a note beside each other. */
export type RevisionView = {
  note: NoteRowView;
  did: Words;
  savedOn: string;
  writer: Words;
  size: Words;
  /** What the text is compared with, in words. */
  before: Words;
  after: Words;
  /** What it may be compared with, and how it may be shown. */
  comparisons: { label: Words; path: string; isCurrent: boolean }[];
  layouts: { label: Words; path: string; isCurrent: boolean }[];
  layout: "auto" | "inline" | "side";
  /** What changed besides the text; an empty side had nothing. */
  facts: { name: Words; before: string; after: string }[];
  /** Lines that are alike, that differ, and how many are left out; `lines` is 0 but in a gap. */
  rows: {
    kind: "same" | "changed" | "gap";
    lines: number;
    before: ComparedLineView | null;
    after: ComparedLineView | null;
  }[];
  /** Said in place of the rows. */
  remark: Words;
  /** The whole text of the revision. */
  content: string;
  /** Where a form restores it; empty: there is nothing to restore. */
  restorePath: string;
  /** Why it cannot be restored, or what came between; else empty. */
  restoreRemark: Words;
  /** The version that the page shows as the stored one. */
  expectedVersion: number;
  error: Words;
};

/** Links by which others read a note before it is out. */
export type PreviewLinksView = {
  note: NoteRowView;
  links: { made: string; expires: string }[];
  /** Shown once, right after it was made; else empty. */
  newLink: string;
  days: { value: string; label: Words }[];
  /** Whether everyone can read the note by its own address. */
  isOut: boolean;
  error: Words;
};
