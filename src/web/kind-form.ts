import { invalid } from "../lib/errors.ts";
import { fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import type { CitingProperty } from "../notes/cited.ts";
import { citedUrl, isCitable, MAX_CITED_URL_LENGTH, valuesOf } from "../notes/cited.ts";
import { eventText, readEvent } from "../notes/event.ts";
import type { ChosenKind } from "../notes/kind.ts";
import { discoverKind, RSVP_VALUES, readRsvp } from "../notes/kind.ts";
import type { Note, NoteKind, Properties } from "../notes/note.ts";
import { refuseStrangeTimes } from "../notes/note-input.ts";

/** Longest name of the place of an event, in characters. */
export const MAX_PLACE_LENGTH = 300;

/** What the editor's form holds of the kind of a note, as it was typed. */
export type KindForm = {
  /** Empty: by what the note has. */
  readonly kind: string;
  /** The page that a reply, a like, a repost, a bookmark or an RSVP is about. */
  readonly kindUrl: string;
  readonly rsvp: string;
  /** `datetime-local` in the author's zone. */
  readonly eventStart: string;
  readonly eventEnd: string;
  readonly eventPlace: string;
};

/** The name of each field in the form. */
export const KIND_FIELDS: Readonly<Record<keyof KindForm, string>> = {
  kind: "kind",
  kindUrl: "kind_url",
  rsvp: "rsvp",
  eventStart: "event_start",
  eventEnd: "event_end",
  eventPlace: "event_place",
};

/** Kinds that the author can choose, in the order in which the form has them. */
export const CHOSEN_KINDS = [
  ...(["note", "article", "photo", "reply", "like", "repost", "bookmark", "rsvp", "event"] as const),
] as const;

/** The property in which a kind has the page that it is about. */
export const CITED_IN: Readonly<Partial<Record<string, CitingProperty>>> = {
  reply: "in-reply-to",
  rsvp: "in-reply-to",
  like: "like-of",
  repost: "repost-of",
  bookmark: "bookmark-of",
};

const NEEDS_URL: Readonly<Record<string, Words>> = {
  reply: said`A reply needs the address of what it answers. Paste it here.`,
  rsvp: said`An RSVP needs the address of the event. Paste it here.`,
  like: said`A like needs the address of what you like. Paste it here.`,
  repost: said`A repost needs the address of what you share. Paste it here.`,
  bookmark: said`A bookmark needs the address of the page. Paste it here.`,
};

const NO_ADDRESS = said`This is no address of a page. Write one that begins with https://, at most ${MAX_CITED_URL_LENGTH} characters long.`;

/** The part of a form that says nothing. */
export const NO_KIND: KindForm = { kind: "", kindUrl: "", rsvp: "", eventStart: "", eventEnd: "", eventPlace: "" };

/** Reads the part of a form. */
export function readKindForm(text: (name: string) => string): KindForm {
  return Object.fromEntries(Object.entries(KIND_FIELDS).map(([name, field]) => [name, text(field)])) as KindForm;
}

/** The part again, as hidden inputs carry it. */
export function toKindFields(form: KindForm): { name: string; value: string }[] {
  return Object.entries(KIND_FIELDS).map(([name, field]) => ({ name: field, value: form[name as keyof KindForm] }));
}

type Shown = Pick<Note, "kind" | "title" | "properties"> & Partial<Pick<Note, "contentText" | "contentHtml">>;

/** What the form shows of a stored note, or of a revision of it. A kind that follows from title and text is not chosen. */
export function kindFormOf(note: Shown, zone: string): KindForm {
  const { kind, properties } = note;
  const property = CITED_IN[kind];
  const event = kind === "event" ? readEvent(properties, zone) : undefined;
  const local = (time: NonNullable<typeof event>["start"]) =>
    time === undefined ? "" : toLocal(time.moment, offsetMinutes(time.moment, zone)).iso.slice(0, 16);
  return {
    kind: isFollowing(note) ? "" : kind,
    kindUrl: property === undefined ? "" : (citedIn(properties, property) ?? ""),
    rsvp: kind === "rsvp" ? (readRsvp(properties) ?? "") : "",
    eventStart: local(event?.start),
    eventEnd: local(event?.end),
    eventPlace: event?.place?.name ?? "",
  };
}

function isFollowing({ kind, title, properties, contentText = "", contentHtml = "" }: Shown): boolean {
  if (kind === "page") return true;
  if (kind !== "note" && kind !== "article") return false;
  // A revision has no rendered text: there the title decides, as it does for nearly every note.
  if (contentText === "") return (kind === "article") === (title !== undefined);
  return discoverKind({ title, properties, contentText, contentHtml }) === kind;
}

/** What a form says besides its kind, and what was stored. */
export type KindSource = {
  readonly title: string;
  readonly content: string;
  readonly zone: string;
  readonly before: Note | undefined;
  /** Whether it is only kept: a draft may lack words. */
  readonly isDraft: boolean;
};

/**
 * The kind and the properties that a form says. What was not touched stays as it was, also what a client sent that the form
 * cannot show. Throws `invalid` with the field for what a kind lacks, and for an address or a time that is none.
 */
export function toKindChanges(
  form: KindForm,
  source: KindSource,
): { readonly kind: ChosenKind | undefined; readonly properties: Properties } {
  const { before, zone } = source;
  const stored = before === undefined ? NO_KIND : kindFormOf(before, zone);
  const change = { form, stored, properties: before?.properties ?? {}, zone };
  const kind = parseKind(form.kind, before?.kind);
  refuseLacking(kind, source, change.properties);
  const properties = withEvent({ ...change, properties: withRsvp({ ...change, properties: withCited(change) }) });
  if (kind === stored.kind && before !== undefined && before.kind !== "page") return { kind: undefined, properties };
  return { kind: kind === "" ? "discovered" : kind, properties };
}

type Change = {
  readonly form: KindForm;
  readonly stored: KindForm;
  readonly properties: Properties;
  readonly zone: string;
};

function parseKind(text: string, before: NoteKind | undefined): NoteKind | "" {
  if (text === "") return "";
  const kind = [...CHOSEN_KINDS, before].find((known) => known === text);
  if (kind !== undefined) return kind;
  throw invalid("kind", said`There is no such kind of note. Choose one of the list.`);
}

function refuseLacking(kind: NoteKind | "", { title, content, isDraft }: KindSource, properties: Properties): void {
  if (isDraft) return;
  const isTitled = title.trim() !== "";
  const hasImage = /!\[|<img\b/u.test(content) || valuesOf(properties, "photo").length > 0;
  if (kind === "article" && !isTitled)
    throw invalid("title", said`An article has a title. Write one, or choose another kind.`);
  if (kind === "event" && !isTitled) throw invalid("title", said`An event has a name. Write it as the title.`);
  if (kind === "photo" && !hasImage) {
    throw invalid("kind", said`A photo note shows an image. Put one into the text, or choose another kind.`);
  }
  if (kind === "reply" && content.trim() === "" && !isTitled && !hasImage) {
    throw invalid("content", said`A reply says something. Write it first, or choose another kind.`);
  }
}

/** The properties with the page of the form in that of its kind, and not any more in that of the kind before. */
function withCited(change: Change): Properties {
  const { form, stored, properties } = change;
  const property = CITED_IN[form.kind];
  if (property === undefined) return withoutCited(change);
  const url = form.kindUrl.trim();
  if (url === "") throw invalid("kind_url", NEEDS_URL[form.kind] ?? "");
  if (property === CITED_IN[stored.kind] && url === stored.kindUrl) return properties;
  if (!isCitable(url)) throw invalid("kind_url", NO_ADDRESS);
  const others = without(properties, stored);
  return { ...others, [property]: [url, ...valuesOf(others, property)] };
}

/** For a kind that is about no page. One that follows from what the note has keeps it, unless its field was emptied. */
function withoutCited({ form, stored, properties }: Change): Properties {
  const url = form.kindUrl.trim();
  if (form.kind !== "" || url === "") return without(properties, stored);
  if (url === stored.kindUrl) return properties;
  throw invalid("kind", said`Choose what the address is for: a reply, a like, a repost, a bookmark or an RSVP.`);
}

function withRsvp({ form, stored, properties }: Change): Properties {
  if (form.kind !== "rsvp") return stored.kind === "rsvp" && form.kind !== "" ? omit(properties, "rsvp") : properties;
  const answer = RSVP_VALUES.find((value) => value === form.rsvp);
  if (answer === undefined) throw invalid("rsvp", said`An RSVP says yes, no, maybe or interested. Choose one.`);
  return answer === stored.rsvp ? properties : { ...properties, rsvp: [answer] };
}

function withEvent({ form, stored, properties, zone }: Change): Properties {
  if (form.kind !== "event") return stored.kind === "event" ? omit(properties, "start", "end", "location") : properties;
  if (form.eventStart.trim() === "")
    throw invalid("event_start", said`An event has a time when it begins. Choose one.`);
  const times = {
    ...eventTime({ form, stored, properties, zone }, { name: "start", field: "eventStart" }),
    ...eventTime({ form, stored, properties, zone }, { name: "end", field: "eventEnd" }),
  };
  const event = { ...omit(properties, "start", "end", "location"), ...times, ...eventPlace(form, stored, properties) };
  const { start, end } = readEvent(event, zone);
  if (start !== undefined && end !== undefined && end.moment < start.moment) {
    throw invalid("event_end", said`The event ends before it begins. Choose a later end, or leave it empty.`);
  }
  return event;
}

function eventTime(
  { form, stored, properties, zone }: Change,
  { name, field }: { readonly name: "start" | "end"; readonly field: "eventStart" | "eventEnd" },
): Properties {
  const text = form[field].trim();
  const written = eventText(properties, name);
  // What a client wrote keeps its seconds and its zone.
  if (text === stored[field]) return written === "" ? {} : { [name]: [written] };
  if (text === "") return {};
  const moment = fromLocal(text, zone, KIND_FIELDS[field]);
  refuseStrangeTimes([moment]);
  return { [name]: [toLocal(moment, offsetMinutes(moment, zone)).iso] };
}

function eventPlace(form: KindForm, stored: KindForm, properties: Properties): Properties {
  const place = form.eventPlace.replace(/\s+/gu, " ").trim();
  if ([...place].length > MAX_PLACE_LENGTH) {
    throw invalid("event_place", said`The place is longer than ${MAX_PLACE_LENGTH} characters. Shorten it.`);
  }
  if (place === stored.eventPlace) return pick(properties, "location");
  return place === "" ? {} : { location: [place] };
}

function citedIn(properties: Properties, property: string): string | undefined {
  return valuesOf(properties, property)
    .map(citedUrl)
    .find((url) => url !== undefined);
}

/** The properties without the page that the stored form has. */
function without(properties: Properties, stored: KindForm): Properties {
  const property = CITED_IN[stored.kind];
  if (property === undefined) return properties;
  const kept = valuesOf(properties, property).filter((value) => citedUrl(value) !== stored.kindUrl);
  return kept.length === 0 ? omit(properties, property) : { ...properties, [property]: kept };
}

function omit(properties: Properties, ...names: readonly string[]): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

function pick(properties: Properties, name: string): Properties {
  const values = valuesOf(properties, name);
  return values.length === 0 ? {} : { [name]: values };
}
