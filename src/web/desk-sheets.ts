import type { Context } from "../context/context.ts";
import type { DeskItem, DeskKind } from "../desk/desk-item.ts";
import { DESK_FIELDS, MAX_DESK_NAME_LENGTH, MAX_SNIPPET_LENGTH } from "../desk/desk-item.ts";
import { listDeskItems } from "../desk/desk-item-store.ts";
import { PLACEHOLDERS } from "../desk/fill-template.ts";
import type { AppError } from "../lib/errors.ts";
import { excerpt } from "../lib/text.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { KIND_NOUNS } from "../notes/kind-words.ts";
import type { DeskOption, DeskSheetView } from "./desk-views.ts";
import { CHOSEN_KINDS } from "./kind-form.ts";
import { ROW_SUMMARY_LENGTH } from "./note-rows.ts";

type FieldSheet = {
  readonly label: Words;
  readonly hint?: Words;
  readonly isLong?: boolean;
  readonly options?: readonly DeskOption[];
};

type Sheet = {
  readonly path: string;
  readonly heading: Words;
  /** As in addresses and errors. */
  readonly one: string;
  readonly newHeading: Words;
  readonly changeHeading: Words;
  readonly intro: Words;
  readonly fields: Readonly<Record<string, FieldSheet>>;
  readonly placeholders: Readonly<Record<string, Words>>;
  readonly use: (item: DeskItem) => string;
};

const STATUS_OPTIONS: readonly DeskOption[] = [
  { value: "", label: said`Any but the trash` },
  { value: "published", label: said`Published` },
  { value: "draft", label: said`Drafts` },
  { value: "scheduled", label: said`Scheduled` },
  { value: "trashed", label: said`Trash` },
];

const KIND_OPTIONS: readonly DeskOption[] = [
  { value: "", label: said`By what the note has` },
  ...CHOSEN_KINDS.map((value) => ({ value, label: KIND_NOUNS[value] })),
];

const SORT_OPTIONS: readonly DeskOption[] = [
  { value: "", label: said`Newest first` },
  { value: "relevance", label: said`Best first` },
];

/** What the pages of each kind say. */
export const SHEETS: Readonly<Record<DeskKind, Sheet>> = {
  snippet: {
    path: "/admin/snippets",
    heading: said`Snippets`,
    one: "snippet",
    newHeading: said`New snippet`,
    changeHeading: said`Change this snippet`,
    intro: said`Text that you write again and again. The editor puts one in at the cursor; without scripts, below the text.`,
    fields: {
      content: {
        label: said`Text`,
        isLong: true,
        hint: said`Markdown, at most ${MAX_SNIPPET_LENGTH} characters.`,
      },
    },
    placeholders: {},
    use: () => "",
  },
  template: {
    path: "/admin/templates",
    heading: said`Templates`,
    one: "template",
    newHeading: said`New template`,
    changeHeading: said`Change this template`,
    intro: said`Beginnings of new notes. Each has its link here and on the page of a new note.`,
    fields: {
      title: { label: said`Title` },
      tags: { label: said`Tags`, hint: said`Separated by commas.` },
      kind: { label: said`Kind`, options: KIND_OPTIONS },
      content: { label: said`Text`, isLong: true },
    },
    placeholders: PLACEHOLDERS,
    use: ({ id }) => templatePath(id),
  },
  search: {
    path: "/admin/searches",
    heading: said`Saved searches`,
    one: "search",
    newHeading: said`New search`,
    changeHeading: said`Change this search`,
    intro: said`They stand above your notes. A search or a list of your notes can be saved where it is shown, too.`,
    fields: {
      query: { label: said`What to search for`, hint: said`As in the search above your notes.` },
      status: { label: said`Status`, options: STATUS_OPTIONS },
      sort: { label: said`Order`, options: SORT_OPTIONS },
    },
    placeholders: {},
    use: (item) => searchPathOf(item as DeskItem<"search">),
  },
};

/** The new note that begins with a template. */
export function templatePath(id: number): string {
  return `/admin/notes/new?template=${id}`;
}

/** The list of notes that a saved search gives. */
export function searchPathOf({ fields }: Pick<DeskItem<"search">, "fields">): string {
  const { query, status, sort } = fields;
  const search = new URLSearchParams({
    ...(status === "" ? {} : { status }),
    ...(query === "" ? {} : { q: query }),
    ...(sort === "" || query === "" ? {} : { sort }),
  });
  return `/admin?${search}`;
}

/** What was typed of one thing, and what was wrong with it. */
export type DeskForm = {
  readonly id?: number | undefined;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly error?: AppError | undefined;
};

/** The page of one kind: what there is, and a form for a new one or for the one that is changed. */
export function deskSheetView(ctx: Pick<Context, "db">, kind: DeskKind, form: DeskForm): DeskSheetView {
  const sheet = SHEETS[kind];
  const errorAt = (field: string) => (form.error?.field === field ? form.error.said : "");
  const names: readonly string[] = DESK_FIELDS[kind];
  const isPlaced = ["name", ...names].includes(form.error?.field ?? "");
  return {
    path: sheet.path,
    heading: sheet.heading,
    intro: sheet.intro,
    placeholders: Object.entries(sheet.placeholders).map(([name, meaning]) => ({ name: `{{${name}}}`, meaning })),
    items: listDeskItems(ctx.db, kind).map((item) => ({
      name: item.name,
      summary: excerpt(Object.values(item.fields).join(" "), ROW_SUMMARY_LENGTH),
      usePath: sheet.use(item),
      editPath: `${sheet.path}/${item.id}`,
      deletePath: `${sheet.path}/${item.id}/delete`,
    })),
    form: {
      heading: form.id === undefined ? sheet.newHeading : sheet.changeHeading,
      action: form.id === undefined ? sheet.path : `${sheet.path}/${form.id}`,
      button: said`Save`,
      name: { value: form.name, error: errorAt("name") },
      nameMax: MAX_DESK_NAME_LENGTH,
      fields: names.map((name) => ({
        name,
        label: sheet.fields[name]?.label ?? name,
        hint: sheet.fields[name]?.hint ?? "",
        isLong: sheet.fields[name]?.isLong ?? false,
        options: [...(sheet.fields[name]?.options ?? [])],
        field: { value: form.fields[name] ?? "", error: errorAt(name) },
      })),
      error: form.error === undefined || isPlaced ? "" : form.error.said,
      leavePath: form.id === undefined ? "" : sheet.path,
    },
  };
}
