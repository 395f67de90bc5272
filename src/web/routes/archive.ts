import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import type { ListedNote } from "../../notes/listed-notes-store.ts";
import { countNotesBetween, listListedNotes } from "../../notes/listed-notes-store.ts";
import { countListedTags, listTagsByCount } from "../../notes/listed-tags-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { listArchiveYears, listYearMonths, monthLabel, parsePeriod } from "../archive.ts";
import { assetPath } from "../assets.ts";
import { calendarMonth, dayAnchor, MONTH_NOTES_PER_PAGE, weekdayNames } from "../calendar.ts";
import { listPlace } from "../list-place.ts";
import { noteViewer, pageView, publicAnswer, siteView, tagView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Most tags that the archive lists: the most used ones. */
export const MAX_ARCHIVE_TAGS = 60;

/** The archive: all years, one year, one month, by the author's calendar. */
export function archiveRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/archive", (req, res) => {
    const site = siteView(ctx);
    const page = pageView(site, { canonicalPath: paths.archive(), title: said`Archive` });
    const html = render("notes/archive.njk", {
      site,
      page,
      years: listArchiveYears(ctx.db, readSettings(ctx.db)),
      tags: mostUsedTags(ctx),
      tagCount: countListedTags(ctx.db),
      ways: listWays(ctx),
    });
    return sendPage(req, res, { html, ...publicAnswer(ctx, changeKeys.list) });
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

/** Other ways through the notes. */
function listWays(ctx: Pick<Context, "db">) {
  return [
    { label: said`On this day`, path: paths.onThisDay() },
    { label: said`All tags`, path: paths.tags() },
    { label: said`A note by chance`, path: paths.random() },
    ...(readSettings(ctx.db).statsPage === "on" ? [{ label: said`Statistics`, path: paths.stats() }] : []),
  ];
}

/** In the order of their names. */
function mostUsedTags(ctx: Pick<Context, "db">) {
  return listTagsByCount(ctx.db, MAX_ARCHIVE_TAGS)
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((tag) => ({ ...tagView(tag), count: tag.count }));
}

type YearRequest = { readonly req: Request; readonly res: Response; readonly year: string };

/** Returns false, with nothing sent, where there is no such year or nothing in it. */
function sendYear(ctx: Context, render: Render, { req, res, year }: YearRequest): boolean {
  const settings = readSettings(ctx.db);
  const span = parsePeriod(year, undefined, settings);
  const months = span === undefined ? [] : listYearMonths(ctx.db, { year: Number(year), span }, settings);
  if (months.every(({ count }) => count === 0)) return false;

  const site = siteView(ctx);
  const label = String(Number(year));
  const html = render("notes/archive-period.njk", {
    site,
    page: pageView(site, { canonicalPath: paths.year(year), title: label }),
    archiveStylesheetPath: assetPath("archive.css"),
    label,
    up: { label: said`Archive`, path: paths.archive() },
    weekdays: weekdayNames(settings.language),
    months: months.map((month) => calendarMonth(ctx.db, month, settings)),
    notes: [],
  });
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
  const count = countNotesBetween(ctx.db, span);
  const html = render("notes/archive-period.njk", {
    site,
    page: pageView(site, { title: label, ...place.pageOf(list) }),
    archiveStylesheetPath: assetPath("archive.css"),
    label,
    up: { label: String(Number(year)), path: paths.year(year) },
    weekdays: weekdayNames(settings.language),
    months: [{ ...calendarMonth(ctx.db, { year: Number(year), month: Number(month), count }, settings), path: "" }],
    notes: anchoredNotes(ctx, list.notes),
  });
  sendPage(req, res, { html, isPaged: true, ...publicAnswer(ctx, changeKeys.list) });
  return true;
}

/** The first note of each day has the anchor to which calendars lead. */
function anchoredNotes(ctx: Pick<Context, "db" | "config">, notes: readonly ListedNote[]) {
  const settings = readSettings(ctx.db);
  const view = noteViewer(ctx);
  let last = "";
  return notes.map((note) => {
    const anchor = note.publishedAt === undefined ? "" : dayAnchor(note.publishedAt, settings);
    const isFirst = anchor !== last;
    last = anchor;
    return { ...view(note), anchor: isFirst ? anchor : "" };
  });
}
