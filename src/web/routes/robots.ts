import type { Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { MAX_LLMS_NOTES, writeLlmsText } from "../../feeds/llms-text.ts";
import { writeRobots, writeTdmReservation } from "../../feeds/robots.ts";
import { said } from "../../lib/words.ts";
import { changeSite } from "../../notes/change-site.ts";
import { listListedNotes } from "../../notes/listed-notes-store.ts";
import { listListedPages } from "../../notes/pages-store.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import type { SettingsProblems } from "../../site/settings-input.ts";
import { checkSettings } from "../../site/settings-input.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage, sendBody } from "../answer.ts";
import { pageHeaders } from "../edge-headers.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { publicAnswer } from "../present.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

const SETTINGS = "/admin/settings/robots";

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

/** The settings of what robots may do, and of what readers are told where nothing is. Stands behind `requireAuthor`. */
export function robotsSettingsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(SETTINGS, (_req, res) => {
    const { robots, llmsTxt, markdownCopies, notFound } = readSettings(ctx.db);
    sendSettings(ctx, render, { res, typed: { robots, llmsTxt, markdownCopies, notFound: notFound.markdown } });
  });

  router.post(SETTINGS, async (req, res) => {
    const typed = typedIn(await readForm(req));
    const { settings, problems } = checkSettings(typed);
    if (Object.keys(problems).length > 0) return sendSettings(ctx, render, { res, typed, problems });
    await changeSite(acting(ctx, req), settings);
    res.redirect(303, withNotice(SETTINGS, "settings"));
  });

  return router;
}

type Typed = {
  readonly robots: string;
  readonly llmsTxt: string;
  readonly markdownCopies: string;
  readonly notFound: string;
};

/** A box that is not ticked is not sent. */
function typedIn(form: Form): Typed {
  const offer = (name: string) => (form.has(name) ? "on" : "off");
  return {
    robots: form.text("robots"),
    llmsTxt: offer("llms_txt"),
    markdownCopies: offer("markdown_copies"),
    notFound: form.text("not_found").replace(/\r\n?/gu, "\n"),
  };
}

type Shown = { readonly res: Response; readonly typed: Typed; readonly problems?: SettingsProblems };

function sendSettings(ctx: Context, render: Render, { res, typed, problems = {} }: Shown): void {
  const isWrong = Object.keys(problems).length > 0;
  const html = render("admin/robots.njk", {
    ...adminPage(ctx, res, { section: "settings", title: said`Robots and missing pages` }),
    robots: { value: typed.robots, error: problems.robots ?? "" },
    offers: { llmsTxt: typed.llmsTxt === "on", markdownCopies: typed.markdownCopies === "on" },
    notFound: { value: typed.notFound, error: problems.notFound ?? "" },
    error: isWrong ? said`Nothing was saved yet. See the fields that are marked.` : "",
  });
  sendAuthorPage(res, { html, status: isWrong ? 422 : 200 });
}
