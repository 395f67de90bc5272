import type { Timestamp } from "../lib/clock.ts";
import { toMilliseconds, toTimestamp } from "../lib/clock.ts";
import type { Note, NoteStatus, Properties } from "../notes/note.ts";
import { chosenLabels } from "../notes/note.ts";
import { translationKeyOf, withTranslationKey } from "../notes/translations.ts";
import { exportPath } from "./export-layout.ts";
import { Flow, writeFrontMatter } from "./write-front-matter.ts";

/** What an export says of a note. */
export type ExportedNote = Pick<
  Note,
  | "uid"
  | "slug"
  | "kind"
  | "status"
  | "visibility"
  | "title"
  | "content"
  | "contentFormat"
  | "tags"
  | "language"
  | "publishedAt"
  | "publishedOffset"
  | "updatedAt"
  | "firstPublicAt"
  | "createdAt"
  | "trashedAt"
  | "properties"
> & {
  readonly restoreStatus: NoteStatus | undefined;
  /** Old paths that lead to it, in order of their text. */
  readonly aliases: readonly string[];
};

/** Largest distance from UTC that a written time can have, in minutes. */
const MAX_OFFSET = 23 * 60 + 59;

/**
 * Writes a note as the text of a file: what other programs know under the names that they know it by, the rest in a
 * table `starpunk`, the text after one empty line as it is. `number` is the place of the note among all: lists show notes
 * of the same time in that order.
 */
export function toExportedFile(note: ExportedNote, number: number): { readonly path: string; readonly text: string } {
  const { translationKey, properties } = splitTranslationKey(note.properties);
  const head = writeFrontMatter({
    title: note.title,
    date: note.publishedAt && toWrittenTime(note.publishedAt, note.publishedOffset),
    updated: note.updatedAt,
    // For other programs: whatever is not for everyone is not to be built.
    draft: isForEveryone(note) ? undefined : true,
    tags: toList(chosenLabels(note).map(toLabel)),
    slug: note.slug,
    aliases: toList(note.aliases.map(toWrittenPath)),
    language: note.language,
    // By the name that Hugo has for it.
    translationKey,
    visibility: note.visibility === "public" ? undefined : note.visibility,
    starpunk: {
      number,
      id: note.uid,
      kind: note.kind,
      status: note.status,
      restore: note.restoreStatus,
      created: note.createdAt,
      first_public: note.firstPublicAt,
      trashed: note.trashedAt,
      properties: Object.keys(properties).length === 0 ? undefined : new Flow(properties),
    },
  });
  return { path: exportPath(note), text: `${head}\n${note.content}` };
}

/** A key that an import would not put where it is, as it is, stays among the properties as well. */
function splitTranslationKey(properties: Properties): { translationKey: string | undefined; properties: Properties } {
  const translationKey = translationKeyOf(properties);
  const others = withTranslationKey(properties, undefined);
  const isPlain = JSON.stringify(withTranslationKey(others, translationKey)) === JSON.stringify(properties);
  return { translationKey, properties: isPlain ? others : properties };
}

function isForEveryone({ status, visibility }: ExportedNote): boolean {
  return status === "scheduled" || (status === "published" && visibility !== "private");
}

/** A reader of front matter drops one sign at the beginning. */
function toLabel(label: string): string {
  return label.startsWith("#") ? `#${label}` : label;
}

function toList(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts;
}

/** With `Z` where nobody knows the offset, `+00:00` where it is that of UTC (RFC 9557 §2.1). */
function toWrittenTime(moment: Timestamp, offset: number | undefined): string {
  if (offset === undefined || Math.abs(offset) > MAX_OFFSET) return moment;
  const local = toTimestamp(toMilliseconds(moment) + offset * 60_000).slice(0, -1);
  const size = Math.abs(offset);
  const [hours, minutes] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, "0"));
  return `${local}${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}

/** What a reader of paths would take for something else is written in hex. */
function toWrittenPath(path: string): string {
  return path.replace(/[%?#\s]/gu, encodeURIComponent);
}
