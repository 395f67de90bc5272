import type { Context } from "../context/context.ts";
import { createSecret } from "../lib/secrets.ts";
import { isEditorKey } from "../notes/autosave.ts";
import type { Note } from "../notes/note.ts";
import { chosenLabels } from "../notes/note.ts";
import type { NoteInput } from "../notes/note-input.ts";
import { NO_PAGE_OPTIONS, showsUpdated, wantsMenu, withPageOptions } from "../notes/page-options.ts";
import type { NoteChanges } from "../notes/revise.ts";
import { NO_SERIES, seriesFields, withSeries } from "../notes/series.ts";
import { readSettings } from "../site/settings-store.ts";
import type { KindForm } from "./kind-form.ts";
import { KIND_FIELDS, kindFormOf, NO_KIND, readKindForm, toKindChanges, toKindFields } from "./kind-form.ts";
import { toDateField, toMoment, toTags, toTagsField, toVisibility } from "./note-fields.ts";
import { translationField } from "./translations-view.ts";

/** What the editor's form holds, as it was typed. */
export type NoteForm = KindForm & {
  readonly title: string;
  readonly content: string;
  readonly tags: string;
  readonly slug: string;
  readonly language: string;
  /** `datetime-local` in the author's zone; empty: now. */
  readonly publishedAt: string;
  readonly visibility: string;
  /** `page` for a page at the top of the site; else a note. */
  readonly place: string;
  /** Whether a page says when it was last changed: `1`, or empty. */
  readonly showUpdated: string;
  /** Whether a page stands in the menu: `1`, or empty. */
  readonly inMenu: string;
  /** Name of the series that it belongs to, and its place there; empty: none. */
  readonly series: string;
  readonly seriesPosition: string;
  /** Address of a note that it is a translation of; empty: of none. */
  readonly translationOf: string;
  readonly formKey: string;
  /** Random key of the opened editor, by which what is typed in it is kept; empty: it gets one when it is shown. */
  readonly editorKey: string;
  /** Version that the author had before the eyes; 0 for a new note. */
  readonly version: number;
  /** Which button was pressed; empty: none, which publishes. */
  readonly action: string;
};

/** The fields of the form of a stored note that a client may leave out: then they are as they were. */
const OPTIONAL = [
  "title",
  "content",
  "tags",
  "slug",
  "language",
  "published_at",
  "visibility",
  "place",
  "show_updated",
  ...Object.values(KIND_FIELDS),
  "series",
  "series_position",
  "translation_of",
];

/** Sent beside the box of the menu: one that is not ticked is not sent itself. */
const MENU_BOX = "menu_box";

type Sent = { readonly text: (name: string) => string; readonly has: (name: string) => boolean };

/**
 * Reads the editor's form. A field that was not sent is that of the stored note, so that a client that sends a text alone
 * makes no private note public; without a stored note it is empty, and the note public.
 */
export function readNoteForm(form: Sent, stored?: NoteForm): NoteForm {
  const before = new Map(stored && toFields(stored).map(({ name, value }) => [name, value]));
  const text = (name: string) =>
    !form.has(name) && OPTIONAL.includes(name) ? (before.get(name) ?? "") : form.text(name);
  return {
    title: text("title"),
    content: text("content").replace(/\r\n?/gu, "\n"),
    tags: text("tags"),
    slug: text("slug"),
    language: text("language"),
    publishedAt: text("published_at"),
    visibility: text("visibility") || (stored?.visibility ?? "public"),
    place: text("place"),
    showUpdated: text("show_updated"),
    inMenu: form.has(MENU_BOX) ? form.text("in_menu") : (stored?.inMenu ?? ""),
    ...readKindForm(text),
    series: text("series"),
    seriesPosition: text("series_position"),
    translationOf: text("translation_of"),
    formKey: text("form_key"),
    editorKey: isEditorKey(text("editor_key")) ? text("editor_key") : "",
    version: /^\d{1,9}$/u.test(text("version")) ? Number(text("version")) : 0,
    action: text("action"),
  };
}

/** An empty form for a new note. */
export function emptyForm(): NoteForm {
  const empty = { title: "", content: "", tags: "", slug: "", language: "", publishedAt: "" };
  const place = {
    visibility: "public",
    place: "",
    showUpdated: "",
    inMenu: "",
    ...NO_SERIES,
    translationOf: "",
    ...NO_KIND,
  };
  return { ...empty, ...place, formKey: createSecret(), editorKey: "", version: 0, action: "" };
}

/** The form of a stored note, or of a revision of it. */
export function formOf(ctx: Pick<Context, "db">, note: Shown): NoteForm {
  const { timeZone: zone } = readSettings(ctx.db);
  return {
    title: note.title ?? "",
    content: note.content,
    tags: toTagsField(chosenLabels(note)),
    slug: note.slug,
    language: note.language ?? "",
    publishedAt: toDateField(note.publishedAt, zone),
    visibility: note.visibility,
    place: note.kind === "page" ? PAGE : "",
    showUpdated: showsUpdated(note) ? "1" : "",
    inMenu: wantsMenu(note) ? "1" : "",
    ...kindFormOf(note, zone),
    ...seriesFields(note.properties),
    translationOf: translationField(ctx, note),
    formKey: "",
    editorKey: "",
    version: note.version,
    action: "",
  };
}

type Shown = Pick<
  Note,
  | "id"
  | "title"
  | "content"
  | "tags"
  | "slug"
  | "kind"
  | "language"
  | "publishedAt"
  | "visibility"
  | "version"
  | "properties"
> &
  Partial<Pick<Note, "contentText" | "contentHtml">>;

type KindChange = Pick<NoteInput, "kind" | "properties" | "inMenu">;

/** What `place` says of a page. */
export const PAGE = "page";

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
    { name: "place", value: form.place },
    { name: "show_updated", value: form.showUpdated },
    { name: "in_menu", value: form.inMenu },
    { name: MENU_BOX, value: "1" },
    ...toKindFields(form),
    { name: "series", value: form.series },
    { name: "series_position", value: form.seriesPosition },
    { name: "translation_of", value: form.translationOf },
    { name: "form_key", value: form.formKey },
    { name: "editor_key", value: form.editorKey },
    { name: "version", value: String(form.version) },
  ];
}

/** Fields that say which form it is, not what was typed. */
const KEYS = ["form_key", "editor_key", "version", MENU_BOX];

/**
 * Whether a form says nothing beyond what is stored. What a form of a new note leaves empty is filled in by its first
 * save, so it counts as said.
 */
export function isAsStored(form: NoteForm, stored: NoteForm): boolean {
  const kept = new Map(toFields(stored).map(({ name, value }) => [name, value]));
  return toFields(form)
    .filter(({ name }) => !KEYS.includes(name))
    .every(({ name, value }) => value === kept.get(name) || (form.version === 0 && value === ""));
}

/**
 * What the operations take for a new note. Throws `invalid` for a date or a visibility that is none; the other rules are
 * the operations' own.
 */
export function toNoteInput(form: NoteForm, zone: string): NoteInput {
  return {
    content: form.content,
    title: form.title,
    tags: form.tags.split(","),
    slug: form.slug,
    language: form.language,
    visibility: toVisibility(form.visibility),
    publishedAt: toMoment(form.publishedAt, zone, undefined),
    ...toKind(form, zone, undefined),
    translationOf: form.translationOf,
    formKey: form.formKey,
  };
}

/**
 * What the operations take for a stored note: what was not touched keeps the seconds of its time, the commas in its tags,
 * and lets the address of a draft follow its text. Throws as `toNoteInput`.
 */
export function toNoteChanges(ctx: Pick<Context, "db">, form: NoteForm, before: Note): NoteChanges {
  const { timeZone: zone } = readSettings(ctx.db);
  const publishedAt = toMoment(form.publishedAt, zone, before.publishedAt);
  return {
    content: form.content,
    title: form.title,
    tags: toTags(form.tags, chosenLabels(before)),
    slug: form.slug === before.slug ? undefined : form.slug,
    language: form.language,
    visibility: toVisibility(form.visibility),
    publishedAt: publishedAt ?? null,
    ...toKind(form, zone, before),
    translationOf: form.translationOf === translationField(ctx, before) ? undefined : form.translationOf,
    expectedVersion: form.version,
  };
}

/** The kind and the properties that a form says; an undefined kind follows what the note has. A page has no other kind. */
function toKind(form: NoteForm, zone: string, before: Note | undefined): KindChange {
  if (form.place === PAGE) {
    const inMenu = form.inMenu !== "";
    const options = { showsUpdated: form.showUpdated !== "", wantsMenu: inMenu };
    const kind = before?.kind === "page" ? undefined : "page";
    return { kind, properties: withPageOptions(before?.properties ?? {}, options), inMenu };
  }
  const { title, content, action } = form;
  const { kind, properties } = toKindChanges(form, { title, content, zone, before, isDraft: action === "save_draft" });
  return { kind, properties: withSeries(withPageOptions(properties, NO_PAGE_OPTIONS), form), inMenu: false };
}
