import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, invalid } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import type { BulkOrder, ChosenAction } from "../../notes/bulk-act.ts";
import { bulkActsSince, isBulkAction, isTagAction, MAX_BULK_NOTES } from "../../notes/bulk-act.ts";
import { findBulkAct } from "../../notes/bulk-act-store.ts";
import { changeMany } from "../../notes/change-many.ts";
import { listNotesById } from "../../notes/note-store.ts";
import { forgotten, undoMany } from "../../notes/undo-many.ts";
import { undoTagAct } from "../../tags/change-tags.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { BulkChoice, ListChoice } from "../bulk-choice.ts";
import { allNotes, readListChoice, tickedNotes } from "../bulk-choice.ts";
import { BULK_PATH, bulkActView, moreNotes, tooManySentence } from "../bulk-view.ts";
import { ASKED_WORDS } from "../bulk-words.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { noteRowViewer } from "../note-rows.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { adminOrigin } from "./admin-notes.ts";

/** Notes that a question names; of more it says how many. */
export const NAMED_NOTES = 10;

/** One act on many notes, what it did, and its undoing. Stands behind `requireAuthor`. */
export function bulkRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.post(BULK_PATH, async (req, res) => {
    const asked = await readAsked(ctx, req);
    // All notes of a list are more than the author sees: the question names them, and its answer means these alone.
    if (asked.isAll && asked.choice.noteIds.length > 0) return sendQuestion(ctx, render, { res, asked });
    try {
      await changeMany(ctx, asked.order, adminOrigin(req));
      res.redirect(303, `${BULK_PATH}/${asked.order.key}`);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "invalid") throw error;
      sendQuestion(ctx, render, { res, asked, error });
    }
  });

  router.get(`${BULK_PATH}/:key`, (req, res) => {
    const act = findBulkAct(ctx.db, req.params.key, bulkActsSince(ctx.clock()));
    if (act === undefined) throw forgotten();
    const view = bulkActView(ctx, act);
    const html = render("admin/bulk.njk", {
      ...adminPage(ctx, res, { section: "notes", title: view.heading }),
      act: view,
    });
    sendAuthorPage(res, { html });
  });

  router.post(`${BULK_PATH}/:key/undo`, async (req, res) => {
    const { key } = req.params;
    const act = findBulkAct(ctx.db, key, bulkActsSince(ctx.clock()));
    if (act !== undefined && isTagAction(act.action)) await undoTagAct(ctx, key);
    else await undoMany(ctx, key, adminOrigin(req));
    res.redirect(303, `${BULK_PATH}/${req.params.key}`);
  });

  return router;
}

/** What a form asks for. */
type Asked = {
  readonly order: BulkOrder;
  readonly choice: BulkChoice;
  readonly list: ListChoice;
  /** Whether it means all notes of the list, rather than those that it names. */
  readonly isAll: boolean;
  readonly tags: string;
};

async function readAsked(ctx: Context, req: Request): Promise<Asked> {
  const form = await readForm(req);
  const list = readListChoice(form);
  const isAll = form.text("scope") === "all";
  const choice = isAll ? await allNotes(ctx, list) : { noteIds: tickedNotes(form), hasMore: false };
  const tags = form.text("tags");
  const order = { key: form.text("act_key"), action: readAction(form), tags: tags.split(","), noteIds: choice.noteIds };
  return { order, choice, list, isAll, tags };
}

function readAction(form: Form): ChosenAction {
  const action = form.text("do");
  if (isBulkAction(action)) return action;
  throw invalid("do", said`There is no such action. Open the list of notes again, and use one of its buttons.`);
}

function sendQuestion(
  ctx: Context,
  render: Render,
  { res, asked, error }: { res: Response; asked: Asked; error?: AppError },
): void {
  const { order, choice, list } = asked;
  const words = ASKED_WORDS[order.action];
  const count = order.noteIds.length;
  const view = noteRowViewer(ctx);
  const named = listNotesById(ctx.db, order.noteIds.slice(0, NAMED_NOTES)).map((note) => view(note).label);
  const rest = order.noteIds.length - named.length;
  const html = render("admin/bulk-question.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Change many notes?` }),
    question: {
      heading: count === 0 ? said`No note is chosen` : words.ask(count),
      message: choice.hasMore ? tooManySentence() : "",
      action: order.action,
      button: words.button(count),
      key: order.key,
      list: { ...list },
      hasTags: order.action === "tag" || order.action === "untag",
      tags: { value: asked.tags, error: error?.field === "tags" ? error.said : "" },
      noteIds: order.noteIds.slice(0, MAX_BULK_NOTES),
      labels: named,
      more: rest > 0 ? moreNotes(rest) : "",
      error: error === undefined || error.field === "tags" ? "" : error.said,
      backPath: listPath(list),
    },
  });
  sendAuthorPage(res, { html, status: error === undefined ? 200 : toStatus(error.code) });
}

function listPath({ status, query }: ListChoice): string {
  const search = new URLSearchParams({
    ...(status === "all" ? {} : { status }),
    ...(query === "" ? {} : { q: query }),
  });
  return search.size === 0 ? "/admin" : `/admin?${search}`;
}
