import { basename, extname } from "node:path/posix";
import type { Timestamp } from "../lib/clock.ts";
import { toTimestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { fromLocal } from "../lib/time-zone.ts";
import type { Properties } from "../notes/note.ts";
import type { NoteInput } from "../notes/note-input.ts";
import type { FrontMatter } from "./front-matter.ts";

/** A file as a note: what the operations take, and whether it is a draft. */
export type ImportedNote = { readonly input: NoteInput; readonly isDraft: boolean };

/** Where a file came from. */
export type ImportSource = {
  /** Below the imported folder, with slashes. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** When it was last written; stands in for a missing date. */
  readonly writtenAt: Timestamp;
  /** The author's zone: a date without an offset is meant there. */
  readonly timeZone: string;
};

const KNOWN_FIELDS = new Set(["title", "date", "updated", "tags", "slug", "draft", "aliases", "path", "language"]);
const WITH_OFFSET = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d+))? ?(Z|[+-]\d\d:?\d\d)$/iu;

/**
 * Makes a note of a Markdown file. Its slug is that of the front matter or the name of the file; fields that we do
 * not know are kept as properties. Throws `invalid` with the field that cannot be read.
 */
export function toImportedNote(file: FrontMatter, source: ImportSource): ImportedNote {
  const { fields, content } = file;
  const date = readDate(fields["date"], "date", source.timeZone);
  const updated = readDate(fields["updated"], "updated", source.timeZone);
  const input: NoteInput = {
    content,
    title: readText(fields["title"], "title"),
    slug: readText(fields["slug"], "slug") ?? basename(source.path, extname(source.path)),
    tags: readTags(fields["tags"]),
    language: readText(fields["language"], "language"),
    publishedAt: date?.moment ?? source.writtenAt,
    publishedOffset: date?.offset,
    updatedAt: updated?.moment,
    properties: unknownFields(fields),
    aliases: readAliases(fields),
    importFrom: { path: source.path, hash: source.hash },
  };
  return { input, isDraft: readFlag(fields["draft"], "draft") };
}

function readText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid(field, `“${field}” in the front matter is no text.`);
}

function readFlag(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (/^(?:yes|true|on|1)$/iu.test(String(value))) return true;
  if (/^(?:no|false|off|0)$/iu.test(String(value))) return false;
  throw invalid(field, `“${field}” in the front matter is neither true nor false.`);
}

function readTags(value: unknown): string[] {
  if (typeof value === "string")
    return value.split(value.includes(",") ? "," : /\s+/u).filter((tag) => tag.trim() !== "");
  return readList(value, "tags");
}

function readAliases(fields: FrontMatter["fields"]): string[] {
  const path = readText(fields["path"], "path");
  return [...(path === undefined ? [] : [path]), ...readList(fields["aliases"], "aliases")].map((alias) =>
    alias.startsWith("/") ? alias : `/${alias}`,
  );
}

function readList(value: unknown, field: string): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((entry) => readText(entry, field)).filter((entry) => entry !== undefined);
}

/** A date with an offset keeps it; one without is meant in the author's zone; a day alone is its midnight. */
function readDate(value: unknown, field: string, timeZone: string): { moment: Timestamp; offset?: number } | undefined {
  const text = readText(value, field)?.trim();
  if (text === undefined) return undefined;
  const parts = WITH_OFFSET.exec(text);
  if (parts === null) return { moment: fromLocal(text, timeZone, field) };
  const [, day, minute, second = ":00", fraction = "0", zone = "Z"] = parts;
  const milliseconds = fraction.slice(0, 3).padEnd(3, "0");
  const offset = toMinutes(zone);
  const moment = Date.parse(
    `${day}T${minute}${second}.${milliseconds}${zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()}`,
  );
  if (Number.isNaN(moment)) throw invalid(field, `“${field}” in the front matter is no date: ${text.slice(0, 40)}.`);
  return { moment: toTimestamp(moment), offset };
}

function toMinutes(zone: string): number {
  if (/^z$/iu.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return zone.startsWith("-") ? -minutes : minutes;
}

function unknownFields(fields: FrontMatter["fields"]): Properties {
  const unknown = Object.entries(fields).filter(([name, value]) => !KNOWN_FIELDS.has(name) && value !== null);
  return Object.fromEntries(unknown.map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
}
