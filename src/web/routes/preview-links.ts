import type { Request, RequestHandler, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, notFound, throttled } from "../../lib/errors.ts";
import { createUrls, paths } from "../../lib/urls.ts";
import type { Message } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { isReadable } from "../../notes/note.ts";
import { citationsOf } from "../../notes/note-citations.ts";
import type { StoredNote } from "../../notes/note-store.ts";
import type { PreviewLink } from "../../notes/preview-link-store.ts";
import {
  createPreviewLink,
  findPreviewedNote,
  listOpenPreviewLinks,
  PREVIEW_DAYS,
  revokePreviewLinks,
} from "../../notes/preview-links.ts";
import { readSettings } from "../../site/settings-store.ts";
import { adminPage, shownTime, unlistedPage } from "../admin-view.ts";
import { sendAuthorPage, sendPage } from "../answer.ts";
import { readForm } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { noteRowViewer } from "../note-rows.ts";
import { withNotice } from "../notices.ts";
import { imagePolicy, noteLink, noteViewer } from "../present.ts";
import { createNetworkLimit, WRONG_SECRET_RATE } from "../rate-limit.ts";
import { createRouter } from "../router.ts";
import type { Render, Views } from "../views.ts";
import { requireWritten } from "./admin-notes.ts";

const LINKS = "/admin/notes/:id/preview-links";
const NOT_KEPT = { "Cache-Control": "no-store" };

/** What is said above a note that is read by a link. */
const BANNERS: Readonly<Record<"draft" | "scheduled" | "published", Message>> = {
  draft: said`This is a draft.`,
  scheduled: said`This note is scheduled, and not out yet.`,
  published: said`This note is private.`,
};

/** Links by which others read a note that is not out: the author's page for them. Stands behind `requireAuthor`. */
export function previewLinksRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(LINKS, (req, res) => sendLinks(ctx, render, { res, note: requireWritten(ctx, req) }));

  router.post(LINKS, async (req, res) => {
    const note = requireWritten(ctx, req);
    const days = Number((await readForm(req)).text("days"));
    try {
      const { secret } = await createPreviewLink(ctx, note.id, days);
      sendLinks(ctx, render, { res, note, newLink: createUrls(ctx.config.SITE_URL).preview(secret) });
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "not_found") throw error;
      sendLinks(ctx, render, { res, note, error });
    }
  });

  router.post(`${LINKS}/revoke`, async (req, res) => {
    const { id } = requireWritten(ctx, req);
    await revokePreviewLinks(ctx, id);
    res.redirect(303, withNotice(`/admin/notes/${id}/preview-links`, "previews-revoked"));
  });

  return router;
}

/**
 * A note as whoever has a link to it reads it, without a login. Whatever is wrong with the link, the answer is the same
 * 404. Nothing of it is kept anywhere, and no other site learns the address.
 */
export function previewRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const countWrong = createNetworkLimit(ctx, WRONG_SECRET_RATE);

  router.get("/preview/:key", hidden, (req, res) => {
    const found = findPreviewedNote(ctx, req.params.key as string);
    if (found === undefined) throw wrongLink(countWrong(req));
    // Once it is out, its own address is the better one to pass on.
    if (isReadable(found.note)) return res.redirect(303, paths.note(found.note));
    sendPreview(ctx, render, { req, res, ...found });
  });

  return router;
}

const hidden: RequestHandler = (_req, res, next) => {
  res.set({ ...NOT_KEPT, "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer" });
  next();
};

function wrongLink(secondsToWait: number): AppError {
  return secondsToWait > 0 ? throttled("wrong links", secondsToWait) : notFound("preview, or not any more");
}

type Preview = { readonly req: Request; readonly res: Response; readonly note: StoredNote; readonly link: PreviewLink };

function sendPreview(ctx: Context, render: Render, { req, res, note, link }: Preview): void {
  const html = render("notes/preview.njk", {
    ...unlistedPage(ctx, noteLink(note).label),
    note: noteViewer(ctx)({ ...note, citations: citationsOf(ctx.db, [note]) }),
    banner: note.status === "draft" || note.status === "scheduled" ? BANNERS[note.status] : BANNERS.published,
    expiresOn: shownTime(ctx, link.expiresAt, readSettings(ctx.db).language),
  });
  sendPage(req, res, { html, caching: NOT_KEPT, ...imagePolicy(ctx) });
}

type LinksPage = {
  readonly res: Response;
  readonly note: StoredNote;
  readonly newLink?: string;
  readonly error?: AppError;
};

function sendLinks(ctx: Context, render: Render, { res, note, newLink = "", error }: LinksPage): void {
  const html = render("admin/preview-links.njk", {
    ...adminPage(ctx, res, { section: "notes", title: said`Preview links` }),
    note: noteRowViewer(ctx)(note),
    links: listOpenPreviewLinks(ctx, note.id).map((link) => linkView(ctx, link)),
    newLink,
    days: PREVIEW_DAYS.map((days) => ({ value: String(days), label: days === 1 ? "1 day" : `${days} days` })),
    isOut: isReadable(note),
    error: error?.said ?? "",
  });
  sendAuthorPage(res, { html, status: error === undefined ? 200 : toStatus(error.code) });
}

function linkView(ctx: Context, link: PreviewLink): Views["admin/preview-links.njk"]["links"][number] {
  return { made: shownTime(ctx, link.createdAt), expires: shownTime(ctx, link.expiresAt) };
}
