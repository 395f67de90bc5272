import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { invalid } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { listPinnedNotes } from "../../notes/listed-notes-store.ts";
import { movePin, PIN_MOVES } from "../../notes/pins.ts";
import { MAX_PINNED_NOTES } from "../../site/pinned.ts";
import { readSettings } from "../../site/settings-store.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { noteLink } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { noteId } from "./admin-notes.ts";

const PINS = "/admin/pins";

/** Which notes are pinned on home, and in which order. Stands behind `requireAuthor`. */
export function pinsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(PINS, (_req, res) => {
    const notes = listPinnedNotes(ctx.db, readSettings(ctx.db).pinnedNotes);
    const html = render("admin/pins.njk", {
      ...adminPage(ctx, res, { section: "notes", title: said`Pinned notes` }),
      pins: notes.map((note, index) => ({
        ...noteLink(note),
        movePath: `/admin/notes/${note.id}/pin`,
        isFirst: index === 0,
        isLast: index === notes.length - 1,
      })),
      max: MAX_PINNED_NOTES,
    });
    sendAuthorPage(res, { html });
  });

  router.post("/admin/notes/:id/pin", async (req, res) => {
    const form = await readForm(req);
    const move = PIN_MOVES.find((known) => known === form.text("move"));
    if (move === undefined) throw invalid("move", said`“move” is one of ${PIN_MOVES.join(", ")}.`);
    const id = noteId(req);
    await movePin(ctx, id, move);
    const isFromEditor = form.text("from") === "editor";
    res.redirect(303, withNotice(isFromEditor ? `/admin/notes/${id}` : PINS, move === "unpin" ? "unpinned" : "pinned"));
  });

  return router;
}
