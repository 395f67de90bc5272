import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import type { Choice } from "../../lib/merge-texts.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { findRevision } from "../../notes/revision-store.ts";
import { storedForm } from "../autosave-offers.ts";
import { SENT_PREFIX } from "../conflict.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import type { Choices } from "../merge-form.ts";
import { mergeForms, toSentVersion } from "../merge-form.ts";
import type { NoteForm } from "../note-form.ts";
import { formOf, readNoteForm } from "../note-form.ts";
import { createRouter } from "../router.ts";
import { leadToSaved, saveForm } from "../save-form.ts";
import type { Render } from "../views.ts";
import { adminOrigin, requireWritten } from "./admin-notes.ts";
import { answerRefusal } from "./editor.ts";

/** Takes what the author chose of two versions of a note. Stands behind `requireAuthor`. */
export function mergeRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.post("/admin/notes/:id/merge", async (req, res) => {
    const note = requireWritten(ctx, req);
    const sent = await readForm(req);
    const asSent = {
      text: (name: string) => sent.text(SENT_PREFIX + name),
      has: (name: string) => sent.has(SENT_PREFIX + name),
    };
    const mine = readNoteForm(asSent, storedForm(ctx, note));
    const chosen = chooseForm(ctx, note, { mine, sent });
    const form = chosen ?? mine;
    try {
      // Without the versions that it was put together of, it is as if it came from the editor.
      const kept = chosen === undefined ? {} : { sent: toSentVersion(mine) };
      const done = await saveForm(ctx, { form, note, origin: adminOrigin(req), ...kept });
      await leadToSaved(ctx, res, { form, done });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "not_found") throw error;
      await answerRefusal({ ctx, render }, res, { form, note, error });
    }
  });

  return router;
}

/** The form with the choices, made of the very versions that the author had before the eyes. */
function chooseForm(
  ctx: Pick<Context, "db">,
  note: StoredNote,
  { mine, sent }: { mine: NoteForm; sent: Form },
): NoteForm | undefined {
  const stored = sent.text("stored_version");
  const base = findRevision(ctx.db, note.id, mine.version);
  const theirs = /^\d{1,9}$/u.test(stored) ? findRevision(ctx.db, note.id, Number(stored)) : undefined;
  if (base === undefined || theirs === undefined) return undefined;
  return mergeForms({ base: formOf(ctx, base), mine, theirs: formOf(ctx, theirs) }).choose(toChoices(sent));
}

/** Where nothing was chosen both are taken, so that nothing is lost. */
function toChoices(sent: Form): Choices {
  return {
    block: (conflict) => toChoice(sent.text(`block.${conflict}`), sent.text(`text.${conflict}`)),
    field: (name) => (sent.text(`field.${name}`) === "theirs" ? "theirs" : "mine"),
  };
}

function toChoice(choice: string, text: string): Choice {
  if (choice === "mine" || choice === "theirs") return choice;
  return choice === "text" ? { text: text.replace(/\r\n?/gu, "\n") } : "both";
}
