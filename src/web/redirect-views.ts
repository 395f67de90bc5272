import type { Words } from "../lib/words.ts";
import type { FieldView } from "./author-views.ts";

/** The form of one redirect. */
export type RedirectFormView = {
  from: FieldView;
  to: FieldView;
  status: { value: string; error: Words; choices: { value: string; label: Words; meaning: Words }[] };
  error: Words;
  /** What is thought of for `to`, in words; empty: nothing. */
  suggestion: Words;
};

/** A redirect of the list. */
export type RedirectRowView = {
  source: string;
  /** Empty: gone. */
  target: string;
  status: string;
  hits: Words;
  lastHit: Words;
  editPath: string;
  deletePath: string;
};

/** A line of a list that was imported and is worth a word. */
export type ImportedLineView = { number: number; text: string; reason: Words };

/** The redirects, with what came of an import. */
export type RedirectsView = {
  form: RedirectFormView;
  redirects: RedirectRowView[];
  nextPath: string;
  /** Null: nothing was imported. */
  imported: { summary: Words; skipped: ImportedLineView[] } | null;
  importError: Words;
  list: string;
};

/** An address that was asked for in vain. */
export type MissingRowView = {
  path: string;
  hits: Words;
  times: Words;
  referrer: string;
  /** A note that may be meant; null: none is known. */
  suggestion: { label: Words; path: string } | null;
  /** The form of a redirect from there. */
  redirectPath: string;
};

/** The log of what was not found. */
export type MissingView = {
  rows: MissingRowView[];
  scans: { group: Words; hits: Words; times: Words }[];
  nextPath: string;
  max: number;
};

/** The settings of what robots may do, what programs are offered, and what is said where nothing is. */
export type RobotsView = {
  robots: FieldView;
  offers: { llmsTxt: boolean; markdownCopies: boolean };
  notFound: FieldView;
  error: Words;
};

/** The notes that stand first on home. */
export type PinsView = {
  pins: { label: Words; path: string; movePath: string; isFirst: boolean; isLast: boolean }[];
  max: number;
};
