import type { Context } from "../context/context.ts";
import type { AppError } from "../lib/errors.ts";
import { languageName } from "../lib/language.ts";
import { MAX_CONTENT_BYTES } from "../lib/markdown.ts";
import { createSecret } from "../lib/secrets.ts";
import { paths } from "../lib/urls.ts";
import type { Words } from "../lib/words.ts";
import { countUndescribed } from "../notes/library.ts";
import { isInLists, isReadable } from "../notes/note.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { isInMenu } from "../notes/page-menu.ts";
import { isPinned } from "../notes/pins.ts";
import { listSeriesLabels } from "../notes/series-store.ts";
import { listTranslatedLanguages } from "../notes/translations-store.ts";
import { listLatestNotes, listTagLabels } from "../notes/written-notes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { shownTime } from "./admin-view.ts";
import { assetPath, modulePaths } from "./assets.ts";
import { editorPath, offersBeside } from "./autosave-offers.ts";
import { citedPages, kindFieldsView } from "./kind-fields-view.ts";
import type { NoteForm } from "./note-form.ts";
import { PAGE } from "./note-form.ts";
import { noteLink } from "./present.ts";
import type { PreviewView } from "./preview-view.ts";
import { editorTranslations } from "./translations-view.ts";
import { listUndescribed } from "./undescribed.ts";
import type { EditorView, FieldView } from "./views.ts";
import { loginPath } from "./way-back.ts";

/** Most tags that the editor suggests. */
export const MAX_TAG_SUGGESTIONS = 200;

/** Notes that it suggests to be a translation of. */
export const MAX_NOTE_SUGGESTIONS = 50;

/** What the page of the editor has besides: scripts, all that they import, a style sheet. */
export const EDITOR_ASSETS = {
  scriptPaths: [assetPath("autosave.js"), assetPath("editor.js"), assetPath("snippets.js")],
  preloadPaths: [...new Set([...modulePaths("autosave.js"), ...modulePaths("editor.js")])],
  stylesheetPath: assetPath("editor.css"),
};

/** What the editor shows beside the form: the note that is stored, what was wrong, and a preview that was asked for. */
export type EditorState = {
  readonly note?: StoredNote | undefined;
  readonly error?: AppError | undefined;
  readonly preview?: PreviewView | undefined;
  /** Whether the form holds what is stored nowhere. */
  readonly isUnsaved?: boolean;
  /** Whether publishing waits for the descriptions of images. */
  readonly isAltAsked?: boolean;
  /** Whether the form was one of a new note that has made `note` before. */
  readonly isSecond?: boolean;
};

/** The editor with what the author typed, the errors at their fields. */
export function editorView(ctx: Pick<Context, "db" | "clock">, form: NoteForm, state: EditorState): EditorView {
  const { note, error } = state;
  const shownHtml = state.preview?.contentHtml ?? note?.contentHtml ?? "";
  const field = (name: string, value: string): FieldView => ({ value, error: errorAt(error, name) });
  return {
    ...noteParts(ctx, note),
    version: form.version,
    formKey: state.isSecond ? createSecret() : form.formKey,
    editorKey: form.editorKey || createSecret(),
    title: field("title", form.title),
    content: field("content", form.content),
    altWarning: altWarning(countUndescribed(shownHtml), state.isAltAsked ?? false),
    undescribed: listUndescribed(ctx, shownHtml),
    isAltAsked: state.isAltAsked ?? false,
    tags: field("tags", form.tags),
    slug: field("slug", form.slug),
    language: field("language", form.language),
    publishedAt: field("published_at", form.publishedAt),
    timeZone: readSettings(ctx.db).timeZone,
    visibility: { value: visibilityOf(form.visibility), error: errorAt(error, "visibility") },
    isPage: form.place === PAGE,
    showsUpdated: form.showUpdated !== "",
    pin: pinOf(ctx, note),
    series: field("series", form.series),
    seriesPosition: field("series_position", form.seriesPosition),
    seriesSuggestions: listSeriesLabels(ctx.db, MAX_TAG_SUGGESTIONS),
    ...translationParts(ctx, form, state),
    inMenu: { isTicked: isTicked(ctx, form, state), error: errorAt(error, "in_menu") },
    error: error?.said ?? "",
    tagSuggestions: listTagLabels(ctx.db, MAX_TAG_SUGGESTIONS),
    previewHtml: state.preview?.contentHtml ?? "",
    previewKind: state.preview?.kind ?? null,
    isUnsaved: state.isUnsaved ?? (error !== undefined || state.preview !== undefined),
    isSecond: state.isSecond ?? false,
    kindFields: kindFieldsView(form, error),
    citedPages: citedPages(ctx, note),
    offers: offersBeside(ctx, form, note),
    contentMaxBytes: MAX_CONTENT_BYTES,
    contentFormat: note?.contentFormat ?? "markdown",
    ...EDITOR_ASSETS,
    loginPath: loginPath(editorPath(note?.id)),
  };
}

/** What the editor says of translations. */
function translationParts(
  ctx: Pick<Context, "db">,
  form: NoteForm,
  { note, error }: EditorState,
): Pick<
  EditorView,
  "translationOf" | "translationSuggestions" | "languageSuggestions" | "translations" | "translatePath"
> {
  const isThere = note !== undefined && note.status !== "trashed";
  return {
    translationOf: { value: form.translationOf, error: errorAt(error, "translation_of") },
    translationSuggestions: listLatestNotes(ctx.db, MAX_NOTE_SUGGESTIONS)
      .filter(({ id }) => id !== note?.id)
      .map((latest) => ({ value: latest.slug, label: noteLink(latest).label })),
    languageSuggestions: listTranslatedLanguages(ctx.db).map((value) => ({ value, label: languageName(value) })),
    translations: editorTranslations(ctx, note),
    translatePath: isThere ? `/admin/notes/new?translate=${note.id}` : "",
  };
}

/** What the editor says of the note that is stored. */
function noteParts(
  ctx: Pick<Context, "db">,
  note: StoredNote | undefined,
): Pick<EditorView, "id" | "status" | "action" | "path" | "updatedOn"> {
  if (note === undefined) return { id: 0, status: "new", action: "/admin/notes", path: "", updatedOn: "" };
  return {
    id: note.id,
    status: note.status,
    action: `/admin/notes/${note.id}`,
    path: isReadable(note) || note.status === "published" ? paths.note(note) : "",
    updatedOn: shownTime(ctx, note.changedAt),
  };
}

/** A hint; publishing waits for an answer to it once, where the author wants that. */
function altWarning(count: number, isAsked: boolean): string {
  if (count === 0) return "";
  const [subject, shows] = count === 1 ? ["1 image has", "it shows"] : [`${count} images have`, "they show"];
  const waits = isAsked ? " The note is not published yet: describe them, or publish it as it is." : "";
  return `${subject} no description. Say what ${shows} here, or between the brackets of ![].${waits}`;
}

/** The menu itself says so of a page that is out, until another form says otherwise. */
function isTicked({ db }: Pick<Context, "db">, form: NoteForm, { note, error, preview }: EditorState): boolean {
  const isStored = error === undefined && preview === undefined && note?.version === form.version;
  return isStored && note.kind === "page" && isReadable(note) ? isInMenu(db, note) : form.inMenu !== "";
}

function pinOf(ctx: Pick<Context, "db">, note: StoredNote | undefined): EditorView["pin"] {
  if (note === undefined || !isInLists(note)) return "none";
  return isPinned(ctx, note) ? "unpin" : "pin";
}

function errorAt(error: AppError | undefined, field: string): Words {
  return error?.field === field ? error.said : "";
}

function visibilityOf(text: string): EditorView["visibility"]["value"] {
  return text === "unlisted" || text === "private" ? text : "public";
}
