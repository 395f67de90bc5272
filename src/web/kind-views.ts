/** A page elsewhere that a note is about. */
export type CiteView = {
  /** Its class of microformats: `u-like-of`. */
  property: string;
  /** What the author did to it: `Liked`. */
  verb: string;
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

/** A time of an event: for machines, as it was written, and for people. */
export type EventTimeView = { at: string; on: string };

/** What a note is, besides its text. */
export type KindView = {
  /** `Like`, `Event`. */
  noun: string;
  /** `Like of “On engines”`: what the note is in one line, where it is about a page; else empty. No title: it has none. */
  label: string;
  cites: CiteView[];
  /** An answer to an invitation, for machines and for people; null: it gives none. */
  rsvp: { value: string; words: string } | null;
  /** Null: it is no event. Empty times and place: not known. */
  event: { start: EventTimeView | null; end: EventTimeView | null; place: string; placeUrl: string } | null;
};
