import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { listListedTags, listNotesBetween } from "../../notes/listed-notes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { listArchiveYears, monthLabel, parsePeriod } from "../archive.ts";
import { imagePolicy, noteView, pageView, siteView, tagView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Most notes that the page of a month lists. */
export const MAX_MONTH_NOTES = 1000;

/** The archive: all years, one year, one month, by the author's calendar. */
export function archiveRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/archive", (req, res) => {
    const site = siteView(ctx);
    const page = pageView(site, { canonicalPath: paths.archive(), title: "Archive" });
    const years = listArchiveYears(ctx.db, readSettings(ctx.db));
    const tags = listListedTags(ctx.db).map((tag) => ({ ...tagView(tag), count: tag.count }));
    return sendPage(req, res, { html: render("notes/archive.njk", { site, page, years, tags }), ...imagePolicy(ctx) });
  });

  router.get("/archive/:year", (req, res) => sendPeriod(ctx, render, { req, res, year: req.params.year }));

  router.get("/archive/:year/:month", (req, res) =>
    sendPeriod(ctx, render, { req, res, year: req.params.year, month: req.params.month }),
  );

  return router;
}

type PeriodRequest = { req: Request; res: Response; year: string; month?: string };

async function sendPeriod(ctx: Context, render: Render, { req, res, year, month }: PeriodRequest): Promise<void> {
  const settings = readSettings(ctx.db);
  const span = parsePeriod(year, month, settings);
  if (span === undefined) throw notFound("page");
  const notes = month === undefined ? [] : listNotesBetween(ctx.db, { ...span, limit: MAX_MONTH_NOTES });
  const months =
    month === undefined ? (listArchiveYears(ctx.db, settings).find((y) => y.label === year)?.months ?? []) : [];
  if (notes.length + months.length === 0) throw notFound("page");

  const site = siteView(ctx);
  const label = month === undefined ? year : monthLabel(span, settings);
  const canonicalPath = month === undefined ? paths.year(year) : paths.month(year, month);
  const html = render("notes/archive-period.njk", {
    site,
    page: pageView(site, { canonicalPath, title: label }),
    label,
    up: month === undefined ? { label: "Archive", path: paths.archive() } : { label: year, path: paths.year(year) },
    months,
    notes: notes.map((note) => noteView(ctx, note)),
  });
  return sendPage(req, res, { html, ...imagePolicy(ctx) });
}
