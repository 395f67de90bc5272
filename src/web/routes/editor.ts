import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { createSecret } from "../../lib/secrets.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { findAutosave } from "../../notes/autosave-store.ts";
import { countUndescribed } from "../../notes/library.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { findNote } from "../../notes/note-store.ts";
import { findFormNoteId } from "../../notes/submission-store.ts";
import { adminLanguage } from "../../site/language.ts";
import { readSettings } from "../../site/settings-store.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { storedForm, typedForm } from "../autosave-offers.ts";
import { sendConflict } from "../conflict.ts";
import { deskOffers, isSnippetAction, templateForm, withSnippet } from "../desk-offers.ts";
import type { EditorState } from "../editor-view.ts";
import { editorView } from "../editor-view.ts";
import { readForm, takesFiles } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import type { NoteForm } from "../note-form.ts";
import { PAGE, readNoteForm } from "../note-form.ts";
import { addImages } from "../note-images.ts";
import { kindInAddress, translationInAddress } from "../prefill.ts";
import { imagePolicy } from "../present.ts";
import type { PreviewView } from "../preview-view.ts";
import { previewView, tryPreview } from "../preview-view.ts";
import type { Resume } from "../resume.ts";
import { createRouter } from "../router.ts";
import { leadToSaved, mergedNotice, saveOrMerge } from "../save-form.ts";
import { sharedInAddress } from "../shared-form.ts";
import { describeSent } from "../undescribed.ts";
import type { Render } from "../views.ts";
import { adminOrigin, noteId, requireWritten } from "./admin-notes.ts";

type Exchange = { readonly req: Request; readonly res: Response };
/** What the editor's routes answer with. */
export type Editor = { readonly ctx: Context; readonly render: Render };

/** The editor: a new note, a stored one, its preview, its saving. */
export function editorRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const editor = { ctx, render };

  router.get("/admin/notes/new", (req, res) => {
    // Of a share: photos that could not be taken. It is said until something else is kept in its place.
    const refused = findAutosave(ctx.db, queryText(req, "autosave") ?? "")?.fields.refused ?? "";
    sendEditor(editor, res, { form: openedForm(ctx, req), ...(refused === "" ? {} : { notice: refused }) });
  });

  router.get("/admin/notes/:id", (req, res) => {
    const note = requireWritten(ctx, req);
    const notice = queryText(req, "done") === "merged" ? mergedNotice(ctx, note) : undefined;
    sendEditor(editor, res, { form: openedForm(ctx, req, note), note, ...(notice === undefined ? {} : { notice }) });
  });

  router.post("/admin/preview", async (req, res) => {
    const form = await readForm(req);
    const preview = await tryPreview(ctx, readNoteForm(form), findWritten(ctx, form.text("note_id")));
    const language = adminLanguage(readSettings(ctx.db));
    sendAuthorPage(res, {
      html: render("fragments/preview.njk", { ...preview, language }),
      ...imagePolicy(ctx),
    });
  });

  router.post("/admin/notes", takesFiles(ctx), async (req, res) => {
    await takeForm(editor, { req, res }, undefined);
  });

  router.post("/admin/notes/:id", takesFiles(ctx), async (req, res) => {
    const note = findNote(ctx.db, noteId(req));
    if (note === undefined) throw notFound("note");
    if (note.status !== "erased") return await takeForm(editor, { req, res }, note);
    // Whoever goes on writing in another tab does not lose the text: it can become a new note.
    const form = { ...readNoteForm(await readForm(req)), version: 0, formKey: createSecret() };
    sendEditor(editor, res, { form, error: new AppError("gone", ERASED) });
  });

  return router;
}

/** Buttons that show the form again, with what they added, and save nothing. */
const KEEPS_TYPING = ["preview", "add_images", "continue"];

const ERASED = said`This note was erased meanwhile. Publish the text as a new note, or leave it.`;

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
  shown: EditorState & { form: NoteForm; notice?: Words; status?: number },
): void {
  const page =
    shown.note === undefined
      ? ({ section: "write", title: said`Write` } as const)
      : ({ section: "notes", title: said`Edit` } as const);
  const html = render("admin/editor.njk", {
    ...adminPage(ctx, res, { ...page, ...(shown.notice === undefined ? {} : { notice: shown.notice }) }),
    editor: editorView(ctx, shown.form, shown),
    desk: deskOffers(ctx, { isNew: shown.note === undefined }),
  });
  const status = shown.error === undefined ? (shown.status ?? 200) : toStatus(shown.error.code);
  sendAuthorPage(res, { html, status, ...imagePolicy(ctx) });
}

async function takeForm(editor: Editor, exchange: Exchange, note: StoredNote | undefined): Promise<void> {
  const files = await readForm(exchange.req);
  let form = readNoteForm(files, note && storedForm(editor.ctx, note));
  try {
    await describeSent(editor.ctx, files);
    const added = await addImages(editor.ctx, { form, files, contentFormat: note?.contentFormat ?? "markdown" });
    form = added.form;
    if (added.refusal !== undefined) throw added.refusal;
    form = withSnippet(editor.ctx, form);
    if (KEEPS_TYPING.includes(form.action) || isSnippetAction(form.action)) {
      return sendEditor(editor, exchange.res, { form, note, preview: await previewView(editor.ctx, form, note) });
    }
    const waiting = files.has(ALT_ASKED) ? undefined : await findUndescribed(editor.ctx, form, note);
    if (waiting !== undefined) return sendEditor(editor, exchange.res, { form, note, ...waiting, isAltAsked: true });
    const done = await saveOrMerge(editor.ctx, { form, note, origin: adminOrigin(exchange.req) });
    await leadToSaved(editor.ctx, exchange.res, { form, done, isFromHome: files.text("from") === "home" });
  } catch (error) {
    // What the author typed must come back with the reason, whatever the operation refused.
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    await answerRefusal(editor, exchange.res, { form, note, error });
  }
}

/** Field of a form whose author was asked for descriptions of images: it publishes whatever the answer was. */
const ALT_ASKED = "alt_asked";

/** The text as it would be published, where its images are to be described first: asked by the button alone, and once. */
async function findUndescribed(
  ctx: Context,
  form: NoteForm,
  note: StoredNote | undefined,
): Promise<{ preview: PreviewView } | undefined> {
  if (form.action !== "publish" || readSettings(ctx.db).altNudge === "off") return undefined;
  const preview = await previewView(ctx, form, note);
  return countUndescribed(preview.contentHtml) === 0 ? undefined : { preview };
}

/** What was sent, the note that it was sent for, and what is wrong with it. */
export type Refusal = { readonly form: NoteForm; readonly note: StoredNote | undefined; readonly error: AppError };

/** Shows what was sent again, with the reason why it was not saved; of a conflict, both versions. */
export async function answerRefusal(editor: Editor, res: Response, { form, note, error }: Refusal): Promise<void> {
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

/** What is stored, or what `?autosave=` names of what was typed of it. */
function openedForm(ctx: Pick<Context, "db" | "clock">, req: Request, note?: StoredNote): NoteForm {
  const begun = note === undefined ? begunForm(ctx, req) : undefined;
  const stored = placedForm(begun ?? storedForm(ctx, note), req);
  const autosave = findAutosave(ctx.db, queryText(req, "autosave") ?? "");
  return autosave === undefined || autosave.noteId !== note?.id ? stored : typedForm(autosave, stored);
}

/** What the address says that a new note begins with: a template, another note in another language, a kind with its fields, or what was shared. */
function begunForm(ctx: Pick<Context, "db" | "clock">, req: Request): NoteForm | undefined {
  const template = templateForm(ctx, queryText(req, "template") ?? "");
  return template ?? translationInAddress(ctx, req) ?? kindInAddress(req) ?? sharedInAddress(req);
}

/** A new form is that of a page where the address asks for one. */
function placedForm(form: NoteForm, req: Request): NoteForm {
  return form.version === 0 && queryText(req, "place") === PAGE ? { ...form, place: PAGE } : form;
}

/** The note of an id that a form carries; undefined for a new one, and for one that was erased. */
function findWritten(ctx: Pick<Context, "db">, id: string): StoredNote | undefined {
  const note = /^[1-9]\d{0,14}$/u.test(id) ? findNote(ctx.db, Number(id)) : undefined;
  return note?.status === "erased" ? undefined : note;
}
