import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { findNoteByAlias, slugPath } from "../../notes/alias-store.ts";
import { listPinnedNotes } from "../../notes/listed-notes-store.ts";
import { listListedPlaces } from "../../notes/listed-places-store.ts";
import { findNeighbours } from "../../notes/neighbours-store.ts";
import type { Note } from "../../notes/note.ts";
import { isInLists, isListed, isReadable } from "../../notes/note.ts";
import { citationsOf } from "../../notes/note-citations.ts";
import { findNoteBySlug } from "../../notes/note-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { listRelatedNotes } from "../../search/digest-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import type { PublicAnswer } from "../answer.ts";
import { sendAuthorPage } from "../answer.ts";
import type { ShowNotes } from "../cards.ts";
import { UNLISTED } from "../edge-headers.ts";
import { noteJsonLdHtml } from "../json-ld.ts";
import { listPlace } from "../list-place.ts";
import { copyPath, sendMarkdown, slugOfCopy } from "../note-markdown.ts";
import { noteLink, noteViewer, pageView, publicAnswer, siteView, withEagerImage } from "../present.ts";
import type { ReaderPage } from "../reader-page.ts";
import { readerPage } from "../reader-page.ts";
import { createRouter } from "../router.ts";
import { listedSeries, seriesView } from "../series-view.ts";
import { findRequestSession } from "../session-cookie.ts";
import { translationsOf } from "../translations-view.ts";
import type { Render } from "../views.ts";

/** The pages that readers come for: home and permalinks. */
export function notePages(ctx: Context, render: Render, showNotes: ShowNotes): ReaderPage[] {
  return [
    readerPage("/", (_params, query) => {
      const place = listPlace({ query }, paths.home());
      const { itemsPerPage: limit, pinnedNotes } = readSettings(ctx.db);
      const list = listListedPlaces(ctx.db, { ...place.cursors, limit });
      const site = siteView(ctx);
      const isFirstPage = list.newer === undefined;
      const pinned = isFirstPage ? listPinnedNotes(ctx.db, pinnedNotes).map(({ id }) => id) : [];
      const others = list.notes.map(({ id }) => id).filter((id) => !pinned.includes(id));
      const html = render("notes/home.njk", {
        site,
        page: pageView(site, place.pageOf(list)),
        pinned: showNotes(pinned),
        notes: showNotes(others),
        isFirstPage,
      });
      return { html, isPaged: true, ...publicAnswer(ctx, changeKeys.list, changeKeys.pins) };
    }),

    readerPage("/notes/:slug", ({ slug }) => {
      const note = findNoteBySlug(ctx.db, slug.normalize("NFC"));
      if (note === undefined || !isReadable(note) || note.kind === "page") return undefined;
      return notePage(ctx, render, note);
    }),
  ];
}

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

function notePage(ctx: Context, render: Render, stored: Note): PublicAnswer {
  const site = siteView(ctx);
  const note = { ...stored, citations: citationsOf(ctx.db, [stored]) };
  const view = withEagerImage(noteViewer(ctx)(note));
  const { newer, older } = neighbours(ctx, note);
  const related = isInLists(note) ? listRelatedNotes(ctx.db, note.id) : [];
  const { translations, alternates, keys } = translationsOf(ctx, stored);
  const links = [newer, older, ...related].filter((beside) => beside !== undefined);
  const html = render("notes/show.njk", {
    site,
    page: pageView(site, {
      canonicalPath: view.path,
      title: noteLink(note).label,
      ogTitle: view.title || site.title,
      description: view.summary || view.kind.label,
      ogType: "article",
      language: view.language,
      robots: isListed(note) ? "" : "noindex",
      jsonLdHtml: noteJsonLdHtml(site, view),
      publishedAt: view.publishedAt,
      updatedAt: view.updatedAt,
      markdownPath: copyPath(ctx, note),
      alternates,
    }),
    note: view,
    newer: newer ? noteLink(newer) : null,
    older: older ? noteLink(older) : null,
    related: related.map(noteLink),
    series: seriesView(ctx, stored),
    translations,
  });
  const series = listedSeries(stored);
  const beside = [...keys, ...links.map(changeKeys.link), ...(series === undefined ? [] : [changeKeys.series(series)])];
  const answer = publicAnswer(ctx, changeKeys.note(note), changeKeys.related(note), ...beside);
  return { html, ...answer, ...(isListed(note) ? {} : { caching: UNLISTED }) };
}

/** Of a note that others may read, a copy as its author wrote it. Throws as `refuseHidden`. */
export function sendCopy(ctx: Context, { req, res, note }: { req: Request; res: Response; note: Note }): void {
  if (note.visibility === "private") throw notFound("note");
  refuseHidden(ctx, req, note);
  sendMarkdown(ctx, { req, res, note });
}

function neighbours(ctx: Context, note: Note) {
  if (!isInLists(note) || note.publishedAt === undefined) return { newer: undefined, older: undefined };
  return findNeighbours(ctx.db, { publishedAt: note.publishedAt, id: note.id });
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
