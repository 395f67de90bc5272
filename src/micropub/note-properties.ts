import { invalid } from "../lib/errors.ts";
import type { WrittenTime } from "../lib/read-time.ts";
import { readTime } from "../lib/read-time.ts";
import { offsetMinutes, toLocal } from "../lib/time-zone.ts";
import { paths } from "../lib/urls.ts";
import { ownMediaName } from "../notes/choose-image.ts";
import type { ContentFormat, Properties, Visibility } from "../notes/note.ts";
import type { NoteInput } from "../notes/note-input.ts";
import type { StoredNote } from "../notes/note-store.ts";
import type { Mf2Properties } from "./request.ts";

/** What the conversion must know of the site. */
export type MicropubSite = {
  /** Origin, without a slash at the end. */
  readonly siteUrl: string;
  /** The author's: times without an offset are meant there. */
  readonly timeZone: string;
  /** What a text without HTML is: as the specification has it, or as this app writes. */
  readonly textFormat: "text" | "markdown";
};

/** Properties that have a column of their own, or are made from one; the others are kept as they came. */
const COLUMNS = new Set([
  "name",
  "content",
  "category",
  "published",
  "updated",
  "visibility",
  "post-status",
  "language",
  "translation-of",
  "url",
  "uid",
]);

/**
 * Converts a note's properties to what the operations take. What is absent stays undefined.
 * `content` as text is plain text, `{html}` is HTML (§3.3.2). Throws `invalid` for a value of the wrong kind.
 */
export function toNoteInput(properties: Mf2Properties, site: MicropubSite): NoteInput {
  const published = readMoment(properties, "published", site);
  const { content, contentFormat } = readContent(readOne(properties, "content"), site.textFormat);
  return {
    content,
    contentFormat,
    title: readText(properties, "name"),
    tags: readTexts(properties, "category"),
    language: readText(properties, "language"),
    translationOf: readText(properties, "translation-of"),
    visibility: readVisibility(properties),
    publishedAt: published?.moment,
    publishedOffset: published?.offset,
    updatedAt: readMoment(properties, "updated", site)?.moment,
    properties: keptProperties(properties, site),
  };
}

/** Whether the client wants a draft (`post-status`); throws `invalid` for a status that there is not. */
export function wantsDraft(properties: Mf2Properties): boolean | undefined {
  const status = readText(properties, "post-status");
  if (status === undefined) return undefined;
  if (status === "draft" || status === "published") return status === "draft";
  throw invalid("post-status", "“post-status” is draft or published.");
}

/** Converts a note to its microformats properties (§3.7.2). HTML comes back as `{html}`, the rest as text. */
export function toProperties(note: StoredNote, site: MicropubSite): Record<string, readonly unknown[]> {
  const { timeZone, siteUrl } = site;
  const { publishedAt, publishedOffset, updatedAt } = note;
  const isDraft = note.status === "draft" || note.restoreStatus === "draft";
  const columns: Record<string, readonly unknown[] | undefined> = {
    name: note.title === undefined ? undefined : [note.title],
    content: note.content === "" ? undefined : [note.contentFormat === "html" ? { html: note.content } : note.content],
    category: note.tags.length === 0 ? undefined : note.tags.map((tag) => tag.label),
    published: publishedAt && [toLocal(publishedAt, publishedOffset ?? offsetMinutes(publishedAt, timeZone)).iso],
    updated: updatedAt && [toLocal(updatedAt, offsetMinutes(updatedAt, timeZone)).iso],
    language: note.language === undefined ? undefined : [note.language],
    "post-status": [isDraft ? "draft" : "published"],
    visibility: [note.visibility],
    url: [siteUrl + paths.note(note)],
    uid: [note.uid],
  };
  const present = Object.entries(columns).filter(
    (entry): entry is [string, readonly unknown[]] => entry[1] !== undefined,
  );
  const kept = Object.entries(note.properties).filter(([name]) => !COLUMNS.has(name));
  const files = convertFiles(note.properties, (address) => absolute(address, siteUrl));
  return { ...Object.fromEntries(kept), ...files, ...Object.fromEntries(present) };
}

/** The properties without a column, files of this site by their path, so that SITE_URL may change. */
export function keptProperties(properties: Mf2Properties, { siteUrl }: Pick<MicropubSite, "siteUrl">): Properties {
  const kept = Object.entries(properties).filter(([name, values]) => !COLUMNS.has(name) && values.length > 0);
  return { ...Object.fromEntries(kept), ...convertFiles(properties, (address) => relative(address, siteUrl)) };
}

/** Whether a property has a column of its own. */
export function isColumn(name: string): boolean {
  return COLUMNS.has(name);
}

/** The properties that are files, with other addresses. */
function convertFiles(properties: Mf2Properties, convert: (address: string) => string): Mf2Properties {
  const files = ["photo", "video", "audio"].flatMap((name) => {
    const values = properties[name] ?? [];
    return values.length === 0 ? [] : [[name, values.map((value) => withAddress(value, convert))] as const];
  });
  return Object.fromEntries(files);
}

/** A photo is an address, or an object whose `value` is one. */
function withAddress(photo: unknown, convert: (address: string) => string): unknown {
  if (typeof photo === "string") return convert(photo);
  const value = (photo as { value?: unknown } | null)?.value;
  return typeof value === "string" ? { ...(photo as object), value: convert(value) } : photo;
}

function absolute(address: string, siteUrl: string): string {
  return address.startsWith("/media/") ? siteUrl + address : address;
}

function relative(address: string, siteUrl: string): string {
  const name = ownMediaName(address, siteUrl);
  return name === undefined ? address : paths.media(name);
}

type WrittenContent = { content: string; contentFormat: ContentFormat };

function readContent(content: unknown, textFormat: MicropubSite["textFormat"]): WrittenContent {
  if (content === undefined) return { content: "", contentFormat: textFormat };
  if (typeof content === "string") return { content, contentFormat: textFormat };
  const html = (content as { html?: unknown } | null)?.html;
  const value = (content as { value?: unknown } | null)?.value;
  if (typeof html === "string") return { content: html, contentFormat: "html" };
  if (typeof value === "string") return { content: value, contentFormat: textFormat };
  throw invalid("content", "“content” is a text, or an object with “html”.");
}

/** To take the first of several would lose the others without a word. */
function readOne(properties: Mf2Properties, name: string): unknown {
  const values = properties[name] ?? [];
  if (values.length > 1) throw invalid(name, `“${name}” has one value. Replace it rather than add another.`);
  return values[0];
}

function readText(properties: Mf2Properties, name: string): string | undefined {
  const value = readOne(properties, name);
  if (value === undefined || typeof value === "string") return value;
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

function readMoment(properties: Mf2Properties, name: string, site: MicropubSite): WrittenTime | undefined {
  const text = readText(properties, name);
  return text === undefined ? undefined : readTime(text, name, site.timeZone);
}
