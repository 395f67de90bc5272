import { excerpt } from "../lib/text.ts";
import type { Citation } from "./citation-store.ts";
import type { CitingProperty } from "./cited.ts";
import { listCited } from "./cited.ts";
import type { Note, NoteKind } from "./note.ts";

/** Longest address that is shown as it is, in characters. */
const MAX_SHOWN_URL_LENGTH = 70;

/** What the author did to a page, before its name. */
export const CITING_WORDS: Readonly<Record<CitingProperty, string>> = {
  "in-reply-to": "In reply to",
  "like-of": "Liked",
  "repost-of": "Reposted",
  "bookmark-of": "Bookmarked",
};

/** What a note of each kind is called. */
export const KIND_NOUNS: Readonly<Record<NoteKind, string>> = {
  note: "Note",
  article: "Article",
  photo: "Photo",
  video: "Video",
  audio: "Recording",
  reply: "Reply",
  like: "Like",
  repost: "Repost",
  bookmark: "Bookmark",
  rsvp: "RSVP",
  event: "Event",
  checkin: "Check-in",
  page: "Page",
};

/** What an RSVP says, in words. */
export const RSVP_WORDS = {
  yes: "Yes, I will be there",
  no: "No, I cannot come",
  maybe: "Maybe",
  interested: "Interested",
};

/** The word between the name of a kind and the page that it is about: `Reply to`, `Like of`. */
const LINKING: Partial<Record<NoteKind, string>> = {
  reply: "to",
  rsvp: "to",
  like: "of",
  repost: "of",
  bookmark: "of",
};

/** What the words for a note are made of; `citations`: what is known of the pages that it is about. */
export type Described = Pick<Note, "kind" | "properties"> & {
  readonly citations?: ReadonlyMap<string, Citation> | undefined;
};

/**
 * What a note is, in one line, where it is about a page: `Like of “On engines”`. It is no title of the note, which has
 * none. Empty for a note of another kind.
 */
export function describeKind({ kind, properties, citations }: Described): string {
  const linking = LINKING[kind];
  const [cited] = linking === undefined ? [] : listCited(properties).filter(({ property }) => isOfKind(kind, property));
  if (linking === undefined || cited === undefined) return "";
  return `${KIND_NOUNS[kind]} ${linking} ${citedName(cited.url, citations?.get(cited.url))}`;
}

/** The name of a page: its title, else whose post it is, else its address. */
export function citedName(url: string, citation: Citation | undefined): string {
  if (citation?.title !== undefined) return `“${citation.title}”`;
  return citation?.authorName === undefined ? shortUrl(url) : `a post by ${citation.authorName}`;
}

/** An address as people read it: without scheme, query and fragment. */
export function shortUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return excerpt(host.replace(/^www\./u, "") + pathname.replace(/\/$/u, ""), MAX_SHOWN_URL_LENGTH);
}

/** Whether there is anything to show of a page besides its address. */
export function isTelling(citation: Citation | undefined): citation is Citation {
  return (citation?.title ?? citation?.excerpt ?? citation?.authorName) !== undefined;
}

function isOfKind(kind: NoteKind, property: CitingProperty): boolean {
  if (kind === "reply" || kind === "rsvp") return property === "in-reply-to";
  return property === `${kind}-of`;
}
