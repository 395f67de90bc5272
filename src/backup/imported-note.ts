import { basename, dirname, extname } from "node:path/posix";
import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds, toTimestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { isUrl } from "../lib/is-url.ts";
import { fromLocal } from "../lib/time-zone.ts";
import type { Properties, Visibility } from "../notes/note.ts";
import type { NoteInput } from "../notes/note-input.ts";
import { withTranslationKey } from "../notes/translations.ts";
import type { FrontMatter } from "./front-matter.ts";

/** A file as a note. */
export type ImportedNote = {
  /** What the operations take. The slug is a wish; there is a time of publication only where the file has a `date`. */
  readonly input: NoteInput & { readonly slug: string };
  readonly isDraft: boolean;
  /** The `updated` of the file, which stands in for a missing `date` when the note is made. */
  readonly updated: ReadDate | undefined;
};

/** A moment, and the minutes east of UTC that the file wrote it with. */
export type ReadDate = { readonly moment: Timestamp; readonly offset?: number };

/** Where a file came from. */
export type ImportSource = {
  /** Below the imported folder, with slashes. */
  readonly path: string;
  /** SHA-256 of its bytes. */
  readonly hash: string;
  /** The author's zone: a date without an offset is meant there. */
  readonly timeZone: string;
};

const KNOWN_FIELDS = new Set([
  "title",
  "date",
  "updated",
  "tags",
  "slug",
  "draft",
  "aliases",
  "path",
  "language",
  "lang",
  "translationKey",
  "visibility",
]);
const WITH_OFFSET =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))? ?(?:Z|([+-])([01]\d|2[0-3]):?([0-5]\d))$/iu;
/** What programs write where they know no date. */
const NO_DATE = /^(?:none|null|nil|undefined|)$/iu;
const VISIBILITIES: readonly Visibility[] = ["public", "unlisted", "private"];

/**
 * Makes a note of a Markdown file. Its slug is that of the front matter or the name of the file, for an `index` that of
 * its folder; fields that we do not know are kept as properties. Throws `invalid` with the field that cannot be read.
 */
export function toImportedNote(file: FrontMatter, source: ImportSource): ImportedNote {
  const { fields, content } = file;
  const date = readDate(fields.date, "date", source.timeZone);
  const updated = readDate(fields.updated, "updated", source.timeZone);
  const input = {
    content,
    title: readText(fields.title, "title"),
    slug: readText(fields.slug, "slug") ?? slugOfPath(source.path),
    tags: readTags(fields.tags),
    language: readText(fields.language ?? fields.lang, "language"),
    visibility: readVisibility(fields.visibility),
    publishedAt: date?.moment,
    publishedOffset: date?.offset,
    updatedAt: updated?.moment,
    properties: withTranslationKey(unknownFields(fields), readText(fields.translationKey, "translationKey")),
    aliases: readAliases(fields),
    importFrom: { path: source.path, hash: source.hash },
  };
  return { input, isDraft: readFlag(fields.draft, "draft"), updated };
}

/** The name of a file without its ending; of `trip/index.md`, the name of the folder. */
export function slugOfPath(path: string): string {
  const name = basename(path, extname(path));
  const folder = basename(dirname(path));
  return name.toLowerCase() === "index" && folder !== "." ? folder : name;
}

/** Reads a field that is text; what YAML took for something else counts as it is written. Throws `invalid`. */
export function readText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw invalid(field, `“${field}” in the front matter is no text.`);
}

function readFlag(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (/^(?:yes|true|on|1)$/iu.test(String(value))) return true;
  if (/^(?:no|false|off|0|)$/iu.test(String(value))) return false;
  throw invalid(field, `“${field}” in the front matter is neither true nor false.`);
}

/** Nothing is shown to more people than the file says, so a word that is none of ours is refused. */
function readVisibility(value: unknown): Visibility | undefined {
  const text = readText(value, "visibility");
  const visibility = VISIBILITIES.find((known) => known === text);
  if (text === undefined || visibility !== undefined) return visibility;
  throw invalid("visibility", `“visibility” in the front matter is none of ${VISIBILITIES.join(", ")}.`);
}

function readTags(value: unknown): string[] {
  if (typeof value === "string")
    return value.split(value.includes(",") ? "," : /\s+/u).filter((tag) => tag.trim() !== "");
  return readList(value, "tags");
}

function readAliases(fields: FrontMatter["fields"]): string[] {
  return [...readList(fields.path, "path"), ...readList(fields.aliases, "aliases")].map(toPath);
}

/** A whole address stands for its path: links to the old host are led here by whoever holds its name. */
function toPath(alias: string): string {
  if (/^https?:\/\//iu.test(alias) && isUrl(alias)) return new URL(alias).pathname;
  return alias.startsWith("/") ? alias : `/${alias}`;
}

function readList(value: unknown, field: string): string[] {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  return list.map((entry) => readText(entry, field)).filter((entry) => entry !== undefined);
}

/** Reads a date. One with an offset keeps it; one without is meant in the author's zone; a day alone is its midnight. Throws `invalid`. */
export function readDate(value: unknown, field: string, timeZone: string): ReadDate | undefined {
  const text = readText(value, field)?.trim();
  if (text === undefined || NO_DATE.test(text)) return undefined;
  const parts = WITH_OFFSET.exec(text);
  if (parts === null) return { moment: readLocal(text, timeZone, field) };
  const [, day, time, fraction = "", sign, hours = "0", minutes = "0"] = parts;
  const size = Number(hours) * 60 + Number(minutes);
  const offset = sign === "-" && size > 0 ? -size : size;
  const utc = toMilliseconds(readLocal(`${day}T${time}`, "UTC", field));
  return { moment: toTimestamp(utc + Number(fraction.slice(0, 3).padEnd(3, "0")) - offset * 60_000), offset };
}

function readLocal(text: string, timeZone: string, field: string): Timestamp {
  try {
    return fromLocal(text, timeZone, field);
  } catch {
    // Whoever reads a report of many files wants to know which field it was, and what it says.
    const example = "Write it like 2026-11-21T14:30:00+01:00.";
    throw invalid(field, `“${field}” in the front matter is no date: ${text.slice(0, 40)}. ${example}`);
  }
}

function unknownFields(fields: FrontMatter["fields"]): Properties {
  const unknown = Object.entries(fields).filter(([name, value]) => !KNOWN_FIELDS.has(name) && value !== null);
  return Object.fromEntries(unknown.map(([name, value]) => [name, Array.isArray(value) ? value : [value]]));
}
