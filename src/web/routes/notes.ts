import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { findNoteByAlias, slugPath } from "../../notes/alias-store.ts";
import { formatCursor, parseCursor } from "../../notes/cursor.ts";
import type { NotePage } from "../../notes/listed-notes-store.ts";
import { findNeighbours, listListedNotes } from "../../notes/listed-notes-store.ts";
import type { Note } from "../../notes/note.ts";
import { isListed, isReadable } from "../../notes/note.ts";
import { findNoteBySlug } from "../../notes/note-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendAuthorPage, sendPage } from "../answer.ts";
import { queryText } from "../input.ts";
import { imagePolicy, noteJsonLdHtml, noteLink, noteView, pageView, siteView } from "../present.ts";
import { createRouter } from "../router.ts";
import { findRequestSession } from "../session-cookie.ts";
import type { Render } from "../views.ts";

/** The pages that readers come for: home and permalinks. */
export function notesRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/", (req, res) => {
    const page = listListedNotes(ctx.db, pageRequest(ctx, req));
    const site = siteView(ctx);
    const isFirstPage = page.newer === undefined;
    const html = render("notes/home.njk", {
      site,
      page: pageView(site, {
        canonicalPath: isFirstPage ? paths.home() : req.url,
        robots: isFirstPage ? "" : "noindex, follow",
        ...pageLinks(page, paths.home()),
      }),
      notes: page.notes.map((note) => noteView(ctx, note)),
      isFirstPage,
    });
    return sendPage(req, res, { html, ...imagePolicy(ctx) });
  });

  router.get("/notes/:slug", (req, res) => {
    const slug = req.params.slug.normalize("NFC");
    const note = findNoteBySlug(ctx.db, slug);
    if (note === undefined) return redirectAlias(ctx, slugPath(slug), { req, res });
    refuseHidden(ctx, req, note);
    return sendNote(ctx, render, { req, res, note });
  });

  return router;
}

/** Old paths of notes: of renamed ones, and of the site that they were imported from. Stands after every other route. */
export function aliasRoutes(ctx: Context): Router {
  const router = createRouter();
  router.get("/*path", (req, res) => {
    const segments: readonly string[] = req.params.path ?? [];
    redirectAlias(ctx, `/${segments.join("/")}`.normalize("NFC"), { req, res });
  });
  return router;
}

/** Which page of a list the query asks for; `invalid` for what is no place in it. */
export function pageRequest(ctx: Pick<Context, "db">, req: Request) {
  return {
    limit: readSettings(ctx.db).itemsPerPage,
    before: parseCursor(queryText(req, "before"), "before"),
    after: parseCursor(queryText(req, "after"), "after"),
  };
}

/** Addresses of the pages beside this one; empty where there is none. */
export function pageLinks(page: NotePage, path: string): { previousPath: string; nextPath: string } {
  return {
    previousPath: page.newer === undefined ? "" : `${path}?after=${formatCursor(page.newer)}`,
    nextPath: page.older === undefined ? "" : `${path}?before=${formatCursor(page.older)}`,
  };
}

function sendNote(ctx: Context, render: Render, { req, res, note }: { req: Request; res: Response; note: Note }) {
  const site = siteView(ctx);
  const view = noteView(ctx, note);
  const { newer, older } = neighbours(ctx, note);
  const html = render("notes/show.njk", {
    site,
    page: pageView(site, {
      canonicalPath: view.path,
      title: view.title || view.summary.slice(0, 60),
      description: view.summary,
      ogType: "article",
      language: view.language,
      robots: isListed(note) ? "" : "noindex",
      jsonLdHtml: noteJsonLdHtml(site, view),
      publishedAt: view.publishedAt,
      updatedAt: view.updatedAt,
    }),
    note: view,
    newer,
    older,
  });
  if (note.visibility === "private") return sendAuthorPage(res, { html, ...imagePolicy(ctx) });
  return sendPage(req, res, { html, ...imagePolicy(ctx) });
}

function neighbours(ctx: Context, note: Note) {
  if (!isListed(note) || note.publishedAt === undefined) return { newer: null, older: null };
  const { newer, older } = findNeighbours(ctx.db, { publishedAt: note.publishedAt, id: note.id });
  return { newer: newer ? noteLink(newer) : null, older: older ? noteLink(older) : null };
}

/** A private note is not found by anyone but the author; one that never was out is not found; one that was is gone. */
function refuseHidden(ctx: Context, req: Request, note: Note): void {
  if (isReadable(note)) return;
  if (note.visibility === "private" && note.status === "published" && findRequestSession(ctx, req) !== undefined)
    return;
  if (note.visibility !== "private" && isTakenDown(note)) throw new AppError("gone", "The author took this note down.");
  throw notFound("note");
}

function isTakenDown(note: Note): boolean {
  const isAway = note.status === "trashed" || note.status === "erased";
  return isAway && note.publishedAt !== undefined && note.publishedAt <= note.changedAt;
}

function redirectAlias(ctx: Context, path: string, { req, res }: { req: Request; res: Response }): void {
  const note = findNoteByAlias(ctx.db, path);
  if (note === undefined) throw notFound("page");
  refuseHidden(ctx, req, note);
  res.redirect(301, paths.note(note));
}
