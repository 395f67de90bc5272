import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { findFigures } from "../../search/figures-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendPage } from "../answer.ts";
import { assetPath } from "../assets.ts";
import { pageView, publicAnswer, siteView } from "../present.ts";
import { createRouter } from "../router.ts";
import { statsView } from "../stats.ts";
import type { Render } from "../views.ts";

const NOTHING_COUNTED = { timeZone: "UTC", notes: 0, words: 0, months: {}, gaps: [], tags: [] };

/** The page of statistics for readers, unless the author wants none. */
export function statsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/stats", (req, res, next) => {
    const settings = readSettings(ctx.db);
    // Perhaps an old path of a note.
    if (settings.statsPage === "off") return next();
    const site = siteView(ctx);
    const html = render("notes/stats.njk", {
      site,
      page: pageView(site, { canonicalPath: paths.stats(), title: said`Statistics` }),
      archiveStylesheetPath: assetPath("archive.css"),
      ...statsView(findFigures(ctx.db) ?? NOTHING_COUNTED, settings),
    });
    return sendPage(req, res, { html, ...publicAnswer(ctx, changeKeys.figures) });
  });

  return router;
}
