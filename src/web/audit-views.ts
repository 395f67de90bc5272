import type { Words } from "../lib/words.ts";

/** One choice of a filter. */
export type AuditChoice = { value: string; label: Words; isChosen: boolean };

/** An event of the audit log. */
export type AuditRowView = {
  what: Words;
  who: Words;
  /** The same list of this doer alone. */
  whoPath: string;
  /** For people and for machines. */
  when: string;
  whenAt: string;
  /** Empty: the kind says all. */
  detail: string;
  /** Where from; empty: not by the web. */
  network: string;
  device: Words;
  requestId: string;
  /** Editor of the note that it was about; empty: about none. */
  notePath: string;
};

/** The audit log, filtered. */
export type AuditLogView = {
  securityPage: string;
  subjects: AuditChoice[];
  doers: AuditChoice[];
  isFiltered: boolean;
  events: AuditRowView[];
  nextPath: string;
  jsonPath: string;
  csvPath: string;
};
