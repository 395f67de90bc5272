import type { Request, Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { changeKeys } from "../../notes/public-changes-store.ts";
import { readSettings } from "../../site/settings-store.ts";
import type { OwnTheme } from "../../theme/own-theme.ts";
import { THEME_ASSETS_PATH } from "../../theme/theme-assets.ts";
import { sendBody } from "../answer.ts";
import type { Asset } from "../assets.ts";
import { assetAt } from "../assets.ts";
import type { Coding } from "../coding.ts";
import { compress } from "../compress.ts";
import { IMMUTABLE, pageHeaders } from "../edge-headers.ts";
import { siteView } from "../present.ts";
import { createRouter } from "../router.ts";
import type { StyleSheet } from "../style-sheet.ts";
import { styleSheet } from "../style-sheet.ts";

/** Brotli level for what is made once and sent for ever. */
const BEST_BROTLI_LEVEL = 11;

/** How long a browser may remember where the icon is, in seconds. */
const ICON_SECONDS = 3_600;

/** The style sheets of sites. */
const SHEET_PATH = /^\/static\/theme\.[\w-]{12}\.css$/;

/** What the site brings along, under names that change with the bytes, so that browsers keep it for good. */
export function staticRoutes(ctx: Context, theme: OwnTheme): Router {
  const router = createRouter();
  const codings = new Map<string, ReturnType<typeof codeOnce>>();
  const sheets = createSheets();

  router.get("/static/:name", (req, res) => {
    const asset = assetAt(req.path);
    if (!asset && SHEET_PATH.test(req.path)) return sendSheet(ctx, { req, res, sheets });
    if (!asset) throw notFound("file");
    const { bytes: body, mediaType } = asset;
    const coded = codings.get(asset.name) ?? codeOnce(asset);
    codings.set(asset.name, coded);
    sendBody(req, res, { body, mediaType, coded, caching: IMMUTABLE });
  });

  // What the author has put into DATA_DIR/theme/static; an older address leads to the present file.
  router.get(`${THEME_ASSETS_PATH}:name`, (req, res) => {
    const asset = theme.findAsset(req.path);
    if (asset === undefined) throw notFound("file");
    const caching = asset.path === req.path ? IMMUTABLE : pageHeaders(ctx.config, [changeKeys.site]);
    res.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    sendBody(req, res, { body: asset.bytes, mediaType: asset.mediaType, caching });
  });

  // Asked for by readers of feeds and old browsers, which do not look into pages.
  router.get("/favicon.ico", (_req, res) => {
    const caching = { ...pageHeaders(ctx.config, []), "Cache-Control": `public, max-age=${ICON_SECONDS}` };
    res.set(caching).redirect(302, siteView(ctx).touchIconPath);
  });

  return router;
}

type SheetRequest = { readonly req: Request; readonly res: Response; readonly sheets: ReturnType<typeof createSheets> };

/** A page that somebody has kept asks for the sheet of earlier choices: it gets the present one, and asks again next time. */
function sendSheet(ctx: Context, { req, res, sheets }: SheetRequest): void {
  const sheet = sheets(styleSheet(readSettings(ctx.db)));
  const caching = sheet.path === req.path ? IMMUTABLE : pageHeaders(ctx.config, [changeKeys.site]);
  sendBody(req, res, { body: sheet.bytes, mediaType: "text/css; charset=utf-8", coded: sheet.coded, caching });
}

/** Remembers the codings of the sheet that was asked for last: a site has one. */
function createSheets() {
  let last = { path: "", bytes: Buffer.alloc(0), coded: codeOnce({ bytes: Buffer.alloc(0) }) };
  return ({ path, text }: StyleSheet) => {
    if (path !== last.path) {
      const bytes = Buffer.from(text);
      last = { path, bytes, coded: codeOnce({ bytes }) };
    }
    return last;
  };
}

/** Codes an asset on first demand, and keeps the result. */
function codeOnce({ bytes }: Pick<Asset, "bytes">): (coding: Coding) => Promise<Buffer> {
  const made = new Map<Coding, Promise<Buffer>>();
  return (coding) => {
    const coded = made.get(coding) ?? compress(bytes, coding, BEST_BROTLI_LEVEL);
    made.set(coding, coded);
    return coded;
  };
}
