import type { Timestamp } from "../lib/clock.ts";
import { invalid } from "../lib/errors.ts";
import { fromLocal, offsetMinutes, toLocal } from "../lib/time-zone.ts";
import type { Note, Visibility } from "../notes/note.ts";
import type { NoteInput } from "../notes/note-input.ts";
import type { Form } from "./form.ts";

/** What the editor's form holds, as it was typed. */
export type NoteForm = {
  readonly title: string;
  readonly content: string;
  readonly tags: string;
  readonly slug: string;
  readonly language: string;
  /** `datetime-local` in the author's zone; empty: now. */
  readonly publishedAt: string;
  readonly visibility: string;
  readonly formKey: string;
  /** Version that the author had before the eyes; 0 for a new note. */
  readonly version: number;
  /** Which button was pressed; empty: none, which publishes. */
  readonly action: string;
};

/** Reads the editor's form; fields that are missing are empty. */
export function readNoteForm(form: Pick<Form, "text">): NoteForm {
  const text = (name: string) => form.text(name);
  return {
    title: text("title"),
    content: text("content").replace(/\r\n?/gu, "\n"),
    tags: text("tags"),
    slug: text("slug"),
    language: text("language"),
    publishedAt: text("published_at"),
    visibility: text("visibility") || "public",
    formKey: text("form_key"),
    version: /^\d{1,9}$/u.test(text("version")) ? Number(text("version")) : 0,
    action: text("action"),
  };
}

/** The fields again, as hidden inputs that carry the text from page to page. */
export function toFields(form: NoteForm): { name: string; value: string }[] {
  return [
    { name: "title", value: form.title },
    { name: "content", value: form.content },
    { name: "tags", value: form.tags },
    { name: "slug", value: form.slug },
    { name: "language", value: form.language },
    { name: "published_at", value: form.publishedAt },
    { name: "visibility", value: form.visibility },
    { name: "form_key", value: form.formKey },
    { name: "version", value: String(form.version) },
  ];
}

/**
 * What the operations take. `before` is the stored note: a time that was not touched keeps its seconds.
 * Throws `invalid` for a date or a visibility that is none; the other rules are the operations' own.
 */
export function toNoteInput(form: NoteForm, zone: string, before?: Note): NoteInput {
  return {
    content: form.content,
    title: form.title,
    tags: form.tags.split(","),
    slug: form.slug,
    language: form.language,
    visibility: toVisibility(form.visibility),
    publishedAt: toMoment(form.publishedAt, zone, before?.publishedAt),
    formKey: form.formKey,
  };
}

/** A moment as a `datetime-local` field shows it, in the author's zone, to the minute; empty for none. */
export function toDateField(moment: Timestamp | undefined, zone: string): string {
  if (moment === undefined) return "";
  return toLocal(moment, offsetMinutes(moment, zone)).iso.slice(0, 16);
}

function toMoment(field: string, zone: string, before: Timestamp | undefined): Timestamp | undefined {
  const text = field.trim();
  if (text === "") return undefined;
  return text === toDateField(before, zone) ? before : fromLocal(text, zone, "published_at");
}

function toVisibility(text: string): Visibility {
  if (text === "public" || text === "unlisted" || text === "private") return text;
  throw invalid("visibility", "A note is public, unlisted or private. Choose one of the three.");
}
