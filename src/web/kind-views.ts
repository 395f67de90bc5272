import type { Words } from "../lib/words.ts";
import type { FieldView } from "./author-views.ts";

/** A page elsewhere that a note is about. */
export type CiteView = {
  /** Its class of microformats: `u-like-of`. */
  property: string;
  /** What the author did to it: `Liked`. */
  verb: Words;
  url: string;
  /** Its address for people. */
  address: string;
  /** Whether more than its address is known. */
  isKnown: boolean;
  /** Empty: it has none. */
  title: string;
  authorName: string;
  authorUrl: string;
  authorPhotoPath: string;
  excerpt: string;
  imagePath: string;
  /** BCP 47; empty: not known. */
  language: string;
};

/** A field of which one of few words is chosen. */
export type WordFieldView = FieldView & { options: { value: string; label: Words }[] };

/** The part of the editor that says what a note is. */
export type KindFieldsView = {
  /** Whether there is something to see in it. */
  isOpen: boolean;
  kind: WordFieldView;
  url: FieldView;
  rsvp: WordFieldView;
  start: FieldView;
  end: FieldView;
  place: FieldView;
};

/** A page that a stored note is about, as its author sees it. */
export type CitedPageView = {
  url: string;
  address: string;
  /** What is known of it, and how the last try to fetch it went. */
  state: Words;
  isFailed: boolean;
};

/** A time of an event: for machines, as it was written, and for people. */
export type EventTimeView = { at: string; on: string };

/** What a note is, besides its text. */
export type KindView = {
  /** `Like`, `Event`. */
  noun: Words;
  /** `Like of “On engines”`: what the note is in one line, where it is about a page; else empty. No title: it has none. */
  label: Words;
  cites: CiteView[];
  /** An answer to an invitation, for machines and for people; null: it gives none. */
  rsvp: { value: string; words: Words } | null;
  /** Null: it is no event. Empty times and place: not known. */
  event: { start: EventTimeView | null; end: EventTimeView | null; place: Words; placeUrl: string } | null;
};
