import type { Request, Router } from "express";
import { recordAlone } from "../../audit/record.ts";
import { requireScope } from "../../auth/scope.ts";
import type { Context } from "../../context/context.ts";
import { AppError, invalid } from "../../lib/errors.ts";
import { createUrls, paths } from "../../lib/urls.ts";
import { ownMediaName } from "../../notes/choose-image.ts";
import { deleteMedia, describeMedia } from "../../notes/library.ts";
import type { LibraryFile } from "../../notes/library-store.ts";
import { findLibraryFile, listLibrary } from "../../notes/library-store.ts";
import { doerOf } from "../acting.ts";
import { sendAppJson } from "../app-json.ts";
import type { Form } from "../form.ts";
import { queryText } from "../input.ts";
import type { MicropubDoor } from "../micropub-door.ts";
import { answerMicropubError } from "../micropub-error.ts";
import { createRouter } from "../router.ts";
import { saveUpload } from "../save-upload.ts";

/** Files that `q=source` tells of: unless said, and at most. */
export const MEDIA_PER_PAGE = 20;
export const MAX_MEDIA_PER_PAGE = 100;

/**
 * The media endpoint of Micropub: one file in the part `file`, with `alt` if wanted; what was uploaded last; deletion.
 * Files go the one way that all take, so limits, types and cleaning are those of the author's own uploads.
 * @see https://www.w3.org/TR/micropub/#media-endpoint
 * @see https://indieweb.org/Micropub-extensions#Query_for_Media
 */
export function mediaEndpointRoutes(ctx: Context, door: MicropubDoor): Router {
  const router = createRouter();
  const urls = createUrls(ctx.config.SITE_URL);

  router.get(paths.mediaEndpoint(), async (req, res) => {
    requireScope(await door.require(req), "media", "create", "update");
    sendAppJson(res, answerMediaQuery(ctx, req));
  });

  router.post(paths.mediaEndpoint(), async (req, res) => {
    const { form, grant } = await door.readForm(req);
    if (form.has("action")) {
      requireScope(grant, "delete");
      const removed = await removeFile(ctx, form);
      await recordAlone({ ...ctx, doer: doerOf(ctx, req, grant.clientId) }, { kind: "media.delete", detail: removed });
      res.set("Cache-Control", "no-store").status(204).end();
      return;
    }
    // §3.6.2: it takes the tokens that the Micropub endpoint takes for a post with a file in it.
    requireScope(grant, "media", "create", "draft");
    const name = await takeFile(ctx, form);
    await recordAlone({ ...ctx, doer: doerOf(ctx, req, grant.clientId) }, { kind: "media.upload", detail: name });
    res
      .set({ "Cache-Control": "no-store", Location: urls.media(name) })
      .status(201)
      .end();
  });

  router.use(paths.mediaEndpoint(), answerMicropubError);
  return router;
}

async function takeFile(ctx: Context, form: Form): Promise<string> {
  const [file, second] = form.files("file");
  if (file === undefined) throw invalid("file", "The part “file” is missing: it holds the one file to upload.");
  if (second !== undefined) throw invalid("file", "There is more than one part “file”. Upload one file at a time.");
  const { name } = await saveUpload(ctx, file);
  const alt = form.text("alt");
  // What the author said of the same file before is hers: an app adds to it and does not write over it.
  if (alt !== "" && findLibraryFile(ctx.db, name)?.alt === "") await describeMedia(ctx, name, alt);
  return name;
}

async function removeFile(ctx: Context, form: Form): Promise<string> {
  if (form.text("action") !== "delete") throw invalid("action", "“action” is delete, with the “url” of the file.");
  const { name } = requireFile(ctx, form.text("url"));
  await deleteMedia(ctx, name);
  return name;
}

function answerMediaQuery(ctx: Context, req: Request): object {
  const q = queryText(req, "q");
  if (q === "last") {
    const [last] = listLibrary(ctx.db, { filter: "all", before: Number.MAX_SAFE_INTEGER, limit: 1 });
    return last === undefined ? {} : toItem(ctx, last);
  }
  if (q !== "source") throw invalid("q", "“q” is source or last.");
  const url = queryText(req, "url");
  if (url !== undefined) return toItem(ctx, requireFile(ctx, url));
  const limit = readLimit(queryText(req, "limit"));
  const items = listLibrary(ctx.db, { filter: "all", before: Number.MAX_SAFE_INTEGER, limit });
  return { items: items.map((file) => toItem(ctx, file)) };
}

function requireFile(ctx: Context, url: string): LibraryFile {
  const name = ownMediaName(url, ctx.config.SITE_URL);
  const file = name === undefined ? undefined : findLibraryFile(ctx.db, name);
  if (file === undefined) throw new AppError("not_found", "There is no file of this site at that address.");
  return file;
}

function toItem(ctx: Context, file: LibraryFile): object {
  const { name, mediaType, createdAt, alt } = file;
  const words = alt === "" ? {} : { alt };
  return { url: createUrls(ctx.config.SITE_URL).media(name), published: createdAt, mime_type: mediaType, ...words };
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return MEDIA_PER_PAGE;
  if (/^\d{1,9}$/u.test(text) && Number(text) >= 1 && Number(text) <= MAX_MEDIA_PER_PAGE) return Number(text);
  throw invalid("limit", `“limit” is a number from 1 to ${MAX_MEDIA_PER_PAGE}.`);
}
