import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError, invalid, notFound } from "../../lib/errors.ts";
import { said } from "../../lib/words.ts";
import { countUndescribed, deleteMedia, describeMedia } from "../../notes/library.ts";
import type { LibraryFile } from "../../notes/library-store.ts";
import { findLibraryFile, listLibrary, listUndescribedNotes } from "../../notes/library-store.ts";
import { replaceMedia } from "../../notes/replace-media.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import { readForm, takesFiles } from "../form.ts";
import { toStatus } from "../http-error.ts";
import { queryText } from "../input.ts";
import { LIBRARY_PATH, libraryFilters, libraryViews, noteLinkView, parseLibraryFilter } from "../library-view.ts";
import type { UploadedFile } from "../multipart.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import { saveUpload, saveUploads } from "../save-upload.ts";
import type { Render } from "../views.ts";
import { adminOrigin } from "./admin-notes.ts";

/** Files on one page of the library. */
export const FILES_PER_PAGE = 48;
/** Notes on one page of those whose images nobody has described. */
export const AUDITED_PER_PAGE = 50;

/** The author's media library: what there is, where it is used, what it shows. Stands behind `requireAuthor`. */
export function libraryRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(LIBRARY_PATH, (req, res) => sendLibrary(ctx, render, { req, res }));
  router.get(`${LIBRARY_PATH}/undescribed`, (req, res) => sendAudit(ctx, render, { req, res }));

  router.post(LIBRARY_PATH, takesFiles(ctx), async (req, res) => {
    try {
      await saveFiles(ctx, (await readForm(req)).files("image"));
      res.redirect(303, withNotice(LIBRARY_PATH, "uploaded"));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      sendLibrary(ctx, render, { req, res, error });
    }
  });

  router.post(`${LIBRARY_PATH}/:name/describe`, async (req, res) => {
    await describeMedia(ctx, req.params.name, (await readForm(req)).text("alt"));
    res.redirect(303, withNotice(LIBRARY_PATH, "described"));
  });

  router.post(`${LIBRARY_PATH}/:name/replace`, async (req, res) => {
    try {
      requireFile(ctx, req.params.name);
      const file = (await readForm(req)).file("image");
      if (file === undefined) throw invalid("image", said`Choose the file that shall stand in its place first.`);
      await replaceMedia(ctx, { name: req.params.name, by: await saveUpload(ctx, file), origin: adminOrigin(req) });
      res.redirect(303, withNotice(LIBRARY_PATH, "media-replaced"));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "not_found") throw error;
      sendLibrary(ctx, render, { req, res, error });
    }
  });

  router.get(`${LIBRARY_PATH}/:name/delete`, (req, res) => {
    const [file] = libraryViews(ctx, [requireFile(ctx, req.params.name)]);
    if (file === undefined) throw notFound("file");
    const html = render("admin/delete-media.njk", {
      ...adminPage(ctx, res, { section: "media", title: said`Delete this file?` }),
      file,
    });
    sendAuthorPage(res, { html });
  });

  router.post(`${LIBRARY_PATH}/:name/delete`, async (req, res) => {
    await deleteMedia(ctx, req.params.name);
    res.redirect(303, withNotice(LIBRARY_PATH, "media-deleted"));
  });

  return router;
}

type Exchange = { readonly req: Request; readonly res: Response; readonly error?: AppError };

/** Those that are taken stay, whatever is refused beside them. */
async function saveFiles(ctx: Context, files: readonly UploadedFile[]): Promise<void> {
  if (files.length === 0) throw invalid("image", said`Choose at least one file first.`);
  const { refusal } = await saveUploads(ctx, files);
  if (refusal !== undefined) throw refusal;
}

function requireFile({ db }: Pick<Context, "db">, name: string): LibraryFile {
  const file = findLibraryFile(db, name);
  if (file === undefined) throw notFound("file");
  return file;
}

function sendLibrary(ctx: Context, render: Render, { req, res, error }: Exchange): void {
  const filter = parseLibraryFilter(queryText(req, "show"));
  const found = listLibrary(ctx.db, { filter, before: readPlace(req), limit: FILES_PER_PAGE + 1 });
  const files = found.slice(0, FILES_PER_PAGE);
  const show = filter === "all" ? "" : `show=${filter}&`;
  const html = render("admin/media.njk", {
    ...adminPage(ctx, res, { section: "media", title: said`Media` }),
    filters: libraryFilters(filter),
    files: libraryViews(ctx, files),
    error: error?.said ?? "",
    nextPath: found.length > FILES_PER_PAGE ? `${LIBRARY_PATH}?${show}before=${files.at(-1)?.id}` : "",
  });
  sendAuthorPage(res, { html, status: error === undefined ? 200 : toStatus(error.code) });
}

function sendAudit(ctx: Context, render: Render, { req, res }: Exchange): void {
  const found = listUndescribedNotes(ctx.db, { before: readPlace(req), limit: AUDITED_PER_PAGE + 1 });
  const notes = found.slice(0, AUDITED_PER_PAGE);
  const html = render("admin/undescribed.njk", {
    ...adminPage(ctx, res, { section: "media", title: said`Notes to describe` }),
    filters: libraryFilters("notes"),
    notes: notes.map((note) => ({ ...noteLinkView(note), count: countUndescribed(note.html) })),
    nextPath: found.length > AUDITED_PER_PAGE ? `${LIBRARY_PATH}/undescribed?before=${notes.at(-1)?.id}` : "",
  });
  sendAuthorPage(res, { html });
}

/** The row id that a page begins below. */
function readPlace(req: Request): number {
  const before = queryText(req, "before");
  if (before === undefined) return Number.MAX_SAFE_INTEGER;
  if (/^\d{1,15}$/u.test(before)) return Number(before);
  throw invalid("before", said`“before” is no place in this list. Begin again at its first page.`);
}
