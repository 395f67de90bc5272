import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { ChosenKind } from "../notes/kind.ts";
import { settleKind } from "../notes/kind.ts";
import type { Properties } from "../notes/note.ts";
import { citationsOf } from "../notes/note-citations.ts";
import type { StoredNote } from "../notes/note-store.ts";
import { renderPreview } from "../notes/render-note.ts";
import { readSettings } from "../site/settings-store.ts";
import type { FragmentViews } from "./fragment-views.ts";
import { toKindChanges } from "./kind-form.ts";
import { kindView } from "./kind-view.ts";
import type { NoteForm } from "./note-form.ts";

/** What the preview shows of a note that is being written. */
export type PreviewView = Omit<FragmentViews["fragments/preview.njk"], "language">;

type PreviewContext = Pick<Context, "db" | "config" | "metrics">;

/**
 * Shows what is being written as readers will see it, with the page that it is about, the answer or the event. Nothing is
 * stored or fetched. Throws `invalid` for a text that cannot be rendered.
 */
export async function previewView(
  ctx: PreviewContext,
  form: NoteForm,
  note: StoredNote | undefined,
): Promise<PreviewView> {
  const settings = readSettings(ctx.db);
  const { kind: chosen, properties } = kindSoFar(form, { note, zone: settings.timeZone });
  const title = form.title.trim();
  const contentFormat = note?.contentFormat ?? "markdown";
  const contentHtml = await renderPreview(ctx, form.content, { contentFormat, properties, title: title || undefined });
  const facts = { title: title || undefined, contentHtml, contentText: form.content, properties };
  const kind = settleKind(facts, { chosen, before: note });
  return {
    title,
    contentHtml,
    kind: kindView({ kind, properties, citations: citationsOf(ctx.db, [{ properties }]) }, settings),
    error: "",
  };
}

/** The same, with the reason in its place where a text cannot be rendered while the author goes on typing. */
export async function tryPreview(
  ctx: PreviewContext,
  form: NoteForm,
  note: StoredNote | undefined,
): Promise<PreviewView> {
  try {
    return await previewView(ctx, form, note);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { title: form.title, contentHtml: "", kind: null, error: error.said };
  }
}

type KindSoFar = { readonly kind: ChosenKind | undefined; readonly properties: Properties };

/** The fields of a kind while they are typed: as long as one is missing or wrong, those that are stored stand. */
function kindSoFar(
  form: NoteForm,
  { note, zone }: { readonly note: StoredNote | undefined; readonly zone: string },
): KindSoFar {
  try {
    const { title, content } = form;
    return toKindChanges(form, { title, content, zone, before: note, isDraft: true });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "invalid") throw error;
    return { kind: undefined, properties: note?.properties ?? {} };
  }
}
