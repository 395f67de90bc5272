import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, invalid, notFound } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import { restoreRevision } from "../../notes/revise.ts";
import type { WholeRevision } from "../../notes/revision-store.ts";
import { findRevision, listRevisionSummaries } from "../../notes/revision-store.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { Comparison } from "../compare-revisions.ts";
import { revisionView } from "../compare-revisions.ts";
import { readForm } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import { revisionsView } from "../revision-view.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";
import { adminOrigin, redirectToEditor, requireWritten } from "./admin-notes.ts";

/** Revisions on one page of the list. */
export const REVISIONS_PER_PAGE = 50;

const REVISIONS = "/admin/notes/:id/revisions";
/** Past every version there can be. */
const LAST = Number.MAX_SAFE_INTEGER;

/** What a note was: its saves, what each changed, and the way back. Stands behind `requireAuthor`. */
export function revisionsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(REVISIONS, (req, res) => {
    const note = requireWritten(ctx, req);
    const page = { before: parseBefore(queryText(req, "before")), limit: REVISIONS_PER_PAGE + 1 };
    const found = listRevisionSummaries(ctx.db, note.id, page);
    const revisions = found.slice(0, REVISIONS_PER_PAGE);
    const html = render("admin/revisions.njk", {
      ...adminPage(ctx, res, { section: "notes", title: said`Revisions` }),
      revisions: revisionsView(ctx, note, { revisions, hasMore: found.length > REVISIONS_PER_PAGE }),
    });
    sendAuthorPage(res, { html });
  });

  router.get(`${REVISIONS}/:version`, (req, res) => {
    sendRevision({ ctx, render }, res, { ...requireRevision(ctx, req), comparison: readComparison(req) });
  });

  router.post(`${REVISIONS}/:version/restore`, async (req, res) => {
    const { note, revision } = requireRevision(ctx, req);
    const sent = (await readForm(req)).text("expected_version");
    const expectedVersion = /^\d{1,9}$/u.test(sent) ? Number(sent) : note.version;
    try {
      const origin = adminOrigin(req);
      await restoreRevision(ctx, note.id, { version: revision.version, expectedVersion, origin });
      redirectToEditor(res, note.id, "revision-restored");
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "conflict") throw error;
      // Nothing was typed that could be lost: what is stored now is shown beside it, to be decided anew.
      sendRevision({ ctx, render }, res, { ...requireRevision(ctx, req), comparison: CONFLICT, error });
    }
  });

  return router;
}

const CONFLICT: Comparison = { against: "now", layout: "auto" };

const SAVED_MEANWHILE = said`The note was saved elsewhere meanwhile, so nothing was restored. This is how it differs now.`;

type Shown = {
  readonly note: StoredNote;
  readonly revision: WholeRevision;
  readonly comparison: Comparison;
  readonly error?: AppError;
};

function sendRevision({ ctx, render }: { ctx: Context; render: Render }, res: Response, shown: Shown): void {
  const html = render("admin/revision.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Revision` }),
    revision: { ...revisionView(ctx, shown), error: shown.error === undefined ? "" : SAVED_MEANWHILE },
  });
  sendAuthorPage(res, { html, status: shown.error === undefined ? 200 : toStatus(shown.error.code) });
}

function requireRevision(ctx: Context, req: Request): { note: StoredNote; revision: WholeRevision } {
  const note = requireWritten(ctx, req);
  const { version } = req.params;
  const isNumber = typeof version === "string" && /^[1-9]\d{0,8}$/u.test(version);
  const revision = isNumber ? findRevision(ctx.db, note.id, Number(version)) : undefined;
  if (revision === undefined) throw notFound("revision");
  return { note, revision };
}

function readComparison(req: Request): Comparison {
  const view = queryText(req, "view");
  return {
    against: queryText(req, "against") === "now" ? "now" : "previous",
    layout: view === "inline" || view === "side" ? view : "auto",
  };
}

function parseBefore(text: string | undefined): number {
  if (text === undefined) return LAST;
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  throw invalid("before", said`“before” is no place in this list. Begin again at its first page.`);
}
