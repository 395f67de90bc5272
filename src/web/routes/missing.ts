import type { Request, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { Timestamp } from "../../lib/clock.ts";
import { invalid } from "../../lib/errors.ts";
import { Message, said } from "../../lib/words.ts";
import type { MissingPath, MissingPlace } from "../../redirects/missing-store.ts";
import {
  forgetAllMissing,
  forgetMissing,
  listMissingPaths,
  listScans,
  MAX_MISSING_PATHS,
} from "../../redirects/missing-store.ts";
import { operationsPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { queryText } from "../input.ts";
import { withNotice } from "../notices.ts";
import { missingViewer, timesAsked, timesOf } from "../redirect-view.ts";
import { createRouter } from "../router.ts";
import type { Sources } from "../sources.ts";
import type { Render } from "../views.ts";

/** Addresses on one page. */
export const MISSING_PER_PAGE = 50;

const MISSING = "/admin/missing";

/** What readers asked for in vain, and how to lead them on. Stands behind `requireAuthor`. */
export function missingRoutes(ctx: Context, render: Render, { tally }: Pick<Sources, "tally">): Router {
  const router = createRouter();

  router.get(MISSING, async (req, res) => {
    await tally.flush();
    const found = listMissingPaths(ctx.db, { after: parsePlace(req), limit: MISSING_PER_PAGE + 1 });
    const shown = found.slice(0, MISSING_PER_PAGE);
    const html = render("admin/missing.njk", {
      ...operationsPage(ctx, res, { page: "missing", title: said`Not found` }),
      rows: shown.map(missingViewer(ctx)),
      scans: listScans(ctx.db).map((scan) => ({
        // Stored by their English.
        group: new Message(scan.path),
        hits: timesAsked(scan.hits),
        times: timesOf(ctx, scan),
      })),
      nextPath: found.length > shown.length ? placePath(shown.at(-1)) : "",
      max: MAX_MISSING_PATHS,
    });
    sendAuthorPage(res, { html });
  });

  router.post(`${MISSING}/forget`, async (req, res) => {
    const form = await readForm(req);
    await tally.flush(); // What waits would bring it back.
    await ctx.db.write(() => {
      if (form.has("all")) forgetAllMissing(ctx.db);
      else forgetMissing(ctx.db, form.text("path"));
    });
    res.redirect(303, withNotice(MISSING, "missing-forgotten"));
  });

  return router;
}

function parsePlace(req: Request): MissingPlace | undefined {
  const hits = queryText(req, "hits");
  if (hits === undefined) return undefined;
  const lastSeenAt = (queryText(req, "seen") ?? "") as Timestamp;
  if (/^[1-9]\d{0,14}$/u.test(hits)) return { hits: Number(hits), lastSeenAt, path: queryText(req, "path") ?? "" };
  throw invalid("hits", said`“hits” is no place in this list. Begin again at its top.`);
}

function placePath(last: MissingPath | undefined): string {
  if (last === undefined) return "";
  return `${MISSING}?${new URLSearchParams({ hits: String(last.hits), seen: last.lastSeenAt, path: last.path })}`;
}
