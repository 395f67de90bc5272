import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { paths } from "../../lib/urls.ts";
import { said } from "../../lib/words.ts";
import { changeSite } from "../../notes/change-site.ts";
import { listListedNotes } from "../../notes/listed-notes-store.ts";
import { MAX_FONTS } from "../../site/look.ts";
import { readSettings } from "../../site/settings-store.ts";
import type { Look } from "../../theme/look-css.ts";
import { acting } from "../acting.ts";
import { adminPage, adminView } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { ShownLook } from "../appearance-view.ts";
import { appearanceView } from "../appearance-view.ts";
import { assetPath } from "../assets.ts";
import { capturePage } from "../capture-page.ts";
import { createNoteViews } from "../cards.ts";
import { readForm, takesFiles } from "../form.ts";
import { queryText } from "../input.ts";
import { formatLook, lookOf, parseLook, readLookForm } from "../look-form.ts";
import { lookView } from "../look-view.ts";
import { notePages } from "../note-pages.ts";
import { withNotice } from "../notices.ts";
import { imagePolicy } from "../present.ts";
import { createRouter } from "../router.ts";
import { styleSheet } from "../style-sheet.ts";
import type { PublicPage, Render, Views } from "../views.ts";
import { archiveRoutes } from "./archive.ts";
import { readerRoutes } from "./reader-pages.ts";

const APPEARANCE = "/admin/appearance";

/** Notes among which the preview looks for one with a title and one with a photo. */
const PREVIEWED_NOTES = 50;

/** How the site looks: the choices, and real pages with choices that nobody else sees yet. Stands behind `requireAuthor`. */
export function appearanceRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const storedLook = () => lookOf(readSettings(ctx.db));
  const lookIn = (req: Request) => parseLook(queryText(req, "look"), storedLook());

  router.get(APPEARANCE, (req, res) => sendChoices(ctx, render, { res, look: lookIn(req), typed: {}, problems: {} }));

  router.post(APPEARANCE, takesFiles(ctx, { max: MAX_FONTS + 1 }), async (req, res) => {
    const form = await readForm(req);
    const { look, typed, problems } = await readLookForm(ctx, form, storedLook());
    if (Object.keys(problems).length > 0) return sendChoices(ctx, render, { res, look, typed, problems });
    if (form.text("action") === "preview")
      return res.redirect(303, `${APPEARANCE}/preview/home?look=${formatLook(look)}`);
    await changeSite(acting(ctx, req), look);
    res.redirect(303, withNotice(APPEARANCE, "appearance"));
  });

  router.get(`${APPEARANCE}/theme.css`, (req, res) => {
    res.set({ "Content-Type": "text/css; charset=utf-8" }).send(styleSheet(lookIn(req)).text);
  });

  router.get(`${APPEARANCE}/preview/:page`, async (req, res) => {
    const look = lookIn(req);
    const pages = listPreviews(ctx, formatLook(look), req.params.page);
    const page = pages.find(({ isCurrent }) => isCurrent);
    if (page === undefined) throw notFound("page to look at");
    const html = await capturePage(req, res, {
      path: page.shows,
      render: (template, view) => render(template, withLook(ctx, view, look)),
      routes: (capturing) => [
        readerRoutes(notePages(ctx, capturing, createNoteViews(ctx))),
        archiveRoutes(ctx, capturing),
      ],
    });
    if (html === undefined) throw notFound("page to look at");
    sendAuthorPage(res, {
      html: withBar(html, render("fragments/look-bar.njk", bar(ctx, res, { look, pages }))),
      ...imagePolicy(ctx),
    });
  });

  return router;
}

type Shown = Omit<ShownLook, "stored"> & { readonly res: Response };

function sendChoices(ctx: Context, render: Render, { res, ...shown }: Shown): void {
  const appearance = appearanceView(ctx.db, { ...shown, stored: readSettings(ctx.db) });
  const html = render("admin/appearance.njk", {
    ...adminPage(ctx, res, { section: "appearance", title: said`Appearance` }),
    appearancePage: "look",
    appearance,
  });
  sendAuthorPage(res, { html, status: appearance.error === "" ? 200 : 422 });
}

type PreviewPage = Views["fragments/look-bar.njk"]["bar"]["pages"][number] & { readonly shows: string };

/** The pages that can be looked at, as far as there are such notes. */
function listPreviews(ctx: Context, look: string, current: string): PreviewPage[] {
  const { notes } = listListedNotes(ctx.db, { before: undefined, after: undefined, limit: PREVIEWED_NOTES });
  const titled = notes.find(({ title }) => title !== undefined) ?? notes[0];
  const photo = notes.find(({ contentHtml }) => contentHtml.includes("<img"));
  const pages = [
    { name: "home", label: said`Home`, shows: paths.home() },
    ...(titled === undefined ? [] : [{ name: "note", label: said`A note`, shows: paths.note(titled) }]),
    ...(photo === undefined ? [] : [{ name: "photo", label: said`A photo`, shows: paths.note(photo) }]),
    { name: "archive", label: said`Archive`, shows: paths.archive() },
  ];
  return pages.map(({ name, label, shows }) => ({
    label,
    shows,
    path: `${APPEARANCE}/preview/${name}?look=${look}`,
    isCurrent: name === current,
  }));
}

/** The view of a public page with the choices in place of the stored ones. */
function withLook<View>(ctx: Context, view: View, look: Look): View {
  const { site, page } = view as PublicPage;
  const stylesheetPath = `${APPEARANCE}/theme.css?look=${formatLook(look)}`;
  return {
    ...view,
    site: { ...site, ...lookView(ctx.db, look), stylesheetPath },
    page: { ...page, robots: "noindex" },
  };
}

function bar(
  ctx: Context,
  res: Response,
  { look, pages }: { readonly look: Look; readonly pages: readonly PreviewPage[] },
): Views["fragments/look-bar.njk"] {
  const text = formatLook(look);
  const admin = adminView(ctx, res, { section: "none" });
  return {
    language: admin.language,
    bar: {
      pages: pages.map(({ label, path, isCurrent }) => ({ label, path, isCurrent })),
      look: text,
      backPath: `${APPEARANCE}?look=${text}`,
      csrfToken: admin.csrfToken,
      stylesheetPath: assetPath("look-bar.css"),
    },
  };
}

/** Puts the bar first in the page, whichever templates made it. */
function withBar(html: string, barHtml: string): string {
  const body = /<body[^>]*>/u.exec(html);
  if (body === null) return barHtml + html;
  const end = body.index + body[0].length;
  return html.slice(0, end) + barHtml + html.slice(end);
}
