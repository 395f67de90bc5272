import { CITING_PROPERTIES, citedUrl, valuesOf } from "./cited.ts";
import type { NoteKind, Properties } from "./note.ts";

/** All kinds, in the order in which they are named to people. */
export const NOTE_KINDS: readonly NoteKind[] = [
  ...(["note", "article", "photo", "video", "audio", "reply", "like", "repost"] as const),
  ...(["bookmark", "rsvp", "event", "checkin", "page"] as const),
];

/** Answers to an invitation. */
export const RSVP_VALUES = ["yes", "no", "maybe", "interested"] as const;

/** An answer to an invitation. */
export type RsvpValue = (typeof RSVP_VALUES)[number];

/** What the kind of a note is known by. */
export type KindFacts = {
  readonly title: string | undefined;
  readonly contentText: string;
  readonly contentHtml: string;
  readonly properties: Properties;
  /** Images elsewhere that its text names: shown once they are copied, or as links. */
  readonly remoteImages?: readonly object[];
};

/** The property that makes a note of each kind, in the order in which they decide. */
const DECIDING: readonly { readonly kind: NoteKind; readonly property: string }[] = [
  { kind: "rsvp", property: "rsvp" },
  { kind: "reply", property: "in-reply-to" },
  { kind: "repost", property: "repost-of" },
  { kind: "like", property: "like-of" },
  { kind: "bookmark", property: "bookmark-of" },
  { kind: "checkin", property: "checkin" },
  { kind: "video", property: "video" },
  { kind: "audio", property: "audio" },
  { kind: "photo", property: "photo" },
];

/** The kinds that some property makes. */
const BY_PROPERTY: ReadonlyMap<NoteKind, string> = new Map(DECIDING.map(({ kind, property }) => [kind, property]));

/**
 * Discovers the kind of a note by what it has: the first property that decides, else whether its title says more than
 * the beginning of its text. An `h-event` is an event whatever it has.
 * @see https://www.w3.org/TR/post-type-discovery/#algorithm
 */
export function discoverKind(facts: KindFacts, type: "event" | "entry" = "entry"): NoteKind {
  if (type === "event") return "event";
  const decided = DECIDING.find(({ property }) => hasValid(facts.properties, property));
  return decided?.kind ?? (isNamed(facts) ? "article" : "note");
}

/** A kind that somebody chose; `discovered`: whatever the note has shall decide from here on. */
export type ChosenKind = NoteKind | "discovered";

/** How the kind of a saved note comes about. */
export type KindChoice = {
  /** What the author or the client said; undefined: nothing. */
  readonly chosen: ChosenKind | undefined;
  /** The note as it was; undefined: it is new. */
  readonly before?: (KindFacts & { readonly kind: NoteKind }) | undefined;
};

/**
 * The kind of a note that is saved: what was chosen, where it is possible; else a kind that no property explained stays,
 * and any other follows the properties.
 */
export function settleKind(facts: KindFacts, { chosen, before }: KindChoice): NoteKind {
  if (chosen !== undefined && chosen !== "discovered" && isPossible(chosen, facts)) return chosen;
  if (chosen !== undefined || before === undefined) return discoverKind(facts);
  const type = before.kind === "event" ? "event" : "entry";
  const isExplained = before.kind === discoverKind(before, type);
  return isExplained || !isPossible(before.kind, facts) ? discoverKind(facts, type) : before.kind;
}

/** Whether a note can be of a kind: it has the property that makes it, a title for an article, an image for a photo. */
export function isPossible(kind: NoteKind, facts: KindFacts): boolean {
  const property = BY_PROPERTY.get(kind);
  if (kind === "article") return facts.title !== undefined;
  if (kind === "photo" && hasImage(facts)) return true;
  return property === undefined || hasValid(facts.properties, property);
}

function hasImage({ contentHtml, remoteImages = [] }: KindFacts): boolean {
  return remoteImages.length > 0 || /<img\b/u.test(contentHtml);
}

/** The answer of a note to an invitation; undefined: it gives none that there is. */
export function readRsvp(properties: Properties): RsvpValue | undefined {
  const [value] = valuesOf(properties, "rsvp");
  const answer = typeof value === "string" ? value.trim().toLowerCase() : undefined;
  return RSVP_VALUES.find((known) => known === answer);
}

function hasValid(properties: Properties, property: string): boolean {
  if (property === "rsvp") return readRsvp(properties) !== undefined;
  const values = valuesOf(properties, property);
  if (property === "checkin") return values.length > 0;
  const isCiting = CITING_PROPERTIES.some((citing) => citing === property);
  return values.some((value) => (isCiting ? citedUrl(value) !== undefined : isFile(value)));
}

/** A file is an address, here or elsewhere, or an object whose `value` is one. */
function isFile(file: unknown): boolean {
  const address = typeof file === "string" ? file : (file as { value?: unknown } | null)?.value;
  return typeof address === "string" && address !== "";
}

/** A name that is only the beginning of the text was made from it by a program; without a text it is the text. */
function isNamed({ title, contentText, properties }: KindFacts): boolean {
  if (title === undefined) return false;
  const [summary] = valuesOf(properties, "summary");
  const text = contentText.trim() || (typeof summary === "string" ? summary : "");
  const inOneLine = (long: string) => long.replace(/\s+/gu, " ").trim();
  return text !== "" && !inOneLine(text.slice(0, 4 * title.length)).startsWith(inOneLine(title));
}
