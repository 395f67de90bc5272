import type { Timestamp } from "../lib/clock.ts";
import { addSeconds } from "../lib/clock.ts";
import { AppError, invalid } from "../lib/errors.ts";
import { MAX_CONTENT_BYTES } from "../lib/markdown.ts";
import { cleanText } from "../lib/text.ts";
import { said } from "../lib/words.ts";

/** How long an autosave is kept that nobody goes on with, in seconds: 30 days. */
export const AUTOSAVE_LIFETIME_SECONDS = 30 * 86_400;
/** Most autosaves of notes that were never saved; the oldest goes. */
export const MAX_NEW_AUTOSAVES = 50;
/** Most autosaves of one stored note; the oldest goes. */
export const MAX_NOTE_AUTOSAVES = 10;
/** Longest field of an autosave but the text, in characters. The text has the limit of notes. */
export const MAX_AUTOSAVE_FIELD_LENGTH = 10_000;
/** Most fields of an autosave. */
export const MAX_AUTOSAVE_FIELDS = 50;

const EDITOR_KEY = /^[\w-]{43}$/;

/** The fields of the editor's form by name, as they were typed. */
export type TypedFields = Readonly<Record<string, string>>;

/** What one opened editor holds that its author has not saved. */
export type Autosave = {
  readonly editorKey: string;
  /** Undefined: a note that was never saved. */
  readonly noteId: number | undefined;
  /** A browser's name for people. */
  readonly device: string;
  readonly savedAt: Timestamp;
  /** Of the text, in UTF-8. */
  readonly sizeBytes: number;
  readonly fields: TypedFields;
};

/** Whether a text has the form of the key of an opened editor. */
export function isEditorKey(text: string): boolean {
  return EDITOR_KEY.test(text);
}

/** Autosaves from before this moment are forgotten. */
export function autosavesSince(now: Timestamp): Timestamp {
  return addSeconds(now, -AUTOSAVE_LIFETIME_SECONDS);
}

/** Cleans what was typed. Throws `too_large` for a text past the limit of notes, `invalid` past the other limits. */
export function parseTypedFields(fields: readonly { name: string; value: string }[]): TypedFields {
  if (fields.length > MAX_AUTOSAVE_FIELDS) {
    throw invalid("fields", said`An autosave has at most ${MAX_AUTOSAVE_FIELDS} fields. Load the editor again.`);
  }
  return Object.fromEntries(fields.map(({ name, value }) => [name, parseTyped(name, cleanText(value))]));
}

/** Size of the text, in bytes of UTF-8. */
export function typedBytes(fields: TypedFields): number {
  return Buffer.byteLength(fields.content ?? "");
}

function parseTyped(name: string, value: string): string {
  if (name === "content") {
    if (Buffer.byteLength(value) <= MAX_CONTENT_BYTES) return value;
    throw new AppError("too_large", said`The text is longer than ${MAX_CONTENT_BYTES / 1024} KB, the limit of a note.`);
  }
  if (value.length <= MAX_AUTOSAVE_FIELD_LENGTH) return value;
  throw invalid(name, said`One field is longer than ${MAX_AUTOSAVE_FIELD_LENGTH} characters. Shorten it.`);
}
