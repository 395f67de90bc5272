import { AppError, invalid } from "../lib/errors.ts";
import { NOTE_KINDS } from "../notes/kind.ts";
import type { NoteStatus, Properties } from "../notes/note.ts";
import type { NoteRecord } from "../notes/recreate.ts";
import { translationKeyOf, withTranslationKey } from "../notes/translations.ts";
import { formatOfPath } from "./export-layout.ts";
import type { FrontMatter } from "./front-matter.ts";
import type { ImportedNote, ImportSource } from "./imported-note.ts";
import { readDate, readText, toImportedNote } from "./imported-note.ts";

/** A note of an export: what it says, and what it was. */
export type RecordedNote = ImportedNote & {
  readonly record: NoteRecord;
  /** Its place among all notes of the export. */
  readonly number: number;
};

const STATUSES: readonly NoteStatus[] = ["draft", "scheduled", "published", "trashed", "erased"];

/** Form of a permanent id. */
const UID = /^urn:uuid:[\da-f-]{1,100}$/u;

/**
 * Makes a note of a file that `starpunk export` wrote, by hand changed perhaps. A file without its table `starpunk` is
 * a plain one where everybody may read it, and refused elsewhere, so that nothing is shown to more people than meant.
 * Throws `invalid` with the field that cannot be read.
 */
export function toRecordedNote(file: FrontMatter, source: ImportSource): ImportedNote | RecordedNote {
  const { starpunk, ...fields } = file.fields;
  const note = toImportedNote({ fields, content: file.content }, source);
  const contentFormat = formatOfPath(source.path);
  if (starpunk === undefined)
    return { ...requirePublicFolder(note, source.path), input: { ...note.input, contentFormat } };

  const said = requireTable(starpunk);
  const record = readRecord(said, source.timeZone);
  const input = {
    ...note.input,
    contentFormat,
    kind: record.kind,
    // Without an offset the author's zone says: see toExportedFile.
    publishedOffset: /Z$/iu.test(String(fields.date)) ? undefined : note.input.publishedOffset,
    properties: joinProperties(note.input.properties ?? {}, readProperties(said.properties)),
  };
  return { input, isDraft: record.status === "draft", updated: undefined, record, number: readNumber(said.number) };
}

/** Unknown fields, then our properties, then the key of a translation, unless ours have the same one in its place. */
function joinProperties(fields: Properties, ours: Properties): Properties {
  const key = translationKeyOf(fields);
  const all = { ...withTranslationKey(fields, undefined), ...ours };
  return key === undefined || key === translationKeyOf(ours) ? all : withTranslationKey(all, key);
}

function requirePublicFolder(note: ImportedNote, path: string): ImportedNote {
  if (path.startsWith("notes/")) return note;
  throw new AppError(
    "invalid",
    "Its front matter has no part “starpunk” that says who may read it. Put it into notes/.",
  );
}

type Table = Readonly<Record<string, unknown>>;

function requireTable(value: unknown): Table {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Table;
  throw invalid("starpunk", "“starpunk” in the front matter is no table.");
}

function readRecord(said: Table, timeZone: string): NoteRecord {
  const time = (name: string) => readDate(said[name], name, timeZone)?.moment;
  const restore = said.restore === undefined ? undefined : readChoice("restore", said.restore, STATUSES);
  if (restore === "trashed" || restore === "erased") throw invalid("restore", "“restore” is no place to go back to.");
  return {
    uid: readUid(said.id),
    status: readChoice("status", said.status, STATUSES),
    restoreStatus: restore,
    kind: said.kind === undefined ? undefined : readChoice("kind", said.kind, NOTE_KINDS),
    createdAt: time("created"),
    firstPublicAt: time("first_public"),
    trashedAt: time("trashed"),
  };
}

function readUid(value: unknown): string {
  const uid = readText(value, "id");
  if (uid !== undefined && UID.test(uid)) return uid;
  throw invalid("id", "“id” in the front matter is no permanent id of a note.");
}

function readChoice<Choice extends string>(field: string, value: unknown, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw invalid(field, `“${field}” in the front matter is none of ${choices.join(", ")}.`);
}

function readNumber(value: unknown): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw invalid("number", "“number” in the front matter is no whole number.");
}

function readProperties(value: unknown): Properties {
  if (value === undefined) return {};
  const entries = Object.entries(requireTable(value));
  if (entries.every(([, values]) => Array.isArray(values))) return Object.fromEntries(entries) as Properties;
  throw invalid("properties", "“properties” in the front matter has a value that is no list.");
}
