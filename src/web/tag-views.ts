import type { Words } from "../lib/words.ts";
import type { FieldView } from "./author-views.ts";

/** A tag as its page shows it: `title` is its label, or that of its section. `descriptionHtml`: empty, or of the section. */
export type SectionView = {
  label: Words;
  path: string;
  count: number;
  title: string;
  isSection: boolean;
  descriptionHtml: string;
};

/** A tag in the author's list. */
export type TagRowView = {
  name: string;
  label: Words;
  editPath: string;
  /** Notes that readers find with it: "12 notes". */
  notes: Words;
  /** Notes that they do not find, said apart: "2 drafts", "1 private". */
  hidden: Words[];
  hasSection: boolean;
  /** Tags that only accents or hyphens tell apart from it; empty: none. */
  variants: string;
  isTicked: boolean;
};

/** The author's tags. */
export type TagListView = {
  rows: TagRowView[];
  /** "1,234 tags", or how many match. */
  count: Words;
  query: string;
  order: string;
  orders: { label: Words; path: string; isCurrent: boolean }[];
  key: string;
  label: FieldView;
  error: Words;
  previousPath: string;
  nextPath: string;
};

/** One tag: what readers see of it besides notes, and what can be done to it. */
export type TagEditView = {
  name: string;
  label: Words;
  /** Of the page that readers see; empty: there is none. */
  path: string;
  notesPath: string;
  counts: Words[];
  sectionPath: string;
  title: FieldView;
  description: FieldView;
  inMenu: boolean;
  menuError: Words;
  pinsPath: string;
  pins: { id: number; label: Words; path: string; isFirst: boolean; isLast: boolean }[];
  pinsMax: number;
  /** Notes that can be pinned, newest first. */
  choices: { id: number; label: Words }[];
  pinError: Words;
  key: string;
  newLabel: FieldView;
  error: Words;
};
