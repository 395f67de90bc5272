import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { createUrls } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import type { Note } from "../../notes/note.ts";
import { isListed } from "../../notes/note.ts";
import { findNoteBySlug } from "../../notes/note-store.ts";
import { showsUpdated } from "../../notes/page-options.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { sendAuthorPage, sendPage } from "../answer.ts";
import { UNLISTED } from "../edge-headers.ts";
import { HttpError } from "../http-error.ts";
import { jsonLdHtml } from "../json-ld.ts";
import { copyPath, slugOfCopy } from "../note-markdown.ts";
import { imagePolicy, noteLink, noteViewer, pageView, publicAnswer, siteView, withEagerImage } from "../present.ts";
import { createRouter } from "../router.ts";
import { translationsOf } from "../translations-view.ts";
import type { NoteView, Render, SiteView } from "../views.ts";
import { redirectAlias, refuseHidden, sendCopy } from "./notes.ts";

/** What answers to the address of a page. */
const ALLOWED = "GET, HEAD";

/**
 * The author's pages at the top of the site, and old paths of notes: of renamed ones, and of the site that they were
 * imported from. Stands after every other route, so that no page can take the place of one.
 */
export function pagesRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.all("/*path", (req, res, next) => {
    const segments: readonly string[] = req.params.path ?? [];
    const path = `/${segments.join("/")}`.normalize("NFC");
    const found = segments.length === 1 ? findPage(ctx, path.slice(1)) : undefined;
    if (req.method !== "GET" && req.method !== "HEAD") return next(found && wrongMethod(req.method));
    if (found === undefined) return redirectAlias(ctx, path, { req, res });
    return sendFound(ctx, render, { req, res, ...found });
  });

  return router;
}

/** The page of that name, or the one whose copy as Markdown has it. */
function findPage(ctx: Pick<Context, "db">, name: string): { page: Note; isCopy: boolean } | undefined {
  const copied = slugOfCopy(ctx, name);
  const page = findNoteBySlug(ctx.db, copied ?? name);
  return page?.kind === "page" ? { page, isCopy: copied !== undefined } : undefined;
}

function wrongMethod(method: string): HttpError {
  return new HttpError(405, said`This address does not take ${method}, only ${ALLOWED}.`, {
    headers: { Allow: ALLOWED },
  });
}

function sendFound(ctx: Context, render: Render, found: PageRequest & { isCopy: boolean }): void {
  const { req, res, page, isCopy } = found;
  res.locals.routePattern = isCopy ? "/:page.md" : "/:page";
  if (isCopy) sendCopy(ctx, { req, res, note: page });
  else sendNotePage(ctx, render, found);
}

type PageRequest = { readonly req: Request; readonly res: Response; readonly page: Note };

function sendNotePage(ctx: Context, render: Render, { req, res, page }: PageRequest): void {
  refuseHidden(ctx, req, page);
  const site = siteView(ctx);
  const view = withEagerImage(noteViewer(ctx)(page));
  const { translations, alternates, keys } = translationsOf(ctx, page);
  const html = render("notes/page.njk", {
    site,
    page: pageView(site, {
      canonicalPath: view.path,
      title: noteLink(page).label,
      ogTitle: view.title || site.title,
      description: view.summary,
      language: view.language,
      robots: isListed(page) ? "" : "noindex",
      jsonLdHtml: pageJsonLdHtml(ctx, site, view),
      markdownPath: copyPath(ctx, page),
      alternates,
    }),
    note: view,
    translations,
    changed: showsUpdated(page)
      ? { at: view.updatedAt || view.publishedAt, on: view.updatedOn || view.publishedOn }
      : null,
  });
  if (page.visibility === "private") {
    sendAuthorPage(res, { html, ...imagePolicy(ctx) });
    return;
  }
  const answer = publicAnswer(ctx, changeKeys.note(page), ...keys);
  sendPage(req, res, { html, ...answer, ...(isListed(page) ? {} : { caching: UNLISTED }) });
}

function pageJsonLdHtml(ctx: Pick<Context, "config">, site: SiteView, view: NoteView): string {
  return jsonLdHtml({
    "@context": "https://schema.org",
    "@type": "WebPage",
    "@id": view.url,
    url: view.url,
    name: view.title || site.title,
    description: view.summary,
    dateModified: view.updatedAt || view.publishedAt,
    inLanguage: view.language,
    isPartOf: { "@type": "WebSite", name: site.title, url: createUrls(ctx.config.SITE_URL).home() },
  });
}
