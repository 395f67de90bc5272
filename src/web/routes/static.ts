import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { sendBody } from "../answer.ts";
import type { Asset } from "../assets.ts";
import { listAssets } from "../assets.ts";
import type { Coding } from "../coding.ts";
import { compress } from "../compress.ts";
import { IMMUTABLE, pageHeaders } from "../edge-headers.ts";
import { siteView } from "../present.ts";
import { createRouter } from "../router.ts";

/** Brotli level for what is made once and sent for ever. */
const BEST_BROTLI_LEVEL = 11;

/** How long a browser may remember where the icon is, in seconds. */
const ICON_SECONDS = 3_600;

/** What the site brings along, under names that change with the bytes, so that browsers keep it for good. */
export function staticRoutes(ctx: Context): Router {
  const router = createRouter();
  const assets = new Map(listAssets().map((asset) => [asset.path, { ...asset, coded: codeOnce(asset) }]));

  router.get("/static/:name", (req, res) => {
    const asset = assets.get(req.path);
    if (!asset) throw notFound("file");
    const { bytes: body, mediaType, coded } = asset;
    sendBody(req, res, { body, mediaType, coded, caching: IMMUTABLE });
  });

  // Asked for by readers of feeds and old browsers, which do not look into pages.
  router.get("/favicon.ico", (_req, res) => {
    const caching = { ...pageHeaders(ctx.config, []), "Cache-Control": `public, max-age=${ICON_SECONDS}` };
    res.set(caching).redirect(302, siteView(ctx).touchIconPath);
  });

  return router;
}

/** Codes an asset on first demand, and keeps the result. */
function codeOnce({ bytes }: Asset): (coding: Coding) => Promise<Buffer> {
  const made = new Map<Coding, Promise<Buffer>>();
  return (coding) => {
    const coded = made.get(coding) ?? compress(bytes, coding, BEST_BROTLI_LEVEL);
    made.set(coding, coded);
    return coded;
  };
}
