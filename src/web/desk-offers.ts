import type { Context } from "../context/context.ts";
import { findDeskItem, listDeskItems } from "../desk/desk-item-store.ts";
import { fillTemplate } from "../desk/fill-template.ts";
import { createSecret } from "../lib/secrets.ts";
import { listTagLabels } from "../notes/written-notes-store.ts";
import { readSettings } from "../site/settings-store.ts";
import { assetPath, modulePaths } from "./assets.ts";
import { searchPathOf, templatePath } from "./desk-sheets.ts";
import type { DeskOffersView, QuickPostView, SavedSearchesView } from "./desk-views.ts";
import { MAX_TAG_SUGGESTIONS } from "./editor-view.ts";
import type { NoteForm } from "./note-form.ts";
import { emptyForm } from "./note-form.ts";

type DeskContext = Pick<Context, "db" | "clock">;

/** What the editor offers: snippets for any text, templates for a new note. */
export function deskOffers(ctx: DeskContext, { isNew }: { isNew: boolean }): DeskOffersView {
  return {
    snippets: listDeskItems(ctx.db, "snippet").map(({ id, name, fields }) => ({ id, name, content: fields.content })),
    templates: isNew ? listDeskItems(ctx.db, "template").map(({ id, name }) => ({ name, path: templatePath(id) })) : [],
  };
}

/** The quick-post box: a new form, so that pressing twice makes one note. */
export function quickPostView(ctx: Pick<Context, "db">): QuickPostView {
  return {
    formKey: createSecret(),
    editorKey: createSecret(),
    tagSuggestions: listTagLabels(ctx.db, MAX_TAG_SUGGESTIONS),
    scriptPath: assetPath("desk.js"),
    modulePaths: modulePaths("desk.js").slice(1),
  };
}

/** A new note that begins with a template, its placeholders filled; undefined where there is no such template. */
export function templateForm(ctx: DeskContext, id: string): NoteForm | undefined {
  const template = /^[1-9]\d{0,14}$/u.test(id) ? findDeskItem(ctx.db, "template", Number(id)) : undefined;
  if (template === undefined) return undefined;
  const { timeZone, language } = readSettings(ctx.db);
  const fill = (text: string) => fillTemplate(text, { now: ctx.clock(), timeZone, language });
  const { title, tags, kind, content } = template.fields;
  return { ...emptyForm(), title: fill(title), tags: fill(tags), kind, content: fill(content) };
}

/** What the action of a snippet's button begins with; its id follows. */
const SNIPPET_ACTION = /^snippet-([1-9]\d{0,14})$/u;

/** Whether a button asks for a snippet. */
export function isSnippetAction(action: string): boolean {
  return SNIPPET_ACTION.test(action);
}

/** The form with the snippet that its button names below its text: what a browser without scripts gets. */
export function withSnippet(ctx: Pick<Context, "db">, form: NoteForm): NoteForm {
  const id = Number(SNIPPET_ACTION.exec(form.action)?.[1] ?? 0);
  const snippet = findDeskItem(ctx.db, "snippet", id);
  if (snippet === undefined) return form;
  return { ...form, content: `${form.content.trimEnd()}\n\n${snippet.fields.content}`.trimStart() };
}

/** The saved searches above a list, and whether what is shown can be one of them. */
export function savedSearchesView(
  ctx: Pick<Context, "db">,
  shown: { query: string; status: string; sort: string },
): SavedSearchesView {
  const fields = { ...shown, status: shown.status === "all" ? "" : shown.status };
  const current = searchPathOf({ fields });
  const searches = listDeskItems(ctx.db, "search").map((item) => {
    const path = searchPathOf(item);
    return { name: item.name, path, isCurrent: path === current };
  });
  const isSaved = searches.some(({ isCurrent }) => isCurrent);
  return { searches, canSave: current !== "/admin?" && !isSaved, sort: fields.sort };
}
