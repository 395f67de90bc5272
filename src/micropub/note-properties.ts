import type { Timestamp } from "../lib/clock.ts";
import { toTimestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { toLocal } from "../lib/time-zone.ts";
import type { ContentFormat, Note, NoteKind, Properties, Visibility } from "../notes/note.ts";
import type { NoteInput } from "../notes/note-input.ts";
import type { Mf2Properties } from "./request.ts";

/** Properties that have a column of their own; the others are kept as they came. */
const COLUMNS = new Set([
  "name",
  "content",
  "category",
  "published",
  "updated",
  "visibility",
  "post-status",
  "language",
]);

/**
 * Converts a note's properties to what the operations take. What is absent stays undefined.
 * `content` as text is plain text, `{html}` is HTML (§3.3.2). Throws `invalid` for a value of the wrong kind.
 */
export function toNoteInput(properties: Mf2Properties): NoteInput {
  const published = readTime(properties, "published");
  return {
    ...readContent(properties.content?.[0]),
    title: readText(properties, "name"),
    tags: readTexts(properties, "category"),
    language: readText(properties, "language"),
    visibility: readVisibility(properties),
    publishedAt: published?.moment,
    publishedOffset: published?.offset,
    updatedAt: readTime(properties, "updated")?.moment,
    properties: keptProperties(properties),
  };
}

/** Whether the client wants a draft (`post-status`); throws `invalid` for a status that there is not. */
export function wantsDraft(properties: Mf2Properties): boolean | undefined {
  const status = readText(properties, "post-status");
  if (status === undefined) return undefined;
  if (status === "draft" || status === "published") return status === "draft";
  throw invalid("post-status", "“post-status” is draft or published.");
}

/** Converts a note to its microformats properties, commands left out (§3.7.2). HTML comes back as `{html}`, the rest as text. */
export function toProperties(note: Note, url: string): Record<string, readonly unknown[]> {
  const time = (moment: Timestamp | undefined, offset: number) => (moment ? [toLocal(moment, offset).iso] : undefined);
  const columns: Record<string, readonly unknown[] | undefined> = {
    name: note.title === undefined ? undefined : [note.title],
    content: note.content === "" ? undefined : [note.contentFormat === "html" ? { html: note.content } : note.content],
    category: note.tags.length === 0 ? undefined : note.tags.map((tag) => tag.label),
    published: time(note.publishedAt, note.publishedOffset ?? 0),
    updated: time(note.updatedAt, 0),
    language: note.language === undefined ? undefined : [note.language],
    "post-status": [note.status === "draft" ? "draft" : "published"],
    visibility: [note.visibility],
    url: [url],
    uid: [note.uid],
  };
  const present = Object.entries(columns).filter(
    (entry): entry is [string, readonly unknown[]] => entry[1] !== undefined,
  );
  return { ...note.properties, ...Object.fromEntries(present) };
}

/** The kind of a new note, by the property that decides (post-type discovery). */
export function discoverKind(type: string, properties: Mf2Properties): NoteKind {
  if (type === "event") return "event";
  const deciding: readonly [string, NoteKind][] = [
    ["rsvp", "rsvp"],
    ["in-reply-to", "reply"],
    ["repost-of", "repost"],
    ["like-of", "like"],
    ["bookmark-of", "bookmark"],
    ["checkin", "checkin"],
    ["video", "video"],
    ["audio", "audio"],
    ["photo", "photo"],
    ["name", "article"],
  ];
  return deciding.find(([property]) => (properties[property]?.length ?? 0) > 0)?.[1] ?? "note";
}

function readContent(content: unknown): { content: string; contentFormat: ContentFormat } {
  if (content === undefined) return { content: "", contentFormat: "text" };
  if (typeof content === "string") return { content, contentFormat: "text" };
  const html = (content as { html?: unknown } | null)?.html;
  const value = (content as { value?: unknown } | null)?.value;
  if (typeof html === "string") return { content: html, contentFormat: "html" };
  if (typeof value === "string") return { content: value, contentFormat: "text" };
  throw invalid("content", "“content” is a text, or an object with “html”.");
}

function readText(properties: Mf2Properties, name: string): string | undefined {
  const value = properties[name]?.[0];
  if (value === undefined) return undefined;
  if (typeof value === "string") return value;
  throw invalid(name, `“${name}” is no text.`);
}

function readTexts(properties: Mf2Properties, name: string): string[] {
  const values = properties[name] ?? [];
  if (values.every((value) => typeof value === "string")) return [...values];
  throw invalid(name, `“${name}” is a list of texts.`);
}

function readVisibility(properties: Mf2Properties): Visibility | undefined {
  const value = readText(properties, "visibility");
  if (value === undefined || value === "public" || value === "unlisted" || value === "private") return value;
  throw invalid("visibility", "“visibility” is public, unlisted or private.");
}

/** A moment with its offset, so that both are kept (§4.1.1); without an offset it is UTC. */
function readTime(
  properties: Mf2Properties,
  name: string,
): { moment: Timestamp; offset: number | undefined } | undefined {
  const text = readText(properties, name);
  if (text === undefined) return undefined;
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))? ?(Z|[+-]\d\d:?\d\d)?$/iu.exec(text.trim());
  const [, day = "", time = "00:00", zone] = parts ?? [];
  const written = zone === undefined || /^z$/iu.test(zone) ? "Z" : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const milliseconds = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${written}`);
  if (Number.isNaN(milliseconds))
    throw invalid(name, `“${name}” is no date with a time, such as 2026-03-01T09:30:00+01:00.`);
  return { moment: toTimestamp(milliseconds), offset: zone === undefined ? undefined : toMinutes(written) };
}

function toMinutes(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith("-") ? -minutes : minutes;
}

function keptProperties(properties: Mf2Properties): Properties {
  const kept = Object.entries(properties).filter(
    ([name]) => !COLUMNS.has(name) && !name.startsWith("mp-") && name !== "url" && name !== "uid",
  );
  return Object.fromEntries(kept.filter(([, values]) => values.length > 0));
}
