import type { Request, Response } from "express";
import { isDefaultSiteUrl } from "../config/config.ts";
import type { Context } from "../context/context.ts";
import type { Timestamp } from "../lib/clock.ts";
import { formatDate, offsetMinutes } from "../lib/time-zone.ts";
import type { Words } from "../lib/words.ts";
import { said } from "../lib/words.ts";
import { adminLanguage } from "../site/language.ts";
import { readSettings } from "../site/settings-store.ts";
import { assetPath, modulePaths } from "./assets.ts";
import { visitorToken } from "./form-token.ts";
import { queryText } from "./input.ts";
import { newLoginView } from "./new-login.ts";
import { noticeText } from "./notices.ts";
import { pageView, siteView } from "./present.ts";
import { currentSession } from "./session-cookie.ts";
import type { AdminPage, AdminView, OperationsPage, OperationsView } from "./views.ts";

const PALETTE_SCRIPTS = modulePaths("palette.js");

/** Which page it is, and what it says that `?done=` does not. */
export type AdminPageOptions = {
  readonly section: AdminView["section"];
  readonly notice?: Words;
  /** Where a form undoes what the notice says. */
  readonly undoPath?: string;
};

/** What every author page knows, behind `requireAuthor`. The notice is that of `?done=` unless one is given. */
export function adminView(
  ctx: Pick<Context, "config" | "db" | "clock">,
  res: Response,
  options: AdminPageOptions,
): AdminView {
  const notice = options.notice ?? noticeText(queryText(res.req, "done"));
  const { section, undoPath = "" } = options;
  const newLogin = newLoginView(ctx, res);
  return { ...frame(ctx), newLogin, csrfToken: currentSession(res).csrfToken, section, notice, undoPath };
}

/** The same for the pages before a login: their token is bound to the browser. */
export function visitorView(ctx: Pick<Context, "config" | "db">, req: Request, res: Response): AdminView {
  return { ...frame(ctx), csrfToken: visitorToken(ctx, req, res), section: "none", notice: "", undoPath: "" };
}

/** The same for a page that has no form and knows nobody. */
export function strangerView(ctx: Pick<Context, "config" | "db">): AdminView {
  return { ...frame(ctx), csrfToken: "", section: "none", notice: "", undoPath: "" };
}

/** All that an author page's layout needs. */
export function adminPage(
  ctx: Pick<Context, "db" | "config" | "clock">,
  res: Response,
  options: AdminPageOptions & { readonly title: Words },
): AdminPage {
  return { ...unlistedPage(ctx, options.title), admin: adminView(ctx, res, options) };
}

/** The same for a page of who runs the site. */
export function operationsPage(
  ctx: Pick<Context, "db" | "config" | "clock">,
  res: Response,
  options: { readonly page: OperationsPage; readonly title: Words },
): OperationsView {
  return { ...adminPage(ctx, res, { section: "operations", title: options.title }), operationsPage: options.page };
}

/** Site and page of what no robot shall keep. */
export function unlistedPage(ctx: Pick<Context, "db" | "config">, title: Words): Omit<AdminPage, "admin"> {
  const site = siteView(ctx);
  const page = pageView(site, {
    canonicalPath: "/",
    title,
    robots: "noindex",
    canonicalUrl: "",
    imageUrl: "",
    feeds: [],
  });
  return { site, page };
}

/** A moment for the author: date and time in the author's zone, in the language of the author's pages unless another is given. */
export function shownTime(ctx: Pick<Context, "db">, moment: Timestamp, language?: string): string {
  const settings = readSettings(ctx.db);
  const style = { offsetMinutes: offsetMinutes(moment, settings.timeZone), show: "date-time" } as const;
  return formatDate(moment, { ...style, language: language ?? adminLanguage(settings) });
}

function frame(ctx: Pick<Context, "config" | "db">): Omit<AdminView, "csrfToken" | "section" | "notice" | "undoPath"> {
  const { SITE_URL } = ctx.config;
  return {
    language: adminLanguage(readSettings(ctx.db)),
    newLogin: null,
    siteUrlWarning: isDefaultSiteUrl(ctx.config)
      ? said`This site calls itself ${SITE_URL}, which only this machine can reach. Set SITE_URL to its public address.`
      : "",
    scriptPath: assetPath("app.js"),
    htmxPath: assetPath("htmx.min.js"),
    palettePaths: PALETTE_SCRIPTS,
    basePath: assetPath("site.css"),
    stylesheetPath: assetPath("admin.css"),
  };
}
