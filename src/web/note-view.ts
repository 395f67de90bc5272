import type { Words } from "../lib/words.ts";
import type { NoteStatus, Visibility } from "../notes/note.ts";
import type { Card } from "./card-cache.ts";
import type { KindView } from "./kind-views.ts";

/** A link by its words: to a tag, or to another page. */
export type TagView = { label: Words; path: string };

/** A note as readers see it. */
export type NoteView = {
  id: number;
  slug: string;
  path: string;
  url: string;
  /** Empty: the note has none. */
  title: string;
  contentHtml: string;
  /** Plain text, cut at a word; never empty for a note with text. */
  summary: string;
  /** Whether lists show the whole of it rather than its summary. */
  showsInFull: boolean;
  /** RFC 3339 with the author's offset. */
  publishedAt: string;
  /** For people, in the site's language. */
  publishedOn: string;
  publishedDay: string;
  /** Empty: not changed since. */
  updatedAt: string;
  updatedOn: string;
  /** Of this note, if it differs from the site's; else the site's. */
  language: string;
  /** Of its script where the note says its own language; else `auto`. */
  direction: "ltr" | "rtl" | "auto";
  tags: TagView[];
  visibility: Visibility;
  status: NoteStatus;
  kind: KindView;
  /** Whether its kind has anything to show besides the text. */
  showsKind: boolean;
};

/** A note of a list: finished, or as it is to be shown. */
export type ListedView = NoteView | Card;
