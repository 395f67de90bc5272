import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { said } from "../../lib/words.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { assetPath, modulePaths } from "../assets.ts";
import { createRouter } from "../router.ts";
import type { Render } from "../views.ts";

/** Characters of a selection that the bookmarklet takes along: an address has no room for more. */
const MAX_SELECTION_LENGTH = 1_500;

/** What the author writes with besides the editor: the bookmarklet, the site as an app. Stands behind `requireAuthor`. */
export function toolsRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get("/admin/tools", (_req, res) => {
    const page = adminPage(ctx, res, { section: "tools", title: said`Tools` });
    const html = render("admin/tools.njk", {
      ...page,
      bookmarklet: bookmarklet(ctx.config.SITE_URL),
      siteTitle: page.site.title,
      ...deskScripts(),
    });
    sendAuthorPage(res, { html });
  });

  return router;
}

/** The scripts of pages that keep the worker and deliver what was shared. */
export function deskScripts(): { deskPath: string; deskModulePaths: string[] } {
  return { deskPath: assetPath("desk.js"), deskModulePaths: modulePaths("desk.js").slice(1) };
}

/** A link that opens the editor with the page that it is clicked on: it reads address, title and selection, and no more. */
export function bookmarklet(siteUrl: string): string {
  const selection = `String(getSelection()).trim().slice(0,${MAX_SELECTION_LENGTH})`;
  const quoted = `(${selection}).replace(/^(?=.)/gm,"> ")`;
  const query = `new URLSearchParams({url:location.href,title:document.title,text:${quoted}})`;
  return `javascript:void open(${JSON.stringify(`${siteUrl}/admin/notes/new?`)}+${query})`;
}
