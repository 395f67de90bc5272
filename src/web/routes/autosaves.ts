import type { Request, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { isEditorKey, parseTypedFields } from "../../notes/autosave.ts";
import { findAutosave } from "../../notes/autosave-store.ts";
import { discardAutosave, dropAutosave, keepAutosave, takeOverAutosave } from "../../notes/keep-autosave.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { findNote } from "../../notes/note-store.ts";
import { findFormNoteId } from "../../notes/submission-store.ts";
import { sendAuthorJson } from "../answer.ts";
import { editorPath, storedForm } from "../autosave-offers.ts";
import { deviceName } from "../device-name.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import type { NoteForm } from "../note-form.ts";
import { isAsStored, readNoteForm, toFields } from "../note-form.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import { currentSession } from "../session-cookie.ts";

const AUTOSAVES = "/admin/autosaves";

/** What is kept of a note while its author types, on the server and for all devices. Stands behind `requireAuthor`. */
export function autosavesRoutes(ctx: Context): Router {
  const router = createRouter();

  // A page that was opened under a login that has ended goes on under the next one.
  router.get(`${AUTOSAVES}/token`, (_req, res) => {
    sendAuthorJson(res, { csrf_token: currentSession(res).csrfToken });
  });

  router.post(AUTOSAVES, async (req, res) => {
    const sent = await readForm(req);
    const note = writtenNote(ctx, sent);
    const form = readNoteForm(sent, note && storedForm(ctx, note));
    const device = `${deviceName(req.get("User-Agent") ?? "")}`;
    sendAuthorJson(res, { saved_at: await keep(ctx, { form, note, device }) });
  });

  router.post(`${AUTOSAVES}/:key/continue`, async (req, res) => {
    const key = await takeOverAutosave(ctx, editorKey(req));
    const autosave = key === undefined ? undefined : findAutosave(ctx.db, key);
    const path = editorPath(autosave?.noteId ?? sentNoteId(await readForm(req)));
    res.redirect(303, autosave === undefined ? withNotice(path, "autosave-gone") : `${path}?autosave=${key}`);
  });

  router.post(`${AUTOSAVES}/:key/discard`, async (req, res) => {
    const form = await readForm(req);
    const held = { editorKey: editorKey(req), savedAt: form.text("saved_at") as Timestamp };
    const autosave = findAutosave(ctx.db, held.editorKey);
    const isDiscarded = await discardAutosave(ctx, held);
    const done = isDiscarded || autosave === undefined ? "discarded" : "autosave-newer";
    res.redirect(303, withNotice(form.text("from") === "list" ? "/admin" : editorPath(autosave?.noteId), done));
  });

  return router;
}

type Typed = { readonly form: NoteForm; readonly note: StoredNote | undefined; readonly device: string };

/** Keeps what was typed, or nothing where it is as stored. Returns when. */
async function keep(ctx: Context, { form, note, device }: Typed): Promise<Timestamp> {
  if (isAsStored(form, storedForm(ctx, note)) && isEditorKey(form.editorKey)) {
    await dropAutosave(ctx, form.editorKey);
    return ctx.clock();
  }
  const fields = parseTypedFields(toFields(form));
  return (await keepAutosave(ctx, { editorKey: form.editorKey, noteId: note?.id, device, fields })).savedAt;
}

/** The note that is written: of the id that the form carries, or that the form itself has made. */
function writtenNote(ctx: Pick<Context, "db">, sent: Form): StoredNote | undefined {
  const formKey = sent.text("form_key");
  const id = sentNoteId(sent) ?? (formKey === "" ? undefined : findFormNoteId(ctx.db, formKey));
  return id === undefined ? undefined : findNote(ctx.db, id);
}

function sentNoteId(sent: Form): number | undefined {
  const id = sent.text("note_id");
  return /^[1-9]\d{0,14}$/u.test(id) ? Number(id) : undefined;
}

function editorKey(req: Request): string {
  const { key } = req.params;
  return typeof key === "string" ? key : "";
}
