import type { Timestamp } from "../lib/clock.ts";

/** Where a note stands. `erased` keeps slug and times only. */
export type NoteStatus = "draft" | "scheduled" | "published" | "trashed" | "erased";

/** Who may read a published note: everyone; whoever has the address; the author alone. */
export type Visibility = "public" | "unlisted" | "private";

/** How `content` is written. */
export type ContentFormat = "markdown" | "text" | "html";

/** Post types, by the names of post-type discovery where it has one. */
export type NoteKind =
  | "note"
  | "article"
  | "photo"
  | "video"
  | "audio"
  | "reply"
  | "like"
  | "repost"
  | "bookmark"
  | "rsvp"
  | "event"
  | "checkin"
  | "page";

/** A tag: `name` is its place in URLs (`web-dev`), `label` what the author wrote (`Web Dev`). */
export type Tag = {
  readonly name: string;
  readonly label: string;
  /** A hashtag that nobody chose besides: it goes when the text loses it. */
  readonly inText?: true;
};

/** Microformats2 properties that have no column of their own: name → values, nested objects kept whole. */
export type Properties = { readonly [name: string]: readonly unknown[] };

/** What the author publishes. */
export type Note = {
  readonly id: number;
  /** Permanent id of the note in feeds (`urn:uuid:…`); no rename changes it. */
  readonly uid: string;
  /** Random prefix of the ids inside `contentHtml`. */
  readonly anchor: string;
  readonly slug: string;
  readonly kind: NoteKind;
  readonly status: NoteStatus;
  readonly visibility: Visibility;
  readonly title: string | undefined;
  /** As the author wrote it. */
  readonly content: string;
  readonly contentFormat: ContentFormat;
  /** Safe to print; URLs of this site are root-relative. */
  readonly contentHtml: string;
  readonly contentText: string;
  readonly tags: readonly Tag[];
  /** BCP 47; undefined means the site's language. */
  readonly language: string | undefined;
  /** In the future while scheduled; undefined for a draft without a time. */
  readonly publishedAt: Timestamp | undefined;
  /** Minutes east of UTC that the client published with; undefined: the author's zone says. */
  readonly publishedOffset: number | undefined;
  /** Last change that readers can see, after publication. */
  readonly updatedAt: Timestamp | undefined;
  /** When others could first read it; undefined: never. Stays when the note leaves. */
  readonly firstPublicAt: Timestamp | undefined;
  readonly createdAt: Timestamp;
  readonly changedAt: Timestamp;
  readonly trashedAt: Timestamp | undefined;
  /** 1 at first, one more with every save. */
  readonly version: number;
  readonly properties: Properties;
  /** `admin`, `import`, `cli`, or the client_id of an app. */
  readonly madeBy: string;
};

/** Whether everyone may find it: a note in lists, feeds and search, a page in search. */
export function isListed(note: Pick<Note, "status" | "visibility">): boolean {
  return note.status === "published" && note.visibility === "public";
}

/** Whether it stands in lists, feeds and the archive: a page does not, but search and the sitemap have it. */
export function isInLists(note: Pick<Note, "status" | "visibility" | "kind">): boolean {
  return isListed(note) && note.kind !== "page";
}

/** Whether its permalink shows the note to anyone. */
export function isReadable(note: Pick<Note, "status" | "visibility">): boolean {
  return note.status === "published" && note.visibility !== "private";
}

/** Whether its address is known: it is published, or others could read it once. Then it must go on leading here. */
export function hasKnownAddress(note: Pick<Note, "status" | "firstPublicAt">): boolean {
  return note.status === "published" || note.firstPublicAt !== undefined;
}

/** Labels of the tags that somebody chose, without the hashtags that only stand in the text. */
export function chosenLabels(note: Pick<Note, "tags">): string[] {
  return note.tags.filter((tag) => tag.inText !== true).map((tag) => tag.label);
}
