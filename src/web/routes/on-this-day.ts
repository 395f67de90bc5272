import { randomInt } from "node:crypto";
import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { findLastNoteId } from "../../notes/listed-notes-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { findRandomNote } from "../../notes/random-note.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { assetPath } from "../assets.ts";
import { passingHeaders } from "../edge-headers.ts";
import type { MonthDay } from "../on-this-day.ts";
import { dayLink, daysLater, listAllDays, listDayYears, parseMonthDay, todayOf } from "../on-this-day.ts";
import { noteViewer, pageView, publicAnswer, siteView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Steps into which chance is divided. */
const CHANCES = 2 ** 47;

/** Ways to come across older notes: those of a day of any year, and one by chance. */
export function onThisDayRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  // Of another day tomorrow, so it is not kept, and has no time of its last change.
  router.get("/on-this-day", (req, res) => {
    const today = todayOf(ctx.clock(), readSettings(ctx.db));
    const { keys: _unkept, lastModified: _never, ...answer } = publicAnswer(ctx);
    const html = dayHtml(ctx, render, { ...today, isToday: true });
    return sendPage(req, res, { html, ...answer, caching: passingHeaders(ctx.config, [changeKeys.list]) });
  });

  router.get("/on-this-day/:month/:day", (req, res, next) => {
    const wanted = parseMonthDay(req.params.month, req.params.day);
    // What is no day may be an old path of a note.
    if (wanted === undefined) return next();
    const html = dayHtml(ctx, render, { ...wanted, isToday: false });
    return sendPage(req, res, { html, ...publicAnswer(ctx, changeKeys.list) });
  });

  router.get("/random", (_req: Request, res: Response) => {
    const note = findRandomNote(ctx.db, findLastNoteId(ctx.db), () => randomInt(CHANCES) / CHANCES);
    res.set("Cache-Control", "no-store");
    // Without notes home says that there are none.
    res.redirect(302, note === undefined ? paths.home() : paths.note(note));
  });

  return router;
}

function dayHtml(ctx: Context, render: Render, { isToday, ...wanted }: MonthDay & { isToday: boolean }): string {
  const settings = readSettings(ctx.db);
  const { language } = settings;
  const site = siteView(ctx);
  const { label } = dayLink(wanted, language);
  const years = listDayYears(ctx.db, wanted, settings);
  const view = noteViewer(ctx);
  return render("notes/day.njk", {
    site,
    page: pageView(site, {
      canonicalPath: isToday ? paths.onThisDay() : paths.dayOfYear(wanted.month, wanted.day),
      title: isToday ? said`On this day` : label,
      robots: isToday || years.length > 0 ? "" : "noindex, follow",
    }),
    archiveStylesheetPath: assetPath("archive.css"),
    label,
    isToday,
    previous: dayLink(daysLater(wanted, -1), language),
    next: dayLink(daysLater(wanted, 1), language),
    years: years.map(({ year, notes, hasMore }) => ({
      label: String(Number(year)),
      path: `${paths.month(year, wanted.month)}#d${wanted.day}`,
      notes: notes.map(view),
      hasMore,
    })),
    months: listAllDays(language),
  });
}
