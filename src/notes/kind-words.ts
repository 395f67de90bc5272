import { excerpt } from "../lib/text.ts";
import type { Message, Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { Citation } from "./citation-store.ts";
import type { CitingProperty } from "./cited.ts";
import { listCited } from "./cited.ts";
import type { Note, NoteKind } from "./note.ts";

/** Longest address that is shown as it is, in characters. */
const MAX_SHOWN_URL_LENGTH = 70;

/** What the author did to a page, before its name. */
export const CITING_WORDS: Readonly<Record<CitingProperty, Message>> = {
  "in-reply-to": said`In reply to`,
  "like-of": said`Liked`,
  "repost-of": said`Reposted`,
  "bookmark-of": said`Bookmarked`,
};

/** What a note of each kind is called. */
export const KIND_NOUNS: Readonly<Record<NoteKind, Message>> = {
  note: said`Note`,
  article: said`Article`,
  photo: said`Photo`,
  video: said`Video`,
  audio: said`Recording`,
  reply: said`Reply`,
  like: said`Like`,
  repost: said`Repost`,
  bookmark: said`Bookmark`,
  rsvp: said`RSVP`,
  event: said`Event`,
  checkin: said`Check-in`,
  page: said`Page`,
};

/** What an RSVP says, in words. */
export const RSVP_WORDS = {
  yes: said`Yes, I will be there`,
  no: said`No, I cannot come`,
  maybe: said`Maybe`,
  interested: said`Interested`,
};

/** What a note of a kind is that is about a page, by the page's name. */
const ABOUT: Partial<Record<NoteKind, (name: Words) => Message>> = {
  reply: (name) => said`Reply to ${name}`,
  rsvp: (name) => said`RSVP to ${name}`,
  like: (name) => said`Like of ${name}`,
  repost: (name) => said`Repost of ${name}`,
  bookmark: (name) => said`Bookmark of ${name}`,
};

/** What the words for a note are made of; `citations`: what is known of the pages that it is about. */
export type Described = Pick<Note, "kind" | "properties"> & {
  readonly citations?: ReadonlyMap<string, Citation> | undefined;
};

/**
 * What a note is, in one line, where it is about a page: `Like of “On engines”`. It is no title of the note, which has
 * none. Empty for a note of another kind.
 */
export function describeKind({ kind, properties, citations }: Described): Words {
  const about = ABOUT[kind];
  const [cited] = about === undefined ? [] : listCited(properties).filter(({ property }) => isOfKind(kind, property));
  if (about === undefined || cited === undefined) return "";
  return about(citedName(cited.url, citations?.get(cited.url)));
}

/** The name of a page: its title, else whose post it is, else its address. */
export function citedName(url: string, citation: Citation | undefined): Words {
  if (citation?.title !== undefined) return said`“${citation.title}”`;
  return citation?.authorName === undefined ? shortUrl(url) : said`a post by ${citation.authorName}`;
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
