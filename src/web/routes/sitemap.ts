import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import type { SitemapSource } from "../../feeds/sitemap.ts";
import { hasSitemapPart, MAX_SITEMAP_URLS, writeSitemap, writeSitemapPart } from "../../feeds/sitemap.ts";
import { notFound } from "../../lib/errors.ts";
import { VERSION } from "../../lib/version.ts";
import { changeKeys, newestChange } from "../../notes/public-changes-store.ts";
import { answerConditions, weakTag } from "../answer.ts";
import { pageHeaders } from "../edge-headers.ts";
import { createRouter } from "../router.ts";
import { sendStream } from "../stream.ts";

type Sitemap = { req: Request; res: Response; write: (source: SitemapSource) => Generator<string> };

/** What search engines ask for: the sitemap, and its parts on a site too large for one. */
export function sitemapRoutes(ctx: Context): Router {
  const router = createRouter();

  router.get("/sitemap.xml", (req, res) => sendSitemap(ctx, { req, res, write: writeSitemap }));

  router.get("/sitemap-:part.xml", (req, res) => {
    const { part } = req.params;
    if (!hasSitemapPart(ctx.db, part)) throw notFound("sitemap");
    return sendSitemap(ctx, { req, res, write: (source) => writeSitemapPart(source, part) });
  });

  return router;
}

async function sendSitemap(ctx: Context, { req, res, write }: Sitemap): Promise<void> {
  const keys = [changeKeys.list, changeKeys.pages, changeKeys.site];
  const change = newestChange(ctx.db, keys);
  const { changedAt } = change;
  const siteUrl = ctx.config.SITE_URL;
  const etag = weakTag(Buffer.from(JSON.stringify([req.path, siteUrl, VERSION, change])));

  res.set(pageHeaders(ctx.config, keys));
  res.vary("Accept-Encoding");
  if (answerConditions(req, res, { etag, lastModified: changedAt })) return;

  const chunks = write({ db: ctx.db, siteUrl, changedAt, urlsMax: MAX_SITEMAP_URLS });
  await sendStream(req, res, { chunks, mediaType: "application/xml; charset=utf-8" });
}
