import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { saveImage } from "../../media/save-image.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { findNote } from "../../notes/note-store.ts";
import { publishNote, saveDraft } from "../../notes/publish.ts";
import { renderPreview } from "../../notes/render-note.ts";
import type { NoteChanges } from "../../notes/revise.ts";
import { publishDraft, retractNote, reviseNote } from "../../notes/revise.ts";
import { readSettings } from "../../site/settings-store.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { sendConflict } from "../conflict.ts";
import type { EditorState } from "../editor-view.ts";
import { editorView, emptyForm, formOf } from "../editor-view.ts";
import type { Form } from "../form.ts";
import { readForm, takesFiles } from "../form.ts";
import { toStatus } from "../http-error.ts";
import type { NoteForm } from "../note-form.ts";
import { readNoteForm, toNoteInput } from "../note-form.ts";
import type { NoticeName } from "../notices.ts";
import { imagePolicy } from "../present.ts";
import type { Resume } from "../resume.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { ADMIN_ORIGIN, redirectToEditor, requireWritten } from "./admin-notes.ts";

/** Most images that one save of the editor takes. */
export const MAX_IMAGES = 20;

type Exchange = { readonly req: Request; readonly res: Response };
type Editor = { readonly ctx: Context; readonly render: Render };

/** The editor: a new note, a stored one, its preview, its saving. */
export function editorRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const editor = { ctx, render };

  router.get("/admin/notes/new", (_req, res) => sendEditor(editor, res, { form: emptyForm() }));

  router.get("/admin/notes/:id", (req, res) => {
    const note = requireWritten(ctx, req);
    sendEditor(editor, res, { form: formOf(note, readSettings(ctx.db).timeZone), note });
  });

  router.post("/admin/preview", async (req, res) => {
    const { content, title } = readNoteForm(await readForm(req));
    const preview = await tryPreview(ctx, content);
    sendAuthorPage(res, { html: render("fragments/preview.njk", { title, ...preview }), ...imagePolicy(ctx) });
  });

  router.post("/admin/notes", takesFiles(MAX_IMAGES), async (req, res) => {
    await takeForm(editor, { req, res }, undefined);
  });

  router.post("/admin/notes/:id", takesFiles(MAX_IMAGES), async (req, res) => {
    await takeForm(editor, { req, res }, requireWritten(ctx, req));
  });

  return router;
}

/** Shows the editor again for a form that a login came in between; answers for no other form. */
export function resumeEditor(ctx: Context, render: Render): Resume {
  return ({ res, kept, status, message }) => {
    const id = /^\/admin\/notes(?:\/([1-9]\d{0,14}))?$/u.exec(kept.action);
    if (id === null) return false;
    const note = id[1] === undefined ? undefined : findNote(ctx.db, Number(id[1]));
    sendEditor({ ctx, render }, res, { form: readNoteForm(kept), note, notice: message, status });
    return true;
  };
}

/** Shows the editor with a form as it is: nothing was saved. For a login that ended while the author wrote, too. */
export function sendEditor(
  { ctx, render }: Editor,
  res: Response,
  shown: EditorState & { form: NoteForm; notice?: string; status?: number },
): void {
  const page =
    shown.note === undefined
      ? ({ section: "write", title: "Write" } as const)
      : ({ section: "notes", title: "Edit" } as const);
  const html = render("admin/editor.njk", {
    ...adminPage(ctx, res, { ...page, ...(shown.notice === undefined ? {} : { notice: shown.notice }) }),
    editor: editorView(ctx, shown.form, shown),
  });
  const status = shown.error === undefined ? (shown.status ?? 200) : toStatus(shown.error.code);
  sendAuthorPage(res, { html, status, ...imagePolicy(ctx) });
}

async function takeForm(editor: Editor, exchange: Exchange, note: StoredNote | undefined): Promise<void> {
  const sent = await readForm(exchange.req);
  let form = readNoteForm(sent);
  try {
    form = await addImages(editor.ctx, form, sent);
    if (form.action === "preview" || form.action === "add_images")
      return await showPreview(editor, exchange, { form, note });
    const { saved, done } = await save(editor.ctx, form, note);
    redirectToEditor(exchange.res, saved.id, done);
  } catch (error) {
    // What the author typed must come back with the reason, whatever the operation refused.
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    if (error.code === "conflict" && note !== undefined)
      return sendConflict(editor, exchange.res, { form, noteId: note.id });
    sendEditor(editor, exchange.res, { form, note, error });
  }
}

async function showPreview(editor: Editor, exchange: Exchange, shown: EditorState & { form: NoteForm }): Promise<void> {
  sendEditor(editor, exchange.res, { ...shown, previewHtml: await renderPreview(editor.ctx, shown.form.content) });
}

/** Without a button a new note is published and a stored one keeps its status. */
async function save(
  ctx: Context,
  form: NoteForm,
  note: StoredNote | undefined,
): Promise<{ saved: StoredNote; done: NoticeName }> {
  const input = toNoteInput(form, readSettings(ctx.db).timeZone, note);
  if (note === undefined) {
    const saved = await (form.action === "save_draft" ? saveDraft : publishNote)(ctx, input, ADMIN_ORIGIN);
    return { saved, done: doneWith(saved, form.action) };
  }
  const changes: NoteChanges = { ...input, formKey: undefined, expectedVersion: form.version };
  const operation = form.action === "publish" ? publishDraft : form.action === "retract" ? retractNote : reviseNote;
  const saved = await operation(ctx, note.id, { ...changes, origin: ADMIN_ORIGIN });
  return { saved, done: doneWith(saved, form.action) };
}

function doneWith(saved: StoredNote, action: string): NoticeName {
  if (action === "retract") return "retracted";
  if (saved.status === "scheduled") return "scheduled";
  if (saved.status === "draft") return "draft";
  return action === "update" ? "saved" : "published";
}

/** Stores the images that came with the form, and writes them below the text. */
async function addImages(ctx: Context, form: NoteForm, sent: Form): Promise<NoteForm> {
  const files = sent.files("image").filter((file) => file.bytes.length > 0);
  const images = [];
  for (const file of files) images.push(await saveImage(ctx, { bytes: file.bytes, originalName: file.name }));
  if (images.length === 0) return form;
  const markdown = images.map((image) => `![](${paths.media(image.name)})`).join("\n\n");
  return { ...form, content: `${form.content.trimEnd()}\n\n${markdown}\n`.trimStart() };
}

async function tryPreview(ctx: Context, content: string): Promise<{ contentHtml: string; error: string }> {
  try {
    return { contentHtml: await renderPreview(ctx, content), error: "" };
  } catch (error) {
    // A text that cannot be rendered is shown as such while the author goes on typing.
    if (!(error instanceof AppError)) throw error;
    return { contentHtml: "", error: error.message };
  }
}
