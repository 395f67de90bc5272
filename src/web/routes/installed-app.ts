import { createHash } from "node:crypto";
import type { Router } from "express";
import type { Context } from "../../context/context.ts";
import { notFound } from "../../lib/errors.ts";
import { inWordsOf } from "../../lib/view-words.ts";
import { said } from "../../lib/words.ts";
import { drawAppIcon } from "../../media/app-icon.ts";
import { readSettings } from "../../site/settings-store.ts";
import { strangerView, unlistedPage } from "../admin-view.ts";
import { sendAuthorPage, sendBody } from "../answer.ts";
import { findAsset, listAssets } from "../assets.ts";
import { createRouter } from "../router.ts";
import { authorPolicy } from "../security-headers.ts";
import type { Render } from "../views.ts";
import type { NamedIcon } from "../web-manifest.ts";
import { APP_ICONS, manifestOf } from "../web-manifest.ts";
import { shareScripts } from "./share.ts";

/** The page that the worker keeps for when the site cannot be reached. */
export const OFFLINE_PATH = "/admin/offline";

/**
 * What makes the author's pages an app on a phone: its manifest, its icons, its worker, and the page that the worker shows
 * without a network. There is nothing private in any of them, so they need no login.
 */
export function installedAppRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();
  const drawIcon = createIcons(ctx);

  router.get("/manifest.webmanifest", (req, res) => {
    const settings = readSettings(ctx.db);
    const body = inWordsOf(settings, () => JSON.stringify(manifestOf(settings)));
    sendBody(req, res, { body, mediaType: "application/manifest+json" });
  });

  router.get("/icons/:name", async (req, res) => {
    const icon = APP_ICONS[req.params.name];
    if (icon === undefined) throw notFound("icon");
    sendBody(req, res, { body: await drawIcon(icon), mediaType: "image/png" });
  });

  router.get("/worker.js", (req, res) => {
    const { bytes, mediaType } = findAsset("worker.js");
    // What it keeps is renewed with it: a new style sheet is a new worker.
    const body = Buffer.concat([Buffer.from(`// ${shellVersion()}\n`), bytes]);
    res.set("Content-Security-Policy", authorPolicy());
    sendBody(req, res, { body, mediaType });
  });

  router.get(OFFLINE_PATH, (_req, res) => {
    const page = unlistedPage(ctx, said`No connection`);
    const html = render("admin/share.njk", { ...page, admin: strangerView(ctx), ...shareScripts(), isOffline: true });
    sendAuthorPage(res, { html });
  });

  return router;
}

/** Changes with every file that the site brings along. */
function shellVersion(): string {
  const paths = listAssets().map(({ path }) => path);
  return createHash("sha256").update(paths.sort().join()).digest("base64url").slice(0, 12);
}

/** Draws each icon once, as long as the author's stays the same. Where that is lost, our own stands for it. */
function createIcons(ctx: Context): (icon: NamedIcon) => Promise<Buffer> {
  const drawn = new Map<NamedIcon, { of: string; png: Promise<Buffer> }>();
  return (icon) => {
    const { siteIcon } = readSettings(ctx.db);
    const known = drawn.get(icon);
    if (known?.of === siteIcon) return known.png;
    const own = findAsset(icon.asset).bytes;
    const png = siteIcon === "" ? Promise.resolve(own) : drawAppIcon(ctx, siteIcon, icon).catch(() => own);
    drawn.set(icon, { of: siteIcon, png });
    return png;
  };
}
