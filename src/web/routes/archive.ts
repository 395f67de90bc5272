import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { listListedNotes, listListedTags } from "../../notes/listed-notes-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { listArchiveMonths, listArchiveYears, monthLabel, parsePeriod } from "../archive.ts";
import { listPlace } from "../list-place.ts";
import { noteViewer, pageView, publicAnswer, siteView, tagView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Notes on one page of a month. */
export const MONTH_NOTES_PER_PAGE = 200;
/** Most tags that the archive lists: the most used ones. */
export const MAX_ARCHIVE_TAGS = 1000;

/** The archive: all years, one year, one month, by the author's calendar. */
export function archiveRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/archive", (req, res) => {
    const site = siteView(ctx);
    const page = pageView(site, { canonicalPath: paths.archive(), title: "Archive" });
    const years = listArchiveYears(ctx.db, readSettings(ctx.db));
    const tags = listListedTags(ctx.db, MAX_ARCHIVE_TAGS).map((tag) => ({ ...tagView(tag), count: tag.count }));
    return sendPage(req, res, {
      html: render("notes/archive.njk", { site, page, years, tags }),
      ...publicAnswer(ctx, changeKeys.list),
    });
  });

  // What is no period may be an old path of a note: the site that it came from had an archive too.
  router.get("/archive/:year", (req, res, next) => {
    const { year } = req.params;
    if (!sendYear(ctx, render, { req, res, year })) next();
  });

  router.get("/archive/:year/:month", (req, res, next) => {
    const { year, month } = req.params;
    if (!sendMonth(ctx, render, { req, res, year, month })) next();
  });

  return router;
}

type YearRequest = { readonly req: Request; readonly res: Response; readonly year: string };

/** Returns false, with nothing sent, where there is no such year or nothing in it. */
function sendYear(ctx: Context, render: Render, { req, res, year }: YearRequest): boolean {
  const settings = readSettings(ctx.db);
  const span = parsePeriod(year, undefined, settings);
  const months = span === undefined ? [] : listArchiveMonths(ctx.db, span, settings);
  if (months.length === 0) return false;

  const site = siteView(ctx);
  const label = String(Number(year));
  const page = pageView(site, { canonicalPath: paths.year(year), title: label });
  const up = { label: "Archive", path: paths.archive() };
  const html = render("notes/archive-period.njk", { site, page, label, up, months, notes: [] });
  sendPage(req, res, { html, ...publicAnswer(ctx, changeKeys.list) });
  return true;
}

/** The same for a month. */
function sendMonth(ctx: Context, render: Render, request: YearRequest & { readonly month: string }): boolean {
  const { req, res, year, month } = request;
  const settings = readSettings(ctx.db);
  const span = parsePeriod(year, month, settings);
  if (span === undefined) return false;
  const place = listPlace(req, paths.month(year, month));
  const list = listListedNotes(ctx.db, { ...place.cursors, limit: MONTH_NOTES_PER_PAGE }, span);
  if (list.notes.length === 0) return false;

  const site = siteView(ctx);
  const label = monthLabel(span, settings);
  const page = pageView(site, { title: label, ...place.pageOf(list) });
  const up = { label: String(Number(year)), path: paths.year(year) };
  const notes = list.notes.map(noteViewer(ctx));
  const html = render("notes/archive-period.njk", { site, page, label, up, months: [], notes });
  sendPage(req, res, { html, isPaged: true, ...publicAnswer(ctx, changeKeys.list) });
  return true;
}
