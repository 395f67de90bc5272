import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { MAX_LLMS_NOTES, writeLlmsText } from "../../feeds/llms-text.ts";
import { writeRobots, writeTdmReservation } from "../../feeds/robots.ts";
import { listListedNotes } from "../../notes/listed-notes-store.ts";
import { listListedPages } from "../../notes/pages-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import { sendBody } from "../answer.ts";
import { pageHeaders } from "../edge-headers.ts";
import { publicAnswer } from "../present.ts";
import { createRouter } from "../router.ts";

/** What robots and other programs are told: robots.txt, the reservation of text and data mining, llms.txt. */
export function robotsRoutes(ctx: Context): Router {
  const router = createRouter();

  router.get("/robots.txt", (req, res) => {
    const caching = pageHeaders(ctx.config, [changeKeys.site]);
    const body = writeRobots(ctx.config.SITE_URL, readSettings(ctx.db).robots);
    sendBody(req, res, { body, mediaType: "text/plain; charset=utf-8", caching });
  });

  router.get("/.well-known/tdmrep.json", (req, res, next) => {
    if (readSettings(ctx.db).robots === "allow") return next();
    const caching = pageHeaders(ctx.config, [changeKeys.site]);
    sendBody(req, res, { body: writeTdmReservation(), mediaType: "application/json", caching });
  });

  router.get("/llms.txt", (req, res, next) => {
    const { llmsTxt, markdownCopies, siteTitle, siteDescription } = readSettings(ctx.db);
    if (llmsTxt === "off") return next();
    const body = writeLlmsText({
      siteUrl: ctx.config.SITE_URL,
      title: siteTitle,
      description: siteDescription,
      pages: listListedPages(ctx.db, MAX_LLMS_NOTES),
      notes: listListedNotes(ctx.db, { limit: MAX_LLMS_NOTES }).notes,
      hasCopies: markdownCopies === "on",
    });
    const answer = publicAnswer(ctx, changeKeys.list, changeKeys.pages);
    sendBody(req, res, { body, mediaType: "text/plain; charset=utf-8", ...answer });
  });

  return router;
}
