import type { Context } from "../context/context.ts";
import type { AppError } from "../lib/errors.ts";
import { MAX_CONTENT_BYTES } from "../lib/markdown.ts";
import { createSecret } from "../lib/secrets.ts";
import { paths } from "../lib/urls.ts";
import { chosenLabels, isReadable } from "../notes/note.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { listTagLabels } from "../notes/written-notes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import type { NoteForm } from "./note-form.ts";
import { toDateField, toTagsField } from "./note-form.ts";
import type { EditorView, FieldView } from "./views.ts";

/** Most tags that the editor suggests. */
export const MAX_TAG_SUGGESTIONS = 200;

/** What the editor shows beside the form: the note that is stored, what was wrong, and a preview that was asked for. */
export type EditorState = {
  readonly note?: StoredNote | undefined;
  readonly error?: AppError | undefined;
  readonly previewHtml?: string | undefined;
};

/** An empty form for a new note. */
export function emptyForm(): NoteForm {
  const empty = { title: "", content: "", tags: "", slug: "", language: "", publishedAt: "" };
  return { ...empty, visibility: "public", formKey: createSecret(), version: 0, action: "" };
}

/** The form of a stored note. */
export function formOf(note: StoredNote, zone: string): NoteForm {
  return {
    title: note.title ?? "",
    content: note.content,
    tags: toTagsField(chosenLabels(note)),
    slug: note.slug,
    language: note.language ?? "",
    publishedAt: toDateField(note.publishedAt, zone),
    visibility: note.visibility,
    formKey: "",
    version: note.version,
    action: "",
  };
}

/** The editor with what the author typed, the errors at their fields. */
export function editorView(ctx: Pick<Context, "db">, form: NoteForm, state: EditorState): EditorView {
  const { note, error } = state;
  const { timeZone } = readSettings(ctx.db);
  const field = (name: string, value: string): FieldView => ({ value, error: errorAt(error, name) });
  return {
    id: note?.id ?? 0,
    version: form.version,
    status: note?.status ?? "new",
    formKey: form.formKey,
    action: note === undefined ? "/admin/notes" : `/admin/notes/${note.id}`,
    title: field("title", form.title),
    content: field("content", form.content),
    tags: field("tags", form.tags),
    slug: field("slug", form.slug),
    language: field("language", form.language),
    publishedAt: field("published_at", form.publishedAt),
    timeZone,
    visibility: { value: visibilityOf(form.visibility), error: errorAt(error, "visibility") },
    error: error?.message ?? "",
    path: note !== undefined && (isReadable(note) || note.status === "published") ? paths.note(note) : "",
    tagSuggestions: listTagLabels(ctx.db, MAX_TAG_SUGGESTIONS),
    previewHtml: state.previewHtml ?? "",
    contentMaxBytes: MAX_CONTENT_BYTES,
    updatedOn: note === undefined ? "" : shownTime(ctx, note.changedAt),
  };
}

function errorAt(error: AppError | undefined, field: string): string {
  return error?.field === field ? error.message : "";
}

function visibilityOf(text: string): EditorView["visibility"]["value"] {
  return text === "unlisted" || text === "private" ? text : "public";
}
