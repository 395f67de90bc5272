import type { Request } from "express";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";

/** What a browser says of where a request comes from. */
export type Provenance = "ours" | "unsaid" | "foreign";

/**
 * Where a request comes from, by `Sec-Fetch-Site` and `Origin`, which no page can forge: each must be ours where it is
 * sent. `unsaid` is a program, or a browser from before 2020.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function provenance(ctx: Pick<Context, "config">, req: Request): Provenance {
  const site = req.get("Sec-Fetch-Site");
  const origin = req.get("Origin");
  if (site !== undefined && site !== "same-origin" && site !== "none") return "foreign";
  if (origin !== undefined && !isOwnOrigin(ctx, req, origin)) return "foreign";
  return site === undefined && origin === undefined ? "unsaid" : "ours";
}

/** Throws `forbidden` for a request that another site made a browser send. */
export function requireSameOrigin(ctx: Pick<Context, "config">, req: Request): void {
  if (provenance(ctx, req) !== "foreign") return;
  throw new AppError(
    "forbidden",
    said`This was not sent from this site's own pages. Open ${ctx.config.SITE_URL} and send it from there.`,
  );
}

/**
 * Over plain http the site may be visited by several names (localhost, 127.0.0.1, a name in the home network), so the
 * name that the browser asked for counts too. A foreign page cannot make it ask its own name's cookies for ours.
 */
function isOwnOrigin(ctx: Pick<Context, "config">, req: Request, origin: string): boolean {
  const { SITE_URL } = ctx.config;
  if (origin === SITE_URL) return true;
  return SITE_URL.startsWith("http:") && req.headers.host !== undefined && origin === `http://${req.headers.host}`;
}
