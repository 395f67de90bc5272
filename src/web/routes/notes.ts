import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { findNoteByAlias, slugPath } from "../../notes/alias-store.ts";
import type { Note } from "../../notes/note.ts";
import { isReadable } from "../../notes/note.ts";
import { findNoteBySlug } from "../../notes/note-store.ts";
import { sendAuthorPage } from "../answer.ts";
import { sendMarkdown, slugOfCopy } from "../note-markdown.ts";
import { notePage } from "../note-pages.ts";
import { createRouter } from "../router.ts";
import { findRequestSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

/** What else is at the addresses of notes: private ones, those that are gone, and old slugs. Stands behind the pages. */
export function notesRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/notes/:slug", (req, res) => {
    const name = req.params.slug.normalize("NFC");
    const copied = slugOfCopy(ctx, name);
    const slug = copied ?? name;
    const note = findNoteBySlug(ctx.db, slug);
    if (copied !== undefined && note !== undefined && note.kind !== "page") return sendCopy(ctx, { req, res, note });
    if (note === undefined) return redirectAlias(ctx, slugPath(slug), { req, res });
    if (isUnpublished(note) && findRequestSession(ctx, req) !== undefined) return leadToEditor(note, res);
    refuseHidden(ctx, req, note);
    if (note.kind === "page") return redirectTo(note, res);
    return sendAuthorPage(res, notePage(ctx, render, note));
  });

  return router;
}

/** Of a note that others may read, a copy as its author wrote it. Throws as `refuseHidden`. */
export function sendCopy(ctx: Context, { req, res, note }: { req: Request; res: Response; note: Note }): void {
  if (note.visibility === "private") throw notFound("note");
  refuseHidden(ctx, req, note);
  sendMarkdown(ctx, { req, res, note });
}

/** A private note is not found by anyone but the author; one that never was out is not found; one that was is gone. */
export function refuseHidden(ctx: Context, req: Request, note: Note): void {
  if (isReadable(note)) return;
  if (isPrivate(note) && findRequestSession(ctx, req) !== undefined) return;
  if (isTakenDown(note)) throw new AppError("gone", said`The author took this note down.`);
  throw notFound("note");
}

function isUnpublished({ status }: Note): boolean {
  return status === "draft" || status === "scheduled";
}

/** Apps open the address that they were told of: for the author of a draft that is where it can be read. */
function leadToEditor(note: Note, res: Response): void {
  res.set("Cache-Control", "no-store");
  res.redirect(303, `/admin/notes/${note.id}`);
}

function isPrivate(note: Note): boolean {
  return note.visibility === "private" && note.status === "published";
}

function isTakenDown(note: Note): boolean {
  const isAway = note.status === "trashed" || note.status === "erased";
  return isAway && note.visibility !== "private" && note.firstPublicAt !== undefined;
}

/** Leads from an old path to its note. Throws as `refuseHidden`, and `not_found` where no note ever had that path. */
export function redirectAlias(ctx: Context, path: string, { req, res }: { req: Request; res: Response }): void {
  const note = findNoteByAlias(ctx.db, path);
  if (note === undefined) throw notFound("page");
  refuseHidden(ctx, req, note);
  redirectTo(note, res);
}

function redirectTo(note: Note, res: Response): void {
  // A slug may come back: a browser that keeps both directions would go round in circles.
  res.set("Cache-Control", isPrivate(note) ? "no-store" : "no-cache");
  res.redirect(301, paths.note(note));
}
