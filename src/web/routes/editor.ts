import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { createSecret } from "../../lib/secrets.ts";
import { findAutosave } from "../../notes/autosave-store.ts";
import { dropAutosave } from "../../notes/keep-autosave.ts";
import type { NoteStatus } from "../../notes/note.ts";
import type { Origin } from "../../notes/note-input.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { findNote } from "../../notes/note-store.ts";
import { publishNote, saveDraft } from "../../notes/publish.ts";
import { renderPreview } from "../../notes/render-note.ts";
import { publishDraft, retractNote, reviseNote } from "../../notes/revise.ts";
import { findFormNoteId } from "../../notes/submission-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { editorPath, storedForm, typedForm } from "../autosave-offers.ts";
import { sendConflict } from "../conflict.ts";
import type { EditorState } from "../editor-view.ts";
import { editorView } from "../editor-view.ts";
import { readForm, takesFiles } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import type { NoteForm } from "../note-form.ts";
import { readNoteForm, toNoteChanges, toNoteInput } from "../note-form.ts";
import { addImages } from "../note-images.ts";
import type { NoticeName } from "../notices.ts";
import { withNotice } from "../notices.ts";
import { imagePolicy } from "../present.ts";
import type { Resume } from "../resume.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { adminOrigin, noteId, requireWritten } from "./admin-notes.ts";

/** Most images that one save of the editor takes. */
export const MAX_IMAGES = 20;

type Exchange = { readonly req: Request; readonly res: Response };
type Editor = { readonly ctx: Context; readonly render: Render };

/** The editor: a new note, a stored one, its preview, its saving. */
export function editorRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const editor = { ctx, render };

  router.get("/admin/notes/new", (req, res) => sendEditor(editor, res, { form: openedForm(ctx, req) }));

  router.get("/admin/notes/:id", (req, res) => {
    const note = requireWritten(ctx, req);
    sendEditor(editor, res, { form: openedForm(ctx, req, note), note });
  });

  router.post("/admin/preview", async (req, res) => {
    const form = await readForm(req);
    const { content, title } = readNoteForm(form);
    const preview = await tryPreview(ctx, content, findWritten(ctx, form.text("note_id")));
    sendAuthorPage(res, { html: render("fragments/preview.njk", { title, ...preview }), ...imagePolicy(ctx) });
  });

  router.post("/admin/notes", takesFiles(MAX_IMAGES), async (req, res) => {
    await takeForm(editor, { req, res }, undefined);
  });

  router.post("/admin/notes/:id", takesFiles(MAX_IMAGES), async (req, res) => {
    const note = findNote(ctx.db, noteId(req));
    if (note === undefined) throw notFound("note");
    if (note.status !== "erased") return await takeForm(editor, { req, res }, note);
    // Whoever goes on writing in another tab does not lose the text: it can become a new note.
    const form = { ...readNoteForm(await readForm(req)), version: 0, formKey: createSecret() };
    sendEditor(editor, res, { form, error: new AppError("gone", ERASED) });
  });

  return router;
}

const ERASED = "This note was erased meanwhile. Publish the text as a new note, or leave it.";

/** Shows the editor again for a form that a login came in between; answers for no other form. */
export function resumeEditor(ctx: Context, render: Render): Resume {
  return ({ res, kept, status, message }) => {
    const id = /^\/admin\/notes(?:\/([1-9]\d{0,14}))?$/u.exec(kept.action);
    if (id === null) return false;
    const note = findWritten(ctx, id[1] ?? "");
    const sent = { text: kept.text, has: (name: string) => kept.fields.some((field) => field.name === name) };
    const form = readNoteForm(sent, note && storedForm(ctx, note));
    sendEditor({ ctx, render }, res, { form, note, notice: message, status, isUnsaved: true });
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
  const files = await readForm(exchange.req);
  let form = readNoteForm(files, note && storedForm(editor.ctx, note));
  try {
    form = await addImages(editor.ctx, { form, files, contentFormat: note?.contentFormat ?? "markdown" });
    if (form.action === "preview" || form.action === "add_images") {
      const previewHtml = await renderPreview(editor.ctx, form.content, note);
      return sendEditor(editor, exchange.res, { form, note, previewHtml });
    }
    const { saved, done } = await save(editor.ctx, { form, note, origin: adminOrigin(exchange.req) });
    if (form.editorKey !== "") await dropAutosave(editor.ctx, form.editorKey);
    // Says to the browser, which keeps what was typed too, that it need not any more.
    const mark = form.editorKey === "" ? "" : `&saved=${form.editorKey}`;
    exchange.res.redirect(303, withNotice(editorPath(saved.id), done) + mark);
  } catch (error) {
    // What the author typed must come back with the reason, whatever the operation refused.
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    await answerRefusal(editor, exchange.res, { form, note, error });
  }
}

type Refusal = { readonly form: NoteForm; readonly note: StoredNote | undefined; readonly error: AppError };

async function answerRefusal(editor: Editor, res: Response, { form, note, error }: Refusal): Promise<void> {
  if (error.code !== "conflict") return sendEditor(editor, res, { form, note, error });
  if (note !== undefined) return await sendConflict(editor, res, { form, noteId: note.id });
  const made = findWritten(editor.ctx, String(findFormNoteId(editor.ctx.db, form.formKey) ?? ""));
  if (made !== undefined) {
    return sendEditor(editor, res, { form: { ...form, version: FIRST_VERSION }, note: made, error, isSecond: true });
  }
  // The note that this form made is erased.
  sendEditor(editor, res, { form: { ...form, formKey: createSecret() }, error: new AppError("gone", ERASED) });
}

/** The version of a note that its first form has made. */
const FIRST_VERSION = 1;

type Done = { readonly saved: StoredNote; readonly done: NoticeName };

/** Without a button a new note is published and a stored one keeps its status. */
async function save(
  ctx: Context,
  { form, note, origin }: { form: NoteForm; note: StoredNote | undefined; origin: Origin },
): Promise<Done> {
  const { timeZone } = readSettings(ctx.db);
  if (note === undefined) {
    const operation = form.action === "save_draft" ? saveDraft : publishNote;
    const saved = await operation(ctx, toNoteInput(form, timeZone), origin);
    return { saved, done: STATUS_NOTICES[saved.status] };
  }
  const operation = form.action === "publish" ? publishDraft : form.action === "retract" ? retractNote : reviseNote;
  const saved = await operation(ctx, note.id, { ...toNoteChanges(form, timeZone, note), origin });
  if (form.action === "retract") return { saved, done: "retracted" };
  return {
    saved,
    done: note.status === "published" && saved.status === "published" ? "saved" : STATUS_NOTICES[saved.status],
  };
}

/** What is said after a save that left the note with this status. */
const STATUS_NOTICES: Readonly<Record<NoteStatus, NoticeName>> = {
  draft: "draft",
  scheduled: "scheduled",
  published: "published",
  trashed: "trashed",
  erased: "erased",
};

/** What is stored, or what `?autosave=` names of what was typed of it. */
function openedForm(ctx: Pick<Context, "db">, req: Request, note?: StoredNote): NoteForm {
  const stored = storedForm(ctx, note);
  const autosave = findAutosave(ctx.db, queryText(req, "autosave") ?? "");
  return autosave === undefined || autosave.noteId !== note?.id ? stored : typedForm(autosave, stored);
}

/** The note of an id that a form carries; undefined for a new one, and for one that was erased. */
function findWritten(ctx: Pick<Context, "db">, id: string): StoredNote | undefined {
  const note = /^[1-9]\d{0,14}$/u.test(id) ? findNote(ctx.db, Number(id)) : undefined;
  return note?.status === "erased" ? undefined : note;
}

async function tryPreview(
  ctx: Context,
  content: string,
  note: StoredNote | undefined,
): Promise<{ contentHtml: string; error: string }> {
  try {
    return { contentHtml: await renderPreview(ctx, content, note), error: "" };
  } catch (error) {
    // A text that cannot be rendered is shown as such while the author goes on typing.
    if (!(error instanceof AppError)) throw error;
    return { contentHtml: "", error: error.message };
  }
}
